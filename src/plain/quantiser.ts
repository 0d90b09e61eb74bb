/**
 * ‖W − gain · M ⊙ sign W‖² / ‖W‖²: what a binary layer loses of its weights, as a share. For a given mask no signs
 * do better than sign W, and no gain better than the mean |W| of the kept, where the share is 1 − cos²(W, M ⊙ sign
 * W). Weights and mask flattened, one entry a weight; RangeError for lengths that differ.
 */
export function quantisationError(weights: Float32Array, mask: Uint8Array, gain: number): number {
  if (mask.length !== weights.length)
    throw new RangeError(`${weights.length} weights do not match a mask of ${mask.length}`);
  let [lost, whole] = [0, 0];
  weights.forEach((w, i) => {
    whole += w * w;
    lost += (mask[i] === 1 ? Math.abs(w) - gain : w) ** 2;
  });
  return lost / whole;
}
