// What the page runs of an ablation's panel: bundled by set-up into dist/panels/view/ablation.mjs, which anywidget calls.
import {button, row} from "../../explorables/frame/controls";
import {keepFocusAndKeys} from "../../explorables/frame/focus";
import type {AblationPanelState, AblationRequest, KnobRow} from "../panelState";
import {pairPlot, valueColour} from "./pairPlot";

interface Model {
  get<Key extends keyof AblationPanelState>(key: Key): AblationPanelState[Key];
  send(message: AblationRequest): void;
  on(event: string, hear: () => void): void;
  off(event: string, hear: () => void): void;
}

function render({model, el}: {model: Model; el: HTMLElement}): () => void {
  el.classList.add("multiprize-explorable", "multiprize-panel");
  el.dataset.panel = "live";
  keepFocusAndKeys(el);
  const knobs = model.get("knobs");
  const select = document.createElement("select");
  select.name = "knob";
  select.append(...knobs.map(({name}) => new Option(name, name)));
  const values = document.createElement("input");
  Object.assign(values, {type: "text", name: "values", size: 34});
  const words = document.createElement("small");
  const tell = (): void => {
    const {about, choices, valid} = knobs.find(({name}) => name === select.value) as KnobRow;
    words.textContent = `${about}. Values, parted by commas: ${choices?.join(", ") ?? valid}`;
  };
  select.addEventListener("change", () => {
    values.value = "";
    tell();
  });
  const ask = (): void =>
    model.send({
      run: {
        knob: select.value,
        values: values.value
          .split(",")
          .map(each => each.trim())
          .filter(each => each !== ""),
      },
    });
  const bar = row(
    labelled("knob", select),
    labelled("values", values),
    button("run", "Run these", ask),
    button("stop", "Stop: it is plain", () => model.send("stop")),
  );
  bar.className = "multiprize-controls";
  const says = document.createElement("p");
  says.setAttribute("role", "status");
  const side = document.createElement("div");
  side.className = "multiprize-side";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const table = document.createElement("table");
  side.append(canvas, table);
  el.replaceChildren(bar, words, says, side);

  let asked = 0;
  const draw = (): void => {
    asked = 0;
    says.textContent = model.get("says");
    const [chosen, lines, facts] = [model.get("values"), model.get("lines"), model.get("facts")];
    pairPlot(canvas, chosen, lines);
    canvas.setAttribute(
      "aria-label",
      `test accuracy less the default's, epoch by epoch, of ${lines.length} searches`,
    );
    table.replaceChildren(
      line("th", ["value", "seeds", "less the default (points)", "what is seen"]),
      ...facts.map(({value, seeds, effect, verdict}) => {
        const made = line("td", [value, `${seeds}`, effect, verdict]);
        (made.firstElementChild as HTMLElement).style.color = valueColour(chosen.indexOf(value));
        return made;
      }),
    );
  };
  const soon = (): void => {
    asked ||= requestAnimationFrame(draw);
  };
  const follow = (): void => {
    select.value = model.get("knob");
    values.value = model.get("values").join(", ");
    tell();
  };
  const dead = (): void => {
    el.dataset.panel = "dead";
    for (const control of el.querySelectorAll<HTMLButtonElement>("input, select, button"))
      control.disabled = true;
    says.textContent = "The kernel is gone: run the cell again.";
  };
  const heard: [string, () => void][] = [
    ...["says", "lines", "facts"].map((key): [string, () => void] => [`change:${key}`, soon]),
    ["change:values", follow],
    ["comm_live_update", dead],
  ];
  for (const [event, hear] of heard) model.on(event, hear);
  follow();
  draw();
  return () => {
    cancelAnimationFrame(asked);
    for (const [event, hear] of heard) model.off(event, hear);
  };
}

function labelled(words: string, control: HTMLElement): HTMLElement {
  const label = document.createElement("label");
  label.append(words, control);
  return label;
}

function line(kind: "th" | "td", texts: readonly string[]): HTMLTableRowElement {
  const made = document.createElement("tr");
  for (const text of texts) {
    const cell = document.createElement(kind);
    cell.textContent = text;
    made.append(cell);
  }
  return made;
}

const drawn: {readonly render: typeof render} = {render};
export default drawn;
