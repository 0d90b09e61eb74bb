import {element} from "./element";

/** A part of the page under its heading, which an address can lead to. */
export function section(id: string, title: string, ...inside: HTMLElement[]): HTMLElement {
  const heading = element("h2", {id: `${id}-title`}, title);
  return element("section", {id, class: id, "aria-labelledby": `${id}-title`}, heading, ...inside);
}
