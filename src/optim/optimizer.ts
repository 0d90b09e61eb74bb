import * as tf from "@tensorflow/tfjs";
import {checkNonNegative, checkNumber} from "./check";
import {
  checkState,
  type Memory,
  type OptimizerState,
  readState,
  registeredVariable,
  type SlotName,
  writeState,
} from "./state";

/** A gradient and the name of its variable. */
export interface NamedGradient {
  name: string;
  tensor: tf.Tensor;
}

/** What SGD and Adam have in common. */
export interface CommonOptions {
  /** Step size, >= 0; a property that may be set at any time. */
  learningRate: number;
  /** Adds weightDecay * p to the gradient of p (L2 regularisation). Default 0. */
  weightDecay?: number;
  /** Which variables, by name, are decayed. Default: all. */
  decays?: (name: string) => boolean;
  /** Clips each gradient to [-clipValue, clipValue], before weight decay. Default: no clipping. */
  clipValue?: number;
}

/** p and its memory after one update. */
export interface Update {
  value: tf.Tensor;
  slots: Partial<Record<SlotName, tf.Tensor>>;
}

/**
 * Base of the optimisers that follow torch.optim to the letter: g = clip(dL/dp) + weightDecay * p, then the
 * subclass's rule. A variable without a gradient is left alone, its memory too, as in PyTorch.
 */
export abstract class TorchOptimizer extends tf.Optimizer {
  readonly weightDecay: number;
  readonly clipValue: number | undefined;
  /** Which variables, by name, are decayed; all where undefined. */
  readonly decays: ((name: string) => boolean) | undefined;
  #learningRate = 0;
  #memory: Map<string, Memory> = new Map<string, Memory>();

  constructor({learningRate, weightDecay = 0, decays, clipValue}: CommonOptions) {
    super();
    this.learningRate = learningRate;
    this.weightDecay = checkNonNegative("weightDecay", weightDecay);
    this.clipValue =
      clipValue == null ? undefined : checkNumber("clipValue", clipValue, "a number > 0", v => v > 0);
    this.decays = decays;
  }

  get learningRate(): number {
    return this.#learningRate;
  }
  set learningRate(value: number) {
    this.#learningRate = checkNonNegative("learningRate", value);
  }

  /** The slots that this optimiser keeps for each variable. */
  protected abstract slotNames(): readonly SlotName[];

  /** One update of p from its gradient g; `slots` is empty at the first; `update` counts p's updates from 1. */
  protected abstract rule(p: tf.Tensor, g: tf.Tensor, slots: Update["slots"], update: number): Update;

  /** The same from the raw gradient, clipping and decay included, in one native operation; undefined where there is none. */
  protected nativeRule(
    _p: tf.Tensor,
    _gradient: tf.Tensor,
    _slots: Update["slots"],
    _update: number,
    _decay: number,
  ): Update | undefined {
    return undefined;
  }

  /** Updates each named variable in place. Throws a RangeError for an unknown name or a gradient of another shape. */
  override applyGradients(gradients: tf.NamedTensorMap | NamedGradient[]): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({name, tensor}));
    for (const {name, tensor} of named) if (tensor != null) this.#update(name, tensor);
    this.incrementIterations();
  }

  #update(name: string, gradient: tf.Tensor): void {
    const variable = registeredVariable(name);
    if (variable === undefined) throw new RangeError(`there is no variable "${name}" to update`);
    if (!tf.util.arraysEqual(variable.shape, gradient.shape)) {
      throw new RangeError(
        `gradient of "${name}" has shape [${gradient.shape}], it must be [${variable.shape}]`,
      );
    }
    const old = this.#memory.get(name) ?? {updates: 0, slots: {}};
    const slots: Update["slots"] = {};
    tf.tidy(() => {
      const next =
        this.nativeRule(variable, gradient, old.slots, old.updates + 1, this.#decayOf(name)) ??
        this.rule(variable, this.#direction(name, variable, gradient), old.slots, old.updates + 1);
      variable.assign(next.value);
      for (const slot of this.slotNames()) slots[slot] = tf.keep(tf.clone(next.slots[slot]!));
    });
    tf.dispose(Object.values(old.slots));
    this.#memory.set(name, {updates: old.updates + 1, slots});
  }

  /** clip(g) + weightDecay * p */
  #direction(name: string, p: tf.Tensor, gradient: tf.Tensor): tf.Tensor {
    const {clipValue} = this;
    const g = clipValue === undefined ? gradient : tf.clipByValue(gradient, -clipValue, clipValue);
    const decay = this.#decayOf(name);
    return decay > 0 ? tf.add(g, tf.mul(p, decay)) : g;
  }

  #decayOf(name: string): number {
    return (this.decays?.(name) ?? true) ? this.weightDecay : 0;
  }

  /** Everything remembered, as the optimiser's own tensors. */
  slotTensors(): tf.Tensor[] {
    return [...this.#memory.values()].flatMap(({slots}) => Object.values(slots));
  }

  /** A copy of everything remembered; `setState` with it continues bit for bit. */
  getState(): OptimizerState {
    return readState(this.iterations, this.#memory);
  }

  /**
   * Takes a state that `getState` gave. Throws a UserError, and changes nothing, if it does not fit the existing
   * variables or this optimiser; `variables`, where given, must all be covered by it.
   */
  setState(state: OptimizerState, variables: readonly tf.Variable[] = []): void {
    checkState(state, this.slotNames(), variables);
    this.#forget();
    this.#memory = writeState(state);
    this.iterations_ = state.step;
  }

  /** The step count, then the slots as tensors named "variable/slot": tfjs's form, for model.save. */
  override async getWeights(): Promise<NamedGradient[]> {
    const slots = [...this.#memory].flatMap(([name, memory]) =>
      Object.entries(memory.slots).map(([slot, tensor]) => ({name: `${name}/${slot}`, tensor})),
    );
    return [await this.saveIterations(), ...slots];
  }

  /** Takes what `getWeights` gave; the variables must bear the same names. */
  override async setWeights(weights: NamedGradient[]): Promise<void> {
    const [step, ...values] = await Promise.all(weights.map(({tensor}) => tensor.data()));
    const slots = values.map((v, i) => {
      const [, name, slot] = /^(.*)\/(\w+)$/.exec(weights[i + 1].name) ?? [];
      return {name: name ?? weights[i + 1].name, slot: slot as SlotName, values: Float32Array.from(v)};
    });
    this.setState({step: step?.[0] ?? 0, slots});
  }

  /** The common options as JSON. Throws a TypeError if `decays` is set: a function cannot be saved. */
  override getConfig(): tf.serialization.ConfigDict {
    if (this.decays) throw new TypeError("decays, a function, cannot be saved: save without the optimiser");
    const {learningRate, weightDecay, clipValue = null} = this;
    return {learningRate, weightDecay, clipValue};
  }

  override dispose(): void {
    this.#forget();
    super.dispose();
  }

  #forget(): void {
    for (const {slots} of this.#memory.values()) tf.dispose(Object.values(slots));
    this.#memory.clear();
  }
}
