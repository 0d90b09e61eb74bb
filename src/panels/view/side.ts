import {choice, type Handle, row, slider} from "../../explorables/frame/controls";
import type {ControlRow, Settings, SideState} from "../panelState";
import {LayerTable} from "./layerTable";
import {plot, type Range} from "./plot";

/** One search in the page: its controls, curves and layers. */
export class Side {
  readonly element: HTMLElement = document.createElement("section");
  private readonly canvas = document.createElement("canvas");
  private readonly layers = new LayerTable();
  private readonly now = document.createElement("div");
  private readonly says = document.createElement("div");
  private readonly handles: {name: string; handle: Handle<never>}[];

  constructor({title, controls}: SideState, change: (name: string, value: number | string) => void) {
    this.element.className = "multiprize-side";
    this.element.setAttribute("aria-label", title);
    const heading = document.createElement("h4");
    heading.textContent = title;
    this.handles = controls.map(each => ({
      name: each.name,
      handle: handleOf(each, value => change(each.name, value)) as Handle<never>,
    }));
    const knobs = row(...this.handles.map(({handle}, i) => told(handle.element, controls[i].about)));
    knobs.className = "multiprize-controls";
    this.canvas.setAttribute("role", "img");
    this.now.className = "multiprize-numbers";
    this.says.className = "multiprize-message";
    this.says.setAttribute("role", "status");
    this.element.append(heading, knobs, this.now, this.says, this.canvas, this.layers.element);
  }

  /** The controls stand at these values. */
  follow(settings: Settings): void {
    for (const {name, handle} of this.handles)
      if (!handle.element.contains(document.activeElement) || !handle.element.matches(":active"))
        handle.show(settings[name] as never);
  }

  show(state: SideState, curve: Float32Array, filters: Uint8Array, range: Range): void {
    const {step, epoch, epochs, batch, batches, tests, says} = state;
    const [loss, accuracy] = [curve.at(-2), curve.at(-1)];
    const tested = tests.at(-1);
    const where = `step ${step}, epoch ${Math.min(epoch + 1, epochs)} of ${epochs}${batches ? `, batch ${batch} of ${batches}` : ""}`;
    const measured =
      loss === undefined
        ? ""
        : `: loss ${loss.toPrecision(3)}, batch accuracy ${(accuracy as number).toFixed(0)} %`;
    this.now.textContent = `${where}${measured}${tested ? `, test ${tested[1].toFixed(1)} %` : ""}`;
    this.says.textContent = says;
    this.canvas.setAttribute("aria-label", `curves of loss and accuracy: ${this.now.textContent}`);
    plot(this.canvas, curve, tests, range);
    this.layers.show(state.layers, filters);
    Object.assign(this.element.dataset, {
      step: `${step}`,
      loss: `${loss ?? ""}`,
      acts: JSON.stringify(state.acts),
    });
  }
}

/** A control with what it does under it, for a finger has no tooltip. */
function told(control: HTMLElement, about: string): HTMLElement {
  const words = document.createElement("small");
  words.textContent = about;
  const box = row(control, words);
  box.className = "multiprize-told";
  return box;
}

function handleOf(
  {name, slider: range, choices}: ControlRow,
  change: (value: number | string) => void,
): Handle<number> | Handle<string> {
  if (range === undefined) {
    return choice(name, name, choices ?? [], change);
  }
  const {from: min, to: max, step, log = false} = range;
  const value = (place: number): number => Number((log ? 10 ** place : place).toPrecision(4));
  const made = slider(
    name,
    name,
    {min, max, step},
    place => change(value(place)),
    place => `${Number(value(place).toPrecision(3))}`,
  );
  return {element: made.element, show: (each: number) => made.show(log ? Math.log10(each) : each)};
}
