// What the page runs of an ablation's panel: bundled by set-up into dist/panels/view/ablation.mjs, which anywidget calls.
import {button, row} from "../../explorables/frame/controls";
import type {AblationPanelState, AblationRequest, KnobRow} from "../panelState";
import {pairPlot, valueColour} from "./pairPlot";
import {becomePanel, followModel, type Rendering} from "./panel";

function render(rendering: Rendering<AblationPanelState, AblationRequest>): () => void {
  const {model, el} = rendering;
  becomePanel(el);
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

  const draw = (): void => {
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
  const follow = (): void => {
    select.value = model.get("knob");
    values.value = model.get("values").join(", ");
    tell();
  };
  return followModel(rendering, {
    ...{says, draw, drawn: ["says", "lines", "facts"], follow, followed: ["values"]},
  });
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
