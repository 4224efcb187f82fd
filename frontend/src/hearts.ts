// Hearts are forms; what makes them answer on the spot is loaded when there is something to do.

const HEARTS = "form[data-like]";
// Pages are the same for everybody, so whoever has liked something here asks what; nobody else has
// to, but for an address that says so, which somebody else may have sent.
const ASKS = "likes";

function store(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // Some readers forbid it: their hearts look new on each page.
  }
}

async function serve(form: HTMLFormElement): Promise<void> {
  const loaded = await import("./like").catch(() => undefined);
  if (!loaded) form.submit();
  else if (await loaded.toggle(form)) store()?.setItem(ASKS, "1");
}

/** Let hearts answer without a new page, and show what the reader likes already. */
export function hearts(): void {
  document.addEventListener("submit", (event) => {
    const form = (event.target as Element).closest<HTMLFormElement>(HEARTS);
    if (!form) return;
    event.preventDefault();
    void serve(form);
  });
  const form = document.querySelector<HTMLFormElement>(HEARTS);
  const says = form?.querySelector<HTMLInputElement>("[name=act]")?.value === "undo";
  if (form && (says || store()?.getItem(ASKS))) {
    void import("./like").then((loaded) => loaded.recall(form), () => undefined);
  }
}
