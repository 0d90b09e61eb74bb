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

// The same of signs alone under filters of 0 and ±α, in whole numbers of 16 bits, which gives the same bits; false, with y
// unfinished, where there is anything else or the processor has no such products.
bool convolveSigns(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                   const float* w, float* y);

// The operations, by the arithmetic that is given: `convolve` as above, `gradient` of x and dy in the place of x and w.

template <auto convolve>
void computeConvolution(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, w, y;
  run.input(0, x);
  run.input(1, w);
  if (!fits(run, x, w.dim(2), w)) return;
  float* to = run.output<float>(0, TF_FLOAT, {x.dim(0), x.dim(1), x.dim(2), w.dim(3)}, y);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  convolve(memory, imagesOf(x), w.dim(2), w.dim(3), x.data<float>(), w.data<float>(), to);
}

template <auto convolve>
void computeInputGradient(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor dy, w, dx;
  run.input(0, dy);
  run.input(1, w);
  if (!fits(run, dy, w.dim(3), w)) return;
  float* to = run.output<float>(0, TF_FLOAT, {dy.dim(0), dy.dim(1), dy.dim(2), w.dim(2)}, dx);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  float* turned = memory.exchanged.of(w.size());
  exchange(w.dim(2), w.dim(3), w.data<float>(), true, turned);
  convolve(memory, imagesOf(dy), w.dim(3), w.dim(2), dy.data<float>(), turned, to);
}

template <auto gradient>
void computeFilterGradient(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, dy, dw;
  run.input(0, x);
  run.input(1, dy);
  if (!fitsGradient(run, x, dy)) return;
  const int64_t inputs = x.dim(3);
  const int64_t outputs = dy.dim(3);
  float* to = run.output<float>(0, TF_FLOAT, {kFilter, kFilter, inputs, outputs}, dw);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  gradient(memory, imagesOf(x), inputs, outputs, x.data<float>(), dy.data<float>(), to);
}

}  // namespace multiprize
