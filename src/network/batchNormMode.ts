/**
 * What of y = γ·x̂ + β is there, and trained.
 * - `none`: y = x̂ (the reference's NonAffineBatchNorm).
 * - `frozen`: γ and β stay where they start (AffineBatchNorm without `--learn_batchnorm`: equal to `none` at 1 and 0).
 * - `learned`: γ and β are trained ("+BN" beside frozen weights; the batch norm of dense nets).
 * - `bias`: γ stays, β is trained (`--bn_bias_only`).
 */
export type BatchNormMode = "none" | "frozen" | "learned" | "bias";
export const batchNormModes: readonly BatchNormMode[] = ["none", "frozen", "learned", "bias"];
