import type {Precision} from "../core/precision";
import {type BackendInfo, backendInfo} from "./backend";
import {inBfloat16} from "./bfloat16";
import {KernelChoices, type KernelPlan} from "./kernelPlan";
import {precisionOn, type Settled} from "./precisionOn";

/** How a network's kernels are run. */
export interface Arithmetic {
  /** As it is, which may be less than was asked for. */
  readonly precision: Precision;
  /** Runs a task that ends before it returns; kernels of others' tasks are not touched. */
  run<T>(task: () => T): T;
  /** The forms chosen so far: a run that is given them rounds alike. Empty in float32. */
  plan(): KernelPlan;
}

/** What a precision comes to here, on the backend in use. */
export function precisionHere(
  asked: Precision,
  on: Pick<BackendInfo, "backend" | "device"> = backendInfo(),
  processorFlags?: string,
): Settled {
  return precisionOn(asked, on, processorFlags);
}

/** The arithmetic of a precision here. `plan` repeats the choices of an earlier run; what it lacks is measured. */
export function arithmeticOf(asked: Precision, plan: KernelPlan = {}): Arithmetic {
  const {precision} = precisionHere(asked);
  if (precision === "float32") return {precision, run: task => task(), plan: () => ({})};
  const choices = new KernelChoices(plan);
  const part = precision === "bfloat16" ? "gradients" : "all";
  return {precision, run: task => inBfloat16(part, choices, task), plan: () => choices.plan()};
}
