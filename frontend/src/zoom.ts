// The page of an enlarged picture: the viewer takes the place of the part and its links.

import type { View } from "./view";

const root = document.querySelector<HTMLElement>("[data-viewer]");

/** Mark in the overview what is seen. */
function mark(view: View, root: HTMLElement): void {
  const shown = document.querySelector("[data-shown]");
  const width = Number(root.dataset["width"]) / view.zoom;
  const height = Number(root.dataset["height"]) / view.zoom;
  const box = { x: view.x - width / 2, y: view.y - height / 2, width, height };
  for (const [name, value] of Object.entries(box)) {
    shown?.setAttribute(name, String(Math.round(value)));
  }
}

if (root) {
  const { mount } = await import("./viewer");
  await mount(root); // Where it cannot be shown so, the part and the links stay.
  document.addEventListener("solbook:view", (event) => {
    mark((event as CustomEvent<View>).detail, root);
  });
}
