// What both panels are in the page: a box that keeps its keys, drawn anew at most once a frame, dead without its kernel.
import {keepFocusAndKeys} from "../../explorables/frame/focus";
import {type KernelModel, whenKernelGoes} from "./kernel";

/** anywidget's model of a panel's state. Arrays come as views of bytes. */
export interface Model<State, Message> extends KernelModel {
  get<Key extends keyof State>(key: Key): State[Key];
  set(key: string, value: unknown): void;
  save_changes(): void;
  send(message: Message): void;
}

/** What anywidget calls with a model and the box to fill; what comes back is called when the box goes. */
export interface Rendering<State, Message> {
  readonly model: Model<State, Message>;
  readonly el: HTMLElement;
}

export function becomePanel(el: HTMLElement): void {
  el.classList.add("multiprize-explorable", "multiprize-panel");
  el.dataset.panel = "live";
  keepFocusAndKeys(el);
}

export interface Following<State> {
  /** Says what is the matter. */
  readonly says: HTMLElement;
  draw(): void;
  /** Keys of the state that `draw` shows: however often they change, it is drawn once a frame. */
  readonly drawn: readonly (keyof State & string)[];
  /** Takes into the controls what the kernel decided. */
  follow(): void;
  readonly followed: readonly (keyof State & string)[];
}

/** Draws, and follows the model from now on, until it ends, its kernel goes or the function that comes back is called. */
export function followModel<State extends {readonly phase: string}, Message>(
  {model, el}: Rendering<State, Message>,
  {says, draw, drawn, follow, followed}: Following<State>,
): () => void {
  let asked = 0;
  const drawNow = (): void => {
    asked = 0;
    draw();
  };
  const soon = (): void => {
    asked ||= requestAnimationFrame(drawNow);
  };
  const heard: [string, () => void][] = [
    ...drawn.map((key): [string, () => void] => [`change:${key}`, soon]),
    ...followed.map((key): [string, () => void] => [`change:${key}`, follow]),
  ];
  heard.push(["change:phase", hearEnd]);
  for (const [event, hear] of heard) model.on(event, hear);
  // Nothing is drawn from then on: it would cover what is said.
  let leaveKernel: () => void = () => {};
  const leave = (): void => {
    cancelAnimationFrame(asked);
    for (const [event, hear] of heard) model.off(event, hear);
    leaveKernel();
  };
  const turnOff = (state: "dead" | "ended", words: string): void => {
    leave();
    el.dataset.panel = state;
    for (const control of el.querySelectorAll<HTMLButtonElement>("input, select, button"))
      control.disabled = true;
    says.textContent = words;
  };
  function hearEnd(): void {
    if (model.get("phase") !== "ended") return;
    draw();
    const said = says.textContent ? `${says.textContent} ` : "";
    turnOff("ended", `${said}It has ended: run the cell again for another, or for a picture that is saved.`);
  }
  follow();
  draw();
  leaveKernel = whenKernelGoes({model, el}, () => turnOff("dead", "The kernel is gone: run the cell again."));
  if (el.dataset.panel === "live") hearEnd();
  return leave;
}
