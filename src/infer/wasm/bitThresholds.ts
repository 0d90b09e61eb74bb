import {signOfActivation} from "../../core/sign";
import {keptCounts} from "../keptInputs";
import type {BinaryLayer, ChannelAffine} from "../network";
import {type Threshold, thresholdOf} from "./threshold";

/**
 * For every filter the sums whose sign(scale · (α · sum) + shift + addend) is +1, as a threshold; each step rounds to
 * float32, as where the values are computed one by one.
 */
export function bitThresholds(layer: BinaryLayer, norm: ChannelAffine | undefined, addend = 0): Threshold[] {
  const f = Math.fround;
  const filters = layer.shape[layer.shape.length - 1];
  const gain = f(layer.gain);
  const counts = keptCounts(layer.signs, filters);
  return Array.from({length: filters}, (_, c) => {
    const value = (sum: number): number => {
      const y = f(gain * sum);
      const normed = norm ? f(f(y * norm.scale[c]) + norm.shift[c]) : y;
      return addend === 0 ? normed : f(normed + addend);
    };
    const falling = gain * (norm?.scale[c] ?? 1) < 0;
    return thresholdOf(sum => signOfActivation(value(sum)) === 1, counts[2 * c] + counts[2 * c + 1], falling);
  });
}
