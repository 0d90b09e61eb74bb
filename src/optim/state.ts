import * as tf from "@tensorflow/tfjs";
import {UserError} from "../core/errors";

/** What an optimiser remembers of a variable: SGD its momentum buffer, Adam its two moments. */
export type SlotName = "momentum" | "m" | "v";

export interface SlotState {
  /** Name of the tf.Variable the values belong to. */
  name: string;
  slot: SlotName;
  values: Float32Array;
  /** Updates this variable has had, where that differs from the optimiser's `step`. */
  updates?: number;
}

/** All that an optimiser needs to go on as if it had never stopped. */
export interface OptimizerState {
  /** Calls of applyGradients so far. */
  step: number;
  slots: SlotState[];
}

/** A variable's slots as tensors; none before its first update. */
export interface Memory {
  updates: number;
  slots: Partial<Record<SlotName, tf.Tensor>>;
}

/** The variable of that name, as tfjs's own optimisers look it up; undefined if there is none. */
export function registeredVariable(name: string): tf.Variable | undefined {
  return tf.engine().registeredVariables[name];
}

/** Memory of every variable as plain numbers, copied. */
export function readState(step: number, memory: ReadonlyMap<string, Memory>): OptimizerState {
  const slots: SlotState[] = [];
  for (const [name, {updates, slots: tensors}] of memory) {
    for (const [slot, tensor] of Object.entries(tensors) as [SlotName, tf.Tensor][]) {
      const values = Float32Array.from(tensor.dataSync());
      slots.push(updates === step ? {name, slot, values} : {name, slot, values, updates});
    }
  }
  return {step, slots};
}

/**
 * Throws a UserError unless the state fits: known variables of the right size, exactly the slots that this
 * optimiser keeps, and every one of `variables` covered.
 */
export function checkState(
  state: OptimizerState,
  kept: readonly SlotName[],
  variables: readonly tf.Variable[],
): void {
  if (!Number.isInteger(state.step) || state.step < 0)
    misfit(`its step is ${state.step}, not a whole number`);
  const seen = new Set<string>();
  for (const {name, slot, values} of state.slots) {
    if (!kept.includes(slot)) {
      misfit(`it holds "${slot}" of "${name}", this optimiser keeps ${kept.join(" and ") || "nothing"}`);
    }
    const variable = registeredVariable(name);
    if (variable === undefined) misfit(`there is no variable "${name}"`);
    if (variable.size !== values.length) {
      misfit(`${values.length} values of "${slot}" for "${name}", which has ${variable.size}`);
    }
    const key = JSON.stringify([name, slot]);
    if (seen.has(key)) misfit(`"${slot}" of "${name}" occurs twice`);
    seen.add(key);
  }
  const names = new Set([...state.slots.map(s => s.name), ...variables.map(v => v.name)]);
  if (state.step > 0 && kept.length > 0 && state.slots.length === 0) misfit(`it lacks "${kept[0]}"`);
  for (const name of state.step > 0 ? names : []) {
    const missing = kept.find(slot => !seen.has(JSON.stringify([name, slot])));
    if (missing !== undefined) misfit(`it lacks "${missing}" of "${name}"`);
  }
}

/** The inverse of `readState`: new tensors, owned by the caller. */
export function writeState(state: OptimizerState): Map<string, Memory> {
  const memory = new Map<string, Memory>();
  for (const {name, slot, values, updates} of state.slots) {
    const entry = memory.get(name) ?? {updates: updates ?? state.step, slots: {}};
    const shape = registeredVariable(name)?.shape ?? [values.length];
    entry.slots[slot] = tf.keep(tf.tensor(Float32Array.from(values), shape, "float32"));
    memory.set(name, entry);
  }
  return memory;
}

function misfit(why: string): never {
  throw new UserError(`the optimiser state does not fit: ${why}`);
}
