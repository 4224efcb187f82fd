// Links that enlarge a picture open the viewer over the page. They are links all the same: in a new
// tab, or where the viewer cannot be loaded, they lead to the page of the enlarged picture.

const LINKS = "a[data-enlarge]";

async function open(link: HTMLAnchorElement, push: boolean): Promise<void> {
  const loaded = await import("./dialog").catch(() => undefined);
  if (!loaded) {
    location.assign(link.href);
    return;
  }
  if (push) history.pushState({ enlarged: true }, "", link.href);
  await loaded.openDialog(link);
}

/** Let the links that enlarge open the viewer. */
export function enlargeLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>(LINKS);
    if (!link) return;
    event.preventDefault();
    void open(link, true);
  });
  addEventListener("popstate", (event) => {
    const state = event.state as { enlarged?: boolean } | null;
    const link = document.querySelector<HTMLAnchorElement>(LINKS);
    if (state?.enlarged && link && !document.querySelector("dialog.viewer")) void open(link, false);
  });
}
