// What the 3×3 convolutions at stride 2 share, whatever the arithmetic of their products.
#pragma once
#include <mutex>

#include "operation.h"
#include "winogradShares.h"
#include "winogradStridedTiles.h"

namespace multiprize::strided {

// Kept by all of them; its mutex is held by who uses it.
Memory& convolutionMemory();

bool fits(Run& run, const Tensor& images, const Tensor& filters);

// Whether the filters fit into the images with their border.
bool fitsFilters(Run& run, const Images& images);

// Whether dy is a result of images of these sides.
bool fitsImages(Run& run, const Images& images, const Tensor& dy);

// Whether a tile sees nothing but 0 and ±1.
bool signsAlone(const Images& images, int64_t channels, const float* x, int64_t tile);

// y = x ∗ w in float32. Sums of signs under binary weights are rounded to the whole multiples of the gain that they are.
void convolve(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* w,
              float* y);

// dx from dy in float32. Neighbouring tiles add to the same pixels, so whole images go to one thread.
void inputGradient(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* dy,
                   const float* w, float* dx);

// The operations, by the arithmetic that is given. Each has for its kernel the width of the border.

inline void* createBorder(TF_OpKernelConstruction* construction) {
  auto* border = new int64_t(0);
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "border", border, status);
  TF_DeleteStatus(status);
  return border;
}
inline void destroyBorder(void* kernel) { delete static_cast<int64_t*>(kernel); }

template <auto convolve>
void computeConvolution(void* kernel, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, w, y;
  run.input(0, x);
  run.input(1, w);
  if (!fits(run, x, w) || !run.require(x.dim(3) == w.dim(2), "the channels do not fit the filters")) return;
  const Images images{x.dim(0), x.dim(1), x.dim(2), *static_cast<int64_t*>(kernel)};
  if (!fitsFilters(run, images)) return;
  float* to = run.output<float>(0, TF_FLOAT, {images.batch, images.down(), images.across(), w.dim(3)}, y);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  convolve(memory, images, w.dim(2), w.dim(3), x.data<float>(), w.data<float>(), to);
}

// The shape of the images is the first input.
template <auto gradient>
void computeInputGradient(void* kernel, TF_OpKernelContext* context) {
  Run run(context);
  Tensor shape, w, dy, dx;
  run.input(0, shape);
  run.input(1, w);
  run.input(2, dy);
  if (!fits(run, dy, w) || !run.require(dy.dim(3) == w.dim(3), "the channels do not fit the filters")) return;
  if (!run.require(shape.size() == 4, "a shape is four numbers")) return;
  const int32_t* sides = shape.data<int32_t>();
  const Images images{sides[0], sides[1], sides[2], *static_cast<int64_t*>(kernel)};
  if (!run.require(sides[3] == w.dim(2), "the channels do not fit the filters")) return;
  if (!fitsImages(run, images, dy)) return;
  float* to = run.output<float>(0, TF_FLOAT, {sides[0], sides[1], sides[2], sides[3]}, dx);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  gradient(memory, images, w.dim(2), w.dim(3), dy.data<float>(), w.data<float>(), to);
}

template <auto gradient>
void computeFilterGradient(void* kernel, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, dy, dw;
  run.input(0, x);
  run.input(1, dy);
  const int64_t inputs = x.dim(3);
  const int64_t outputs = dy.dim(3);
  const Images images{x.dim(0), x.dim(1), x.dim(2), *static_cast<int64_t*>(kernel)};
  if (!fitsImages(run, images, dy)) return;
  if (!run.require(inputs % kWidth == 0 && outputs % kWidth == 0, "channels come in whole vectors")) return;
  float* to = run.output<float>(0, TF_FLOAT, {kFilter, kFilter, inputs, outputs}, dw);
  Memory& memory = convolutionMemory();
  const std::lock_guard<std::mutex> lock(memory.mutex);
  gradient(memory, images, inputs, outputs, x.data<float>(), dy.data<float>(), to);
}

template <auto convolve>
bool registerConvolution(const char* name) {
  return registerOperation(name, {"images: float", "filters: float", ">result: float", "@border: int = 0"},
                           createBorder, computeConvolution<convolve>, destroyBorder);
}
template <auto gradient>
bool registerInputGradient(const char* name) {
  return registerOperation(
      name, {"shape: int32", "filters: float", "gradient: float", ">result: float", "@border: int = 0"}, createBorder,
      computeInputGradient<gradient>, destroyBorder);
}
template <auto gradient>
bool registerFilterGradient(const char* name) {
  return registerOperation(name, {"images: float", "gradient: float", ">result: float", "@border: int = 0"},
                           createBorder, computeFilterGradient<gradient>, destroyBorder);
}

}  // namespace multiprize::strided
