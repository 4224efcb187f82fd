// The heart of an image without a new page. Without this script it is a form like any other, and
// its answer is the image's page again.

interface Answer {
  likes: number;
  liked: boolean;
}

interface Fault {
  error?: { message?: string; help?: string };
}

function show(form: HTMLFormElement, { likes, liked }: Answer): void {
  const button = form.querySelector("button");
  const act = form.querySelector<HTMLInputElement>("[name=act]");
  const words = form.querySelector(".act");
  const count = form.querySelector(".num");
  if (!button || !act || !words || !count) return;
  act.value = liked ? "undo" : "like";
  button.classList.toggle("liked", liked);
  words.textContent = liked ? "Undo like" : "Like";
  words.classList.toggle("said", likes > 0);
  count.textContent = likes > 0 ? likes.toLocaleString("en") : "";
}

function say(form: HTMLFormElement, words: string, seen: boolean): void {
  const status = form.querySelector(".like-said");
  if (!status) return;
  status.classList.toggle("said", !seen);
  status.textContent = words;
}

async function ask(form: HTMLFormElement, send: boolean): Promise<Response> {
  const fields = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) fields.set(input.name, input.value);
  const headers = { Accept: "application/json" };
  if (send) return fetch(form.action, { method: "POST", body: fields, headers });
  return fetch(`${form.action}?item=${encodeURIComponent(fields.get("item") ?? "")}`, { headers });
}

/** Show whether the reader likes the image. */
export async function recall(form: HTMLFormElement): Promise<void> {
  const answer = await ask(form, false).catch(() => undefined);
  if (answer?.ok) show(form, (await answer.json()) as Answer);
}

/** Send what the heart says, and show what became of it; returns whether it was taken. */
export async function toggle(form: HTMLFormElement): Promise<boolean> {
  const button = form.querySelector("button");
  if (!button || button.getAttribute("aria-busy") === "true") return false;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(form, true);
    if (answer.ok) {
      const now = (await answer.json()) as Answer;
      show(form, now);
      const likes = `${now.likes.toLocaleString("en")} ${now.likes === 1 ? "like" : "likes"}.`;
      say(form, `${now.liked ? "Liked." : "Like undone."} ${likes}`, false);
      return true;
    }
    const { error } = (await answer.json()) as Fault;
    say(form, [error?.message, error?.help].filter(Boolean).join(" "), true);
  } catch {
    say(form, "The site could not be reached. Try again.", true);
  } finally {
    button.removeAttribute("aria-busy");
  }
  return false;
}
