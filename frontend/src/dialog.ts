// The viewer in a dialog, over the page from which it was opened. It has an entry of its own in the
// history with the address of the zoom page, so that Back closes it and a reload keeps what is seen.

import { element, tool } from "./elements";
import { pictureOf } from "./picture";
import { mount, type Viewer } from "./viewer";

/** Open the viewer with the picture of a link. */
export async function openDialog(opener: HTMLElement): Promise<void> {
  const picture = pictureOf(opener);
  const title = element("h2", { id: "viewer-title" }, picture.title);
  const close = tool("Close", "close", () => dialog.close());
  const root = element("div", { class: "enlarged" });
  const credit = element("p", { class: "credit" }, `${picture.when} · Credit: ${picture.credit}`);
  const dialog = element(
    "dialog",
    { class: "viewer", "aria-labelledby": title.id },
    element("header", {}, element("div", {}, title, credit), close),
    root,
  );
  document.body.append(dialog);
  let viewer: Viewer | undefined;

  const onBack = (): void => {
    if (dialog.open) dialog.close();
  };
  addEventListener("popstate", onBack);
  dialog.addEventListener("close", () => {
    removeEventListener("popstate", onBack);
    viewer?.close();
    dialog.remove();
    opener.focus();
    if (isEnlarged()) history.back();
  });

  dialog.showModal();
  try {
    viewer = await mount(root, picture);
    if (dialog.open) viewer.stage.canvas.focus();
    else viewer.close();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    root.replaceChildren(element("p", { class: "stage-note", role: "alert" }, said));
  }
}

/** Whether this entry of the history is that of an open dialog. */
export function isEnlarged(): boolean {
  const state = history.state as { enlarged?: boolean } | null;
  return state?.enlarged === true;
}
