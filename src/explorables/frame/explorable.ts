import type {Panel} from "./svg";

/** A handle on the state: what it is called, what it stands at, and the state once it is moved. */
export type Control<State> = Slider<State> | Choice<State> | Press<State>;

export interface Slider<State> {
  readonly kind: "slider";
  /** For the keyboard's form data and for tests. */
  readonly name: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  value(state: State): number;
  set(state: State, value: number): State;
}

export interface Choice<State> {
  readonly kind: "choice";
  readonly name: string;
  readonly label: string;
  readonly options: readonly string[];
  value(state: State): string;
  set(state: State, value: string): State;
}

export interface Press<State> {
  readonly kind: "button";
  readonly name: string;
  readonly label: string;
  press(state: State): State;
}

/** A number (or a word) of the state, shown to read and kept in full as `data-NAME` of the box. */
export interface Shown {
  readonly name: string;
  readonly label: string;
  readonly value: number | string;
  /** How it is written; default the value, numbers in three significant digits. */
  readonly text?: string;
}

/** What a state looks like. */
export interface View {
  readonly panels: readonly Panel[];
  readonly numbers: readonly Shown[];
  /** What there is to see in it, in a sentence. */
  readonly says: string;
}

/** A thing of the theory that can be moved: its state is a value, its picture a function of it. */
export interface Explorable<State> {
  readonly name: string;
  readonly title: string;
  /** What to try, and what one should see then. */
  readonly caption: string;
  readonly start: State;
  readonly controls: readonly Control<State>[];
  view(state: State): View;
}

/** A shown value as it is written. */
export function shownText({value, text}: Shown): string {
  if (text !== undefined) return text;
  return typeof value === "string" ? value : `${Number(value.toPrecision(3))}`.replace("-", "−");
}
