// One picture enlarged: its stage, its tools, its scale, and the address that says what is seen.

import { element } from "./elements";
import { pictureOf, type Picture } from "./picture";
import { ScaleBar } from "./scale-bar";
import { Stage } from "./stage";
import { makeTools } from "./tools";
import { readView, writeView } from "./view";

// Browsers refuse addresses that change all the time.
const WRITE_AFTER_MS = 250;

export interface Viewer {
  stage: Stage;
  close: () => void;
}

/** Show a picture in `root`, at the view that the address names. */
export async function mount(root: HTMLElement, picture = pictureOf(root)): Promise<Viewer> {
  const figure = root.querySelector<HTMLElement>(".stage") ?? makeFigure(root, picture);
  const stage = await openOn(figure, picture);
  stage.show(readView(new URLSearchParams(location.search), stage.width, stage.height), true);
  const { bar, light } = makeTools(root, [stage], "The picture");
  figure.append(light);
  const links = root.querySelector("nav.tools");
  if (links) links.replaceWith(bar);
  else root.append(bar);

  if (picture.degrees !== undefined) {
    const scale = new ScaleBar((picture.degrees * picture.width) / stage.width);
    figure.append(scale.root);
    stage.onDraw = () => scale.draw(stage.scale);
    scale.draw(stage.scale);
  }
  const stop = keepAddress(stage);
  return {
    stage,
    close: () => {
      stop();
      stage.close();
    },
  };
}

function makeFigure(root: HTMLElement, picture: Picture): HTMLElement {
  const note = element("p", { class: "stage-note", role: "status" }, "Loading the picture");
  const figure = element("div", { class: "plate stage" }, note);
  if (picture.simulated) figure.append(element("span", { class: "simulated" }, "Simulated"));
  root.append(figure);
  return figure;
}

/** Lay a stage over what a figure shows, which stays until the stage shows as much. */
export async function openOn(figure: HTMLElement, picture: Picture): Promise<Stage> {
  const host = element("div", { class: "canvas" });
  figure.prepend(host);
  try {
    const stage = await Stage.open(host, picture);
    figure.querySelector(".stage-note")?.remove();
    void stage.settled().then(() => figure.querySelector(":scope > img")?.remove());
    return stage;
  } catch (error) {
    host.remove();
    throw error;
  }
}

/** Write the view of a stage into the address, a moment after it has changed. */
export function keepAddress(stage: Stage): () => void {
  let waiting: number | undefined;
  const changed = stage.onChange;
  stage.onChange = () => {
    changed();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const address = writeView(location.pathname + location.search, stage.view);
      history.replaceState(history.state, "", address);
      document.dispatchEvent(new CustomEvent("solbook:view", { detail: stage.view }));
    }, WRITE_AFTER_MS);
  };
  return () => clearTimeout(waiting);
}
