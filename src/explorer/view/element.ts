type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * An element with its attributes and what is in it. Text becomes text, never markup, so that names out of foreign files
 * do nothing. An attribute that is true stands without a value, one that is false or undefined not at all.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : `${value}`);
  made.append(...inside);
  return made;
}

/** A button that does one thing. */
export function button(text: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element("button", {type: "button", ...attributes}, text);
  made.addEventListener("click", press);
  return made;
}

/** A share as people read it. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
