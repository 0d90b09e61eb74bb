import {type Rule, ruleNamed} from "./rule";

/** Inputs and outputs that one weight tensor connects: HWIO of a convolution or IO of a dense layer. */
export interface Fan {
  /** kh·kw·in: the inputs summed into one output. */
  readonly in: number;
  /** kh·kw·out. */
  readonly out: number;
}

/**
 * Fan in and fan out of a weight shape, HWIO or IO: inputs (outputs) times the kernel's places. RangeError for
 * fewer than two axes.
 */
export function fanOf(shape: readonly number[]): Fan {
  if (shape.length < 2) throw new RangeError(`a weight shape is HWIO or IO, got [${shape}]`);
  const receptive = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const [inputs, outputs] = shape.slice(-2);
  return {in: receptive * inputs, out: receptive * outputs};
}

/** The fan that an initialisation divides by, from the true fan and the share k of weights kept. */
export type FanFunction = (fan: number, keepFraction: number) => number;
export type FanName = "pruned" | "kept" | "none";
export type FanRule = Rule<FanName, FanFunction>;

/**
 * How the initialisation answers to pruning.
 * - `pruned`: fan·(1−k), the reference's `--scale-fan`. It scales by the share *removed* although the mask keeps k.
 * - `kept`: fan·k, the inputs that are really left.
 * - `none`: fan.
 *
 * Source: chrundle/biprop f709fc5, utils/builder.py.
 */
export const fanRules: Readonly<Record<FanName, FanFunction>> = {
  pruned: (fan, k) => {
    if (k >= 1) {
      throw new RangeError(
        "fan rule pruned divides by fan·(1−k), which is 0 when all weights are kept; use kept or none",
      );
    }
    return fan * (1 - k);
  },
  kept: (fan, k) => fan * k,
  none: fan => fan,
};

export function fanRuleNamed(rule: FanRule): FanFunction {
  return ruleNamed("fan rule", fanRules, rule);
}
