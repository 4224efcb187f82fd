// The page of two pictures: both in viewers that move together, beside each other or one over the
// other.

const root = document.querySelector<HTMLElement>("[data-compare]");

if (root) {
  const { compare } = await import("./pair");
  await compare(root);
}

export {};
