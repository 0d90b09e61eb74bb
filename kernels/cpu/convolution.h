// What the 3×3 convolutions at stride 1 share, whatever the arithmetic of their products.
#pragma once
#include "operation.h"
#include "winogradShares.h"

namespace multiprize {

// Kept by all of them; its mutex is held by who uses it.
Memory& convolutionMemory();

Images imagesOf(const Tensor& tensor);

// Ends a run with an error where the kernels would read past a tensor.
bool fits(Run& run, const Tensor& images, int64_t channels, const Tensor& filters);
bool fitsGradient(Run& run, const Tensor& images, const Tensor& gradient);

// Whether a tile sees nothing but ±1, and zeros outside the image.
bool signsAlone(const Images& images, int64_t channels, const float* x, int64_t tile);

// y = x ∗ w in float32. In MPT-1/1 all inputs are ±1 and all weights 0 or ±α, so that y are whole multiples of α;
// rounded to them they are exact, where the rounding of the sums would decide the next layer's signs.
void convolve(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* w,
              float* y);

}  // namespace multiprize
