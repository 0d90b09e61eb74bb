import type {PictureOptions} from "../../infer/pictures/picture";
import {element} from "./element";

interface Handlers {
  readonly shipped: (name: string) => void;
  readonly ticket: (file: File) => void;
  readonly picture: (file: File, options: PictureOptions) => void;
}

/** Which ticket, which picture: chosen, picked or dropped anywhere on the page; and what was wrong with it. */
export class FileFields {
  readonly root: HTMLElement;
  private readonly select = element("select", {name: "ticket"});
  private readonly message = element("p", {class: "message", role: "alert"});
  private readonly invert = element("input", {type: "checkbox", name: "invert"});

  constructor(
    page: HTMLElement,
    tickets: readonly {readonly name: string; readonly label: string}[],
    private readonly handlers: Handlers,
  ) {
    this.select.append(
      ...tickets.map(({name, label}) => element("option", {value: name}, label)),
      element("option", {value: "", hidden: true}, "a file of your own"),
    );
    this.select.addEventListener("change", () => handlers.shipped(this.select.value));
    this.root = element(
      "div",
      {class: "files"},
      element("label", {}, "ticket ", this.select),
      element("p", {class: "kinds small"}, kinds),
      picker("a ticket of yours", ".mpt", file => handlers.ticket(file)),
      picker("a picture of yours", "image/*", file => this.picture(file)),
      element("label", {}, this.invert, " it is dark on light"),
      this.message,
    );
    page.addEventListener("dragover", event => event.preventDefault());
    page.addEventListener("drop", event => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) this.dropped(file);
    });
  }

  /** undefined: a file of the reader's own. */
  choose(name: string | undefined): void {
    this.select.value = name ?? "";
  }

  /** What is wrong; nothing where all is well. Text, whatever a file calls itself. */
  say(text: string): void {
    this.message.textContent = text;
  }

  private dropped(file: File): void {
    if (file.type.startsWith("image/")) this.picture(file);
    else this.handlers.ticket(file);
  }

  private picture(file: File): void {
    this.handlers.picture(file, {invert: this.invert.checked});
  }
}

const kinds =
  "MPT-1/32: a kept weight is one bit, its sign, and activations are real numbers. MPT-1/1: activations are one bit too, −1 or +1.";

function picker(label: string, accept: string, picked: (file: File) => void): HTMLElement {
  const input = element("input", {type: "file", accept});
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) picked(file);
    // The same file, mended, can be picked again.
    input.value = "";
  });
  return element("label", {class: "picker"}, `${label} `, input);
}
