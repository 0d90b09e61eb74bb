import type {Ticket} from "../../ticket/ticket";
import type {WeightFacts} from "../model/weight";
import {element, percent} from "./element";
import type {Chosen} from "./map";

/** One weight in words and numbers, and three fields to name another by. */
export class WeightPanel {
  readonly root: HTMLElement;
  private readonly layer = element("select", {name: "layer"});
  private readonly index = element("input", {name: "weight", type: "number", min: 0, step: 1, value: 0});
  private readonly facts = element("dl", {class: "facts", "aria-live": "polite"});
  private readonly sheet = element("canvas", {
    class: "added",
    role: "img",
    "aria-label": "What the weight adds",
  });
  private readonly figure = element("figure", {class: "addedbox", hidden: true}, this.sheet);
  private readonly caption = element("figcaption");

  constructor(choose: (chosen: Chosen) => void) {
    const chosen = (): void => choose({layer: this.layer.value, index: Math.trunc(Number(this.index.value))});
    this.layer.addEventListener("change", () => {
      this.index.value = "0";
      chosen();
    });
    this.index.addEventListener("change", chosen);
    this.figure.append(this.caption);
    this.root = element(
      "div",
      {class: "weight"},
      element(
        "p",
        {class: "which"},
        element("label", {}, "layer ", this.layer),
        " ",
        element("label", {}, "weight ", this.index),
      ),
      this.facts,
      this.figure,
    );
  }

  layers(ticket: Ticket): void {
    this.layer.replaceChildren(...ticket.layers.map(({name}) => element("option", {value: name}, name)));
  }

  mark({layer, index}: Chosen, {layers}: Ticket): void {
    this.layer.value = layer;
    this.index.value = `${index}`;
    const weights = layers.find(({name}) => name === layer)?.signs.length ?? 1;
    this.index.max = `${weights - 1}`;
  }

  show(facts: WeightFacts, ticket: Ticket): void {
    const rows: [string, string][] = [
      ["where", placeText(facts)],
      ["sign", signText(facts)],
      ["value", valueText(facts)],
      ["rank by |score|", rankText(facts, ticket)],
      ["adds to this picture", addedText(facts)],
      ["the answer", answerText(facts, ticket)],
    ];
    this.facts.replaceChildren(
      ...rows.map(([name, text]) =>
        element("div", {}, element("dt", {}, name), element("dd", {"data-fact": name.split(" ")[0]}, text)),
      ),
    );
    this.root.dataset.added = `${total(facts.added.values)}`;
    this.root.dataset.sum = `${total(facts.sum)}`;
    this.draw(facts);
  }

  /** Where a convolution's weight adds, and how much: blue takes away, vermilion adds. */
  private draw({added: {height, width, values}, sum}: WeightFacts): void {
    this.figure.hidden = values.length === 1;
    Object.assign(this.sheet, {width, height});
    const image = new ImageData(width, height);
    const most = values.reduce((top, each) => Math.max(top, Math.abs(each)), 1e-12);
    values.forEach((value, i) => {
      image.data.set(value < 0 ? [0x00, 0x72, 0xb2] : [0xd5, 0x5e, 0x00], 4 * i);
      image.data[4 * i + 3] = Math.round((255 * Math.abs(value)) / most);
    });
    this.sheet.getContext("2d")!.putImageData(image, 0, 0);
    const text = `what it adds at each of ${height} × ${width} places: blue takes away, orange adds, at most ${round(most)}; the filter's whole sums go from ${round(Math.min(...sum))} to ${round(Math.max(...sum))}`;
    this.caption.textContent = text;
    this.sheet.setAttribute("aria-label", text);
  }
}

const round = (value: number): string => `${Number(value.toPrecision(3))}`.replace("-", "−");
const total = (values: Float32Array): number => values.reduce((sum, each) => sum + each, 0);

function placeText({layer, index, place}: WeightFacts): string {
  const {row, column, input, output} = place;
  return row === undefined
    ? `${layer}, number ${index}: from input ${input} to unit ${output}`
    : `${layer}, number ${index}: row ${row}, column ${column} of the window on channel ${input}, filter ${output}`;
}

function signText({sign, signIfKept}: WeightFacts): string {
  if (sign !== 0) return `${sign > 0 ? "+" : "−"}, kept`;
  if (signIfKept === undefined)
    return "pruned; its sign is not known, since the file stores those of kept weights";
  return `pruned; were it kept: ${signIfKept > 0 ? "+" : "−"}`;
}

function valueText({sign, gain}: WeightFacts): string {
  if (sign === 0) return "0: it is not there";
  return `${sign > 0 ? "+" : "−"}α = ${sign > 0 ? "" : "−"}${round(gain)}, as every kept weight of this layer but for the sign`;
}

function rankText({rank}: WeightFacts, {selection}: Ticket): string {
  if (!rank) return "not in this file: it holds which weights are kept, not how their scores rank";
  const of = selection.kind === "global" ? "of all scores" : "of its layer's scores";
  return rank.beyond === 0
    ? `among the largest ${percent(rank.within, 0)} ${of}`
    : `between the largest ${percent(rank.beyond, 0)} and ${percent(rank.within, 0)} ${of}`;
}

function addedText({added, sum, sign, signIfKept}: WeightFacts): string {
  if (signIfKept === undefined) return "nothing";
  const would = sign === 0 ? "nothing, since it is pruned; kept, " : "";
  if (added.values.length === 1)
    return `${would}${round(added.values[0])} to the unit's sum, which is ${round(sum[0])}`;
  return `${would}${round(total(added.values))} in all to its filter's sums, which are ${round(total(sum))} in all`;
}

function answerText({now, otherwise, sign}: WeightFacts, {classNames}: Ticket): string {
  if (!otherwise) return "";
  const label = now.indexOf(Math.max(...now));
  const other = otherwise.indexOf(Math.max(...otherwise));
  const change = `${classNames[label]} goes from ${percent(now[label], 3)} to ${percent(otherwise[label], 3)}`;
  const what = sign === 0 ? "with it kept" : "without it";
  return label === other
    ? `${what}, ${change}`
    : `${what}, ${change}, and the network says ${classNames[other]}`;
}
