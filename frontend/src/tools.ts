// The tools under a stage, or under two that move together: the same marks in the same order as
// the links of the page without scripts, and what only a script can do.

import { element, tool } from "./elements";
import type { Stage } from "./stage";
import { SAME_LIGHT } from "./view";

const LIGHT_STEP = 5;

export interface Tools {
  bar: HTMLElement;
  light: HTMLElement;
}

/** Make the tools of some stages; they act on the first, which the others follow. */
export function makeTools(root: HTMLElement, stages: readonly Stage[], label: string): Tools {
  const [first] = stages;
  if (!first) throw new Error("no stage");
  const status = element("p", { class: "said", role: "status" });
  const light = lightPanel(stages);
  const toggle = tool("Brightness and contrast", "light", () => {
    light.hidden = !light.hidden;
    toggle.setAttribute("aria-expanded", String(!light.hidden));
    if (!light.hidden) light.querySelector("input")?.focus();
  });
  toggle.setAttribute("aria-expanded", "false");
  const full = tool("Full screen", "full", () => void toggleFullScreen(root));
  root.addEventListener("fullscreenchange", () => {
    full.setAttribute("aria-pressed", String(document.fullscreenElement === root));
  });
  const copy = tool("Copy a link to this view", "copy", () => {
    void copyAddress().then((done) => {
      status.textContent = done ? "Link copied." : "The link is in the address bar.";
    });
  });
  const bar = element(
    "div",
    { class: "tools", role: "toolbar", "aria-label": label },
    group(
      tool("Closer", "closer", () => first.zoomBy(2)),
      tool("Farther", "farther", () => first.zoomBy(0.5)),
      tool("Whole picture", "whole", () => first.whole()),
      tool("Turn left", "turn-left", () => first.turn(-1)),
      tool("Turn right", "turn-right", () => first.turn(1)),
    ),
    group(
      tool("Move left", "left", () => first.move(-1, 0)),
      tool("Move up", "up", () => first.move(0, -1)),
      tool("Move down", "down", () => first.move(0, 1)),
      tool("Move right", "right", () => first.move(1, 0)),
    ),
    group(...(document.fullscreenEnabled ? [full] : []), toggle, copy),
    status,
  );
  return { bar, light };
}

function group(...tools: HTMLElement[]): HTMLElement {
  return element("span", { class: "group" }, ...tools);
}

function lightPanel(stages: readonly Stage[]): HTMLElement {
  const [least, most] = stages[0]?.lightRange ?? [SAME_LIGHT, SAME_LIGHT];
  const slider = (name: string): HTMLInputElement =>
    element("input", {
      type: "range",
      name,
      min: String(least),
      max: String(most),
      step: String(LIGHT_STEP),
      value: String(SAME_LIGHT),
    });
  const brightness = slider("brightness");
  const contrast = slider("contrast");
  const apply = (): void => {
    for (const stage of stages) stage.lighten(Number(brightness.value), Number(contrast.value));
  };
  const reset = element("button", { type: "button", class: "btn" }, "As it is");
  reset.addEventListener("click", () => {
    brightness.value = contrast.value = String(SAME_LIGHT);
    apply();
  });
  for (const input of [brightness, contrast]) input.addEventListener("input", apply);
  const panel = element(
    "div",
    { class: "light-panel", role: "group", "aria-label": "Brightness and contrast" },
    element("label", {}, "Brightness", brightness),
    element("label", {}, "Contrast", contrast),
    reset,
  );
  panel.hidden = true;
  const view = stages[0]?.view;
  if (view) {
    brightness.value = String(view.brightness);
    contrast.value = String(view.contrast);
  }
  return panel;
}

async function toggleFullScreen(root: HTMLElement): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await root.requestFullscreen();
}

async function copyAddress(): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(location.href);
    return true;
  } catch {
    return false; // Not every page may write there: it wants a secure connection.
  }
}
