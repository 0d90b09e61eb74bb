import type {Ticket} from "../../ticket/ticket";
import {type Changes, unchanged} from "../model/changes";
import type {Accuracy} from "../model/explorer";
import {button, element, percent} from "./element";
import {type Knob, type KnobName, knobsOf, knobValue} from "./knobs";

/** The sliders, what the network then gets right, and a curve of what was seen on the way. */
export class Sliders {
  readonly root: HTMLElement;
  private readonly rows = element("div", {class: "knobs"});
  private readonly result = element("output", {class: "result", "aria-live": "polite"});
  private readonly bar = element("div", {class: "accuracy"}, element("span"));
  private readonly inputs = new Map<KnobName, {input: HTMLInputElement; text: HTMLElement; knob: Knob}>();
  private changes: Changes = unchanged;

  constructor(private readonly change: (changes: Changes) => void) {
    this.root = element(
      "div",
      {class: "sliders"},
      this.rows,
      this.bar,
      this.result,
      button("Undo all changes", () => this.set(unchanged), {class: "undo"}),
    );
  }

  /** The sliders of a ticket, at these changes. */
  open(ticket: Ticket, hasBatchNorm: boolean, changes: Changes): void {
    this.changes = changes;
    this.inputs.clear();
    const rows = knobsOf(ticket).map(knob => this.slider(knob));
    this.rows.replaceChildren(...rows, ...(hasBatchNorm ? [this.batchNorm()] : []));
    this.place();
  }

  show({right, found, count, differ, confidence}: Accuracy): void {
    this.root.dataset.right = `${right}`;
    this.root.dataset.count = `${count}`;
    this.root.dataset.differ = `${differ}`;
    this.root.dataset.confidence = `${confidence}`;
    this.root.dataset.busy = "false";
    this.bar.style.setProperty("--share", `${right / count}`);
    this.bar.style.setProperty("--found", `${found / count}`);
    this.result.textContent = `${right} of ${count} test pictures right, ${percent(right / count)} (as found: ${percent(found / count)}). ${differ} answers differ from the ticket's own. Mean confidence ${percent(confidence)}.`;
  }

  busy(): void {
    this.root.dataset.busy = "true";
  }

  /** Why nothing can be counted. */
  say(text: string): void {
    this.root.dataset.busy = "false";
    this.result.textContent = text;
  }

  private set(changes: Changes): void {
    this.changes = changes;
    this.place();
    this.change(changes);
  }

  private slider(knob: Knob): HTMLElement {
    const {name, label, values, about, missing} = knob;
    const id = `about-${name}`;
    const input = element("input", {
      type: "range",
      name,
      min: 0,
      max: values.length - 1,
      step: 1,
      disabled: missing !== undefined,
      "aria-describedby": id,
    });
    const text = element("output");
    this.inputs.set(name, {input, text, knob});
    input.addEventListener("input", () => {
      const value = values[Number(input.value)];
      const {keepFraction: _, ...rest} = this.changes;
      if (name !== "keepFraction") this.set({...this.changes, [name]: value});
      else this.set(value === knob.start ? rest : {...this.changes, keepFraction: value});
    });
    return element(
      "div",
      {class: "knob"},
      element("label", {}, element("span", {class: "label"}, label), input, text),
      element("p", {id, class: "about"}, missing ?? about),
    );
  }

  private batchNorm(): HTMLElement {
    const stored = element("input", {type: "checkbox", name: "batchNorm"});
    stored.checked = this.changes.batchNorm === "stored";
    stored.addEventListener("change", () =>
      this.set({...this.changes, batchNorm: stored.checked ? "stored" : "re-estimated"}),
    );
    return element(
      "div",
      {class: "knob"},
      element("label", {}, stored, " keep batch norm's statistics as the search stored them"),
      element(
        "p",
        {class: "about"},
        "Batch norm subtracts a mean and divides by a spread that belong to the unchanged network. They are taken anew, from training pictures, wherever weights or gains change; tick this to see what the stale ones do.",
      ),
    );
  }

  /** Moves every slider to where the changes say; a value between two places goes to the nearer. */
  private place(): void {
    for (const {input, text, knob} of this.inputs.values()) {
      const value = knobValue(knob, this.changes);
      const distances = knob.values.map(each => Math.abs(each - value));
      input.value = `${distances.indexOf(Math.min(...distances))}`;
      text.textContent = knob.text(value);
      input.setAttribute("aria-valuetext", knob.text(value));
    }
    const stored = this.rows.querySelector<HTMLInputElement>("input[name=batchNorm]");
    if (stored) stored.checked = this.changes.batchNorm === "stored";
  }
}
