// What the page runs of a search's panel: bundled by set-up, with all it imports, into dist/panels/view/search.mjs, the
// module that anywidget calls.
import {button, row} from "../../explorables/frame/controls";
import type {Command, SearchPanelState, SideState} from "../panelState";
import {becomePanel, followModel, type Rendering} from "./panel";
import {rangeOf} from "./plot";
import {Side} from "./side";

function render(rendering: Rendering<SearchPanelState, Command>): () => void {
  const {model, el} = rendering;
  becomePanel(el);
  const command = (name: Command, label: string): HTMLButtonElement =>
    button(name, label, () => model.send(name));
  const pause = button("pause", "Pause", () => model.send(model.get("phase") === "paused" ? "go" : "pause"));
  const buttons = [
    pause,
    command("step", "One step"),
    command("back", "Back to where the epoch began"),
    command("stop", "Stop"),
  ];
  const bar = row(...buttons);
  bar.className = "multiprize-controls";
  const note = document.createElement("p");
  note.setAttribute("role", "status");
  const place = row();
  place.className = "multiprize-sides";
  const numbers = Array.from({length: model.get("sides")}, (_, i) => i as 0 | 1);
  const sides = numbers.map(
    i =>
      new Side(model.get(`side${i}`) as SideState, (name, value) => {
        model.set(`settings${i}`, {...model.get(`settings${i}`), [name]: value});
        model.save_changes();
      }),
  );
  place.append(...sides.map(({element}) => element));
  el.replaceChildren(bar, note, place);

  const draw = (): void => {
    const phase = model.get("phase");
    pause.textContent = phase === "paused" ? "Go on" : "Pause";
    const states = numbers.map(i => model.get(`side${i}`) as SideState);
    const invitation = phase === "ended" ? "" : "Turn a knob: it acts from the next step.";
    note.textContent = states.some(({steered}) => steered)
      ? "Steered by hand: this is no experiment, and no record is kept of it."
      : invitation;
    const curves = numbers.map(i => floats(model.get(`curve${i}`)));
    const range = rangeOf(curves);
    for (const i of numbers) sides[i].show(states[i], curves[i], bytes(model.get(`filters${i}`)), range);
  };
  const follow = (): void => {
    for (const i of numbers) sides[i].follow(model.get(`settings${i}`));
  };
  const ofSides = numbers.flatMap(i => [`side${i}`, `curve${i}`, `filters${i}`] as const);
  return followModel(rendering, {
    ...{says: note, draw, drawn: ["phase", ...ofSides]},
    ...{follow, followed: numbers.map(i => `settings${i}` as const)},
  });
}

function bytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A copy: the bytes may begin where no float may. */
function floats(view: ArrayBufferView): Float32Array {
  return new Float32Array(bytes(view).slice().buffer);
}

const drawn: {readonly render: typeof render} = {render};
export default drawn;
