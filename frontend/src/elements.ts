// Making elements. Nothing is ever parsed as HTML.

type Attributes = Record<string, string | true | undefined>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A button that shows a mark (`enlarged.css`) and says what it does. */
export function tool(label: string, mark: string, act: () => void): HTMLButtonElement {
  const said = element("span", { class: "said" }, label);
  const made = element("button", { type: "button", class: `tool ${mark}`, title: label }, said);
  made.addEventListener("click", act);
  return made;
}
