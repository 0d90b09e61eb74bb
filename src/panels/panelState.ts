// What a panel's two halves share: the cell's code fills it, the page draws it. Plain JSON but for the arrays.

/** A control, as the row of its setting describes it. */
export interface ControlRow {
  readonly name: string;
  /** What it is, in a line. */
  readonly about: string;
  /** On a logarithmic one the ends and the step are powers of ten. */
  readonly slider?: {readonly from: number; readonly to: number; readonly step: number; readonly log?: true};
  readonly choices?: readonly string[];
}

/** A layer, as it stands; shares between 0 and 1. */
export interface LayerFacts {
  readonly name: string;
  readonly weights: number;
  readonly kept: number;
  readonly gain: number;
  /** Of the kept weights, those that were not kept when the search began, and when the epoch did. */
  readonly newSinceStart: number;
  readonly newSinceEpoch: number;
  /** rms(dL/ds) / mean |s| of the last step that was looked at. */
  readonly r: number;
  /** Its filters, or units. */
  readonly filters: number;
}

/** One search. */
export interface SideState {
  readonly title: string;
  readonly controls: readonly ControlRow[];
  readonly epochs: number;
  readonly batches: number;
  /** Steps done. */
  readonly step: number;
  readonly epoch: number;
  readonly batch: number;
  /** Settings as they act: of the step to come. */
  readonly acts: Settings;
  /** [step, test accuracy in per cent] after each epoch. */
  readonly tests: readonly (readonly [number, number])[];
  readonly layers: readonly LayerFacts[];
  readonly steered: boolean;
  /** Why it ended, or what it did not take. */
  readonly says: string;
}

export type Settings = Readonly<Record<string, number | string>>;

/** Of a panel of one search, or of two beside each other. The page changes `settings…` and sends commands. */
export interface SearchPanelState {
  readonly phase: "running" | "paused" | "ended";
  readonly sides: number;
  readonly side0: SideState;
  readonly side1: SideState | null;
  readonly settings0: Settings;
  readonly settings1: Settings;
  /** Step, loss, accuracy in per cent, one after the other. */
  readonly curve0: Float32Array;
  readonly curve1: Float32Array;
  /** Each filter's kept share, 0 to 255, layer after layer. */
  readonly filters0: Uint8Array;
  readonly filters1: Uint8Array;
}

export const commands = ["pause", "go", "step", "back", "stop"] as const;
export type Command = (typeof commands)[number];

/** A knob that an ablation's panel offers. */
export interface KnobRow {
  readonly name: string;
  readonly about: string;
  readonly choices?: readonly string[];
  /** What its values must be. */
  readonly valid: string;
}

/** A search beside the default of the same seed, epoch by epoch. */
export interface PairLine {
  readonly value: string;
  readonly seed: number;
  /** Test accuracy less the default's, in points. */
  readonly differences: readonly number[];
}

/** What is seen of a value, over the seeds so far. */
export interface ValueFacts {
  readonly value: string;
  readonly seeds: number;
  /** Mean ± standard deviation of the differences, in points; empty for fewer than two seeds. */
  readonly effect: string;
  readonly verdict: string;
}

export interface AblationPanelState {
  readonly phase: "running" | "ended";
  readonly knobs: readonly KnobRow[];
  readonly knob: string;
  readonly values: readonly string[];
  readonly says: string;
  readonly lines: readonly PairLine[];
  readonly facts: readonly ValueFacts[];
}

/** What the page asks for. */
export type AblationRequest =
  | "stop"
  | {readonly run: {readonly knob: string; readonly values: readonly string[]}};
