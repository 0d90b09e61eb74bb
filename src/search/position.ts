import * as tf from "@tensorflow/tfjs";
import type {KernelPlan} from "../backend/kernelPlan";
import {UserError} from "../core/errors";
import type {Network} from "../layers/build";
import type {TorchOptimizer} from "../optim/optimizer";
import type {SlotName, SlotState} from "../optim/state";
import type {Checkpoint} from "./checkpoint";
import type {RunContext} from "./run";
import type {ScoreFactors} from "./scoreRate";
import {stateVariables} from "./state";

/** One line of a learning curve; accuracies in per cent. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Means over the epoch's steps, each taken before its update. */
  readonly loss: number;
  readonly trainAccuracy: number;
  /** After the epoch's last update, over the first `testImages` of the test set. */
  readonly testAccuracy: number;
  readonly testImages: number;
  readonly imagesPerSecond: number;
  /** What the ramp kept in this epoch, while it lasts: more than the spec's keepFraction. */
  readonly keepFraction?: number;
}

/** Where a search stands, between two steps: with the variables and the optimiser's memory, all it needs to go on. */
export interface Position {
  /** Updates so far. */
  step: number;
  epoch: number;
  /** Next batch of the epoch. */
  batch: number;
  /** Sums over the epoch's batches so far. */
  lossSum: number;
  correct: number;
  seen: number;
  trainSeconds: number;
  evaluationSeconds: number;
  /** `trainSeconds` when the epoch began. */
  epochBegan: number;
  records: EpochRecord[];
  scoreFactors?: ScoreFactors;
}

export function start(): Position {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    lossSum: 0,
    correct: 0,
    seen: 0,
    trainSeconds: 0,
    evaluationSeconds: 0,
    epochBegan: 0,
    records: [],
  };
}

interface SavedSlot {
  readonly variable: string;
  readonly slot: SlotName;
  readonly updates?: number;
}

/** What a search has learned: the arrays of its variables and of its optimiser's memory, and where it stands. */
export interface StateOfSearch {
  readonly position: Position;
  readonly optimizer: {readonly step: number; readonly slots: readonly SavedSlot[]};
  readonly arrays: ReadonlyMap<string, Float32Array>;
}

/**
 * Everything of a search as it is now: variables by layer name, since tfjs's own names differ between processes. Arrays can be
 * a backend's own, which hold until the next step.
 */
export function stateOf(position: Position, network: Network, optimizer: TorchOptimizer): StateOfSearch {
  const state = stateVariables(network);
  const names = new Map([...state].map(([name, variable]) => [variable.name, name]));
  const {step, slots} = optimizer.getState();
  const saved: SavedSlot[] = [];
  const arrays = new Map<string, Float32Array>();
  for (const [name, variable] of state) arrays.set(name, variable.dataSync() as Float32Array);
  for (const {name, slot, values, updates} of slots) {
    const variable = names.get(name);
    if (variable === undefined)
      throw new RangeError(`the optimiser holds ${name}, which is no variable of the network`);
    saved.push({variable, slot, updates});
    arrays.set(`${variable}/${slot}`, values);
  }
  return {position: structuredClone(position), optimizer: {step, slots: saved}, arrays};
}

/** The same as a checkpoint. */
export function snapshot(
  context: RunContext,
  position: Position,
  network: Network,
  optimizer: TorchOptimizer,
  kernelPlan: KernelPlan,
): Checkpoint {
  const {arrays, ...rest} = stateOf(position, network, optimizer);
  return {header: {...context, kernelPlan, ...rest}, arrays};
}

/** The forms that its steps were computed in; those to come must be, too. */
export function kernelPlanOf({header}: Checkpoint): KernelPlan {
  return header.kernelPlan as KernelPlan;
}

/** Puts a checkpoint's values into the network and the optimiser, and gives the position it was taken at. */
export function restore({header, arrays}: Checkpoint, network: Network, optimizer: TorchOptimizer): Position {
  return putBack({...(header as unknown as Omit<StateOfSearch, "arrays">), arrays}, network, optimizer);
}

/** Puts a state's values into the network and the optimiser, and gives the position it was taken at. */
export function putBack(
  {position, optimizer: {step, slots}, arrays}: StateOfSearch,
  network: Network,
  optimizer: TorchOptimizer,
): Position {
  const state = stateVariables(network);
  const values = (name: string): Float32Array => {
    const found = arrays.get(name);
    if (found === undefined) throw new UserError(`the checkpoint lacks ${name}`);
    return found;
  };
  for (const [name, variable] of state) {
    const saved = values(name);
    if (saved.length !== variable.size) {
      throw new UserError(
        `the checkpoint holds ${saved.length} values of ${name}, the network ${variable.size}`,
      );
    }
    tf.tidy(() => variable.assign(tf.tensor(saved, variable.shape)));
  }
  const restored = slots.map(({variable, slot, updates}): SlotState => {
    const found = state.get(variable);
    if (found === undefined)
      throw new UserError(`the checkpoint's optimiser holds ${variable}, which the network lacks`);
    return {name: found.name, slot, updates, values: values(`${variable}/${slot}`)};
  });
  optimizer.setState({step, slots: restored});
  return structuredClone(position);
}
