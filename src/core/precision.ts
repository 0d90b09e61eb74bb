/**
 * Of convolutions and matrix products; all else, and the sums within them, is float32 in any. Both others compute in
 * numbers of 16 bits, bfloat16 or (within Winograd's filtering) whole numbers, wherever that is faster.
 * - `bfloat16`: their gradients. The forward pass is float32's to the last bit, and so are loss and accuracy of given
 *   scores; dL/dS has a cosine above 0.9999 to float32's.
 * - `bfloat16-throughout`: the forward pass too. Faster again, but rounded activations fall on the other side of a
 *   max-pooling or a ReLU here and there, and send the gradient another way: the cosine is 0.99 in conv6.
 */
export type Precision = "float32" | "bfloat16" | "bfloat16-throughout";
export const precisions: readonly Precision[] = ["float32", "bfloat16", "bfloat16-throughout"];
