/**
 * biprop: binarised kept weights; edge-popup: kept weights as they are; random-mask: binarised like biprop, but the
 * scores stay where they start, so that the mask is a random one; dense: all weights, and they are trained.
 */
export type Method = "biprop" | "edge-popup" | "random-mask" | "dense";
/** The valid methods. */
export const methods: readonly Method[] = ["biprop", "edge-popup", "random-mask", "dense"];

/** Whether W_eff = α · M ⊙ sign(W); otherwise kept weights stay real. */
export function binarises(method: Method): boolean {
  return method === "biprop" || method === "random-mask";
}
