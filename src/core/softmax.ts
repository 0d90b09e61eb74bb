import {argmax} from "./argmax";

/** p_c = exp(z_c − max z) / Σ exp(z − max z) */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const most = logits[argmax(logits)];
  const powers = Float64Array.from(logits, z => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map(power => power / sum);
}
