/** The class with the largest logit, the first of equal ones. */
export function classOf(logits: Float32Array): number {
  return logits.indexOf(logits.reduce((a, b) => Math.max(a, b)));
}
