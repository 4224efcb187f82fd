// Two stages that move together: the same share of each picture in the middle of both, at the same
// zoom and turn.

import "img-comparison-slider";
import { element } from "./elements";
import { pictureOf } from "./picture";
import type { Stage } from "./stage";
import { makeTools } from "./tools";
import { readView, type View } from "./view";
import { keepAddress, openOn } from "./viewer";

/** The same part of another picture, by its share of the whole. */
export function onto(view: View, from: Stage, to: Stage): View {
  return {
    ...view,
    x: (view.x / from.width) * to.width,
    y: (view.y / from.height) * to.height,
  };
}

/** Let each of two stages follow the other. */
function follow(left: Stage, right: Stage): void {
  let leading: Stage | undefined;
  const lead = (from: Stage, to: Stage): void => {
    if (leading) return; // What follows does not lead back.
    leading = from;
    to.show(onto(from.view, from, to));
    leading = undefined;
  };
  left.onChange = () => lead(left, right);
  right.onChange = () => lead(right, left);
}

function layOver(pair: HTMLElement, figures: readonly HTMLElement[]): void {
  const slider = element("img-comparison-slider" as "div", {
    class: "over",
    handle: "true",
    role: "group",
    "aria-label": "Before and after: arrow keys move the line between them",
  });
  // A handle of our own: that of the component lets the pictures under it take its drags.
  slider.append(element("span", { slot: "handle", class: "over-handle" }));
  for (const [place, figure] of figures.entries()) {
    figure.setAttribute("slot", place ? "second" : "first");
    slider.append(figure);
  }
  pair.prepend(slider);
  pair.classList.add("overlaid");
}

/** Make viewers of the two pictures of a page. */
export async function compare(root: HTMLElement): Promise<void> {
  const pair = root.querySelector<HTMLElement>(".pair");
  const figures = [...root.querySelectorAll<HTMLElement>(".stage")];
  if (!pair || figures.length !== 2) return;
  if (root.dataset["compare"] === "slider") layOver(pair, figures);
  const [left, right] = (await Promise.all(
    figures.map((figure) => openOn(figure, pictureOf(figure))),
  )) as [Stage, Stage];
  follow(left, right);
  keepAddress(left);
  const query = new URLSearchParams(location.search);
  left.show(readView(query, left.width, left.height), true);
  const { bar, light } = makeTools(root, [left, right], "Both pictures");
  root.querySelector("nav.tools")?.replaceWith(bar);
  root.append(light);
}
