import type * as tf from "@tensorflow/tfjs";
import {readBack} from "../backend/readBack";
import {UserError} from "../core/errors";
import type {Network} from "../layers/build";
import type {TorchOptimizer} from "../optim/optimizer";
import {checkSetting} from "./checkSettings";
import {type Position, putBack, type StateOfSearch, stateOf} from "./position";
import {keepShare} from "./ramp";
import type {SearchSpec} from "./spec";

/** Names of the settings that can be changed while a search runs. */
export const steerable = ["learningRate", "keepFraction", "gain", "outputGain"] as const;
/** Those settings, as they act on a step to come. */
export type SteerableSettings = Pick<SearchSpec, (typeof steerable)[number]>;

/** A search between two of its steps, in the hands of who steers it. */
export interface Moment {
  readonly network: Network;
  /** Where it stands: sums of the epoch so far are those of `position`. */
  readonly position: Readonly<Position>;
  /** As they act now. */
  readonly settings: SteerableSettings;
  /** Acts from the step to come. UserError, and everything as it was, for values that leave no network. */
  set(changes: Partial<SteerableSettings>): void;
  /** Everything that the search has learned is again as it was when this epoch began; settings stay. */
  back(): void;
}

/** What is called while a search runs. A search that it changes is no experiment: its result says `steered`. */
export interface Steering {
  /** Before each step, and awaited: a search is paused for as long as this takes. */
  beforeStep(moment: Moment): Promise<void> | void;
  /** dL/dS, or dL/dW, of the step at hand by variable name, as the loss gives it. They live until this returns. */
  onGradients?(gradients: tf.NamedTensorMap, network: Network): Promise<void> | void;
}

/** Holds a search's settings while somebody steers it. */
export class Helm implements Moment {
  settings: SteerableSettings;
  /** Whether anything was changed. */
  steered = false;
  /** A share that was set by hand stays, whatever a ramp says. */
  ownShare = false;
  private epochBegan: StateOfSearch | undefined;

  constructor(
    private readonly steering: Steering,
    spec: SearchSpec,
    readonly network: Network,
    private readonly optimizer: TorchOptimizer,
    readonly position: Position,
  ) {
    const {learningRate, keepFraction, gain, outputGain = 1} = spec;
    this.settings = {learningRate, keepFraction, gain, outputGain};
  }

  /** An epoch begins, at this share. */
  async epochBegins(keepFraction: number | undefined): Promise<void> {
    if (keepFraction !== undefined) this.settings = {...this.settings, keepFraction};
    const scores = this.network.model.weights.map(weight => weight.read());
    await readBack([...scores, ...this.optimizer.slotTensors()]);
    const state = stateOf(this.position, this.network, this.optimizer);
    this.epochBegan = {
      ...state,
      arrays: new Map([...state.arrays].map(([name, values]) => [name, values.slice()])),
    };
  }

  async beforeStep(): Promise<void> {
    await this.steering.beforeStep(this);
  }

  set(changes: Partial<SteerableSettings>): void {
    for (const [name, value] of Object.entries(changes)) checkSetting(name as keyof SteerableSettings, value);
    const before = this.settings;
    try {
      this.apply({...before, ...changes});
    } catch (error) {
      this.apply(before);
      throw error instanceof UserError ? error : new UserError((error as Error).message);
    }
    this.steered = true;
    this.ownShare ||= changes.keepFraction !== undefined;
  }

  back(): void {
    if (this.epochBegan === undefined) return;
    Object.assign(this.position, putBack(this.epochBegan, this.network, this.optimizer));
    this.steered = true;
  }

  private apply(settings: SteerableSettings): void {
    const {network} = this;
    const {keepFraction, gain, outputGain = 1} = settings;
    const last = network.masked.at(-1);
    keepShare(network, keepFraction);
    for (const layer of network.masked) {
      layer.turnGain(gain, layer === last ? outputGain : 1);
      // Both say so where nothing is left.
      layer.kept();
      layer.gain();
    }
    this.settings = settings;
  }
}
