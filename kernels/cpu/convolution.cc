// 3×3 convolutions with stride 1 and a border of one zero, and their gradients, by Winograd's minimal filtering: a
// quarter of the multiplications. NHWC and HWIO; channels come in whole vectors (kWidth). Results do not depend on
// the number of threads. Twins: TensorFlow's Conv2D, Conv2DBackpropInput and Conv2DBackpropFilter.
#include <algorithm>
#include <cmath>

#include "convolution.h"
#include "winogradFilters.h"
#include "winogradProducts.h"

namespace multiprize {

Memory& convolutionMemory() {
  static Memory kept;
  return kept;
}

Images imagesOf(const Tensor& tensor) { return {tensor.dim(0), tensor.dim(1), tensor.dim(2)}; }

bool fits(Run& run, const Tensor& images, int64_t channels, const Tensor& filters) {
  return run.require(TF_NumDims(images.handle) == 4 && TF_NumDims(filters.handle) == 4, "4 axes are needed") &&
         run.require(filters.dim(0) == kFilter && filters.dim(1) == kFilter, "filters must be 3×3") &&
         run.require(images.dim(3) == channels, "the channels do not fit the filters") &&
         run.require(filters.dim(2) % kWidth == 0 && filters.dim(3) % kWidth == 0, "channels come in whole vectors");
}

bool fitsGradient(Run& run, const Tensor& images, const Tensor& gradient) {
  if (!run.require(TF_NumDims(images.handle) == 4 && TF_NumDims(gradient.handle) == 4, "4 axes are needed")) return false;
  const int64_t inputs = images.dim(3), outputs = gradient.dim(3);
  return run.require(images.size() / inputs == gradient.size() / outputs, "the gradient does not fit the images") &&
         run.require(inputs % kWidth == 0 && outputs % kWidth == 0, "channels come in whole vectors");
}

// Whether a tile sees nothing but ±1, and zeros outside the image.
bool signsAlone(const Images& images, int64_t channels, const float* x, int64_t tile) {
  const Corner corner(images, tile);
  const int64_t left = std::max<int64_t>(corner.x - 1, 0);
  const int64_t right = std::min(corner.x + kOut + 1, images.width);
  for (int64_t y = std::max<int64_t>(corner.y - 1, 0); y < std::min(corner.y + kOut + 1, images.height); y++) {
    const float* row = x + ((corner.image * images.height + y) * images.width + left) * channels;
    bool signs = true;
    for (int64_t i = 0; i < (right - left) * channels; i++) signs &= std::fabs(row[i]) == 1.0f;
    if (!signs) return false;
  }
  return true;
}

namespace {

// Tiles that go through all stages together: few, so that their buffers stay in the cache, unless the filters, which
// each such block reads, do not fit there themselves. Measured, as is the next.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 17 ? 28 : 128, tiles);
}

// The same for the filters' gradient, where each block adds to the sums of all filters.
int64_t gradientBlockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min(std::clamp<int64_t>(inputs * outputs / 1024, 28, 128), tiles);
}

}  // namespace

void convolve(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* w,
              float* y) {
  const bool anySigns = signsAlone(images, inputs, x, 0);
  if (anySigns && convolveSigns(memory, images, inputs, outputs, x, w, y)) return;
  float* u = memory.filters.of(kPositions * inputs * outputs);
  shareOut(inputs, [&](int64_t input, int) { filterRow<kIn, filterTransform>(inputs, outputs, w, input, u); });
  const float gain = anySigns ? gainOf(w, kFilter * kFilter * inputs * outputs) : 0;
  const float* zeros = memory.zeros.zeros(inputs);
  const int64_t tiles = images.tiles();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(tiles, parts()));
  shareOut(ceilDivide(tiles, block), [&](int64_t job, int part) {
    float* v = memory.inputs[part].of(kPositions * block * inputs);
    float* m = memory.outputs[part].of(kPositions * block * outputs);
    const int64_t first = job * block;
    const int64_t rows = std::min(block, tiles - first);
    float unit = gain;
    for (int64_t row = 0; row < rows; row++) {
      if (unit != 0 && !signsAlone(images, inputs, x, first + row)) unit = 0;
      inputTile(images, inputs, x, zeros, first + row, 0, inputs, v, rows, row);
    }
    for (int64_t p = 0; p < kPositions; p++) {
      multiplyPosition(v + p * rows * inputs, rows, inputs, u + p * inputs * outputs, outputs,
                       m + p * rows * outputs);
    }
    for (int64_t row = 0; row < rows; row++) outputTile(images, outputs, m, rows, row, first + row, unit, y);
  });
}

namespace {

// dw = Σ over images of x ∗ dy.
void filterGradient(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                    const float* dy, float* dw) {
  const int64_t tiles = images.tiles();
  const Shares shares(inputs, outputs, tiles);
  const int64_t apart = sumsApart(inputs, outputs), sums = kPositions * apart;
  float* s = memory.filters.of(shares.ofTiles * sums);
  const float* zeros = memory.zeros.zeros(std::max(inputs, outputs));
  shareOutSums(shares, inputs, tiles, [&](const Share& share, int part) {
    const auto [slice, from, to, channel, count] = share;
    const int64_t block = gradientBlockOf(inputs, outputs, to - from);
    float* v = memory.inputs[part].of(kPositions * block * count);
    float* z = memory.outputs[part].of(kPositions * block * outputs);
    for (int64_t first = from; first < to; first += block) {
      const int64_t rows = std::min(block, to - first);
      for (int64_t row = 0; row < rows; row++) {
        inputTile(images, inputs, x, zeros, first + row, channel, count, v, rows, row);
        outputGradientTile(images, outputs, dy, zeros, first + row, z, rows, row);
      }
      for (int64_t p = 0; p < kPositions; p++) {
        multiplyGradient(v + p * rows * count, channel, count, z + p * rows * outputs, outputs, rows, first > from,
                         s + slice * sums + p * apart, inputs);
      }
    }
  });
  filterGradients<kIn, filterGradientTransform>(inputs, outputs, s, shares.ofTiles, dw);
}

}  // namespace

bool registerConvolution() {
  return registerOperation("MultiprizeConv3x3", {"images: float", "filters: float", ">result: float"}, nullptr,
                           computeConvolution<convolve>, nullptr) &&
         registerOperation("MultiprizeConv3x3InputGrad", {"gradient: float", "filters: float", ">result: float"},
                           nullptr, computeInputGradient<convolve>, nullptr) &&
         registerOperation("MultiprizeConv3x3FilterGrad", {"images: float", "gradient: float", ">result: float"},
                           nullptr, computeFilterGradient<filterGradient>, nullptr);
}

}  // namespace multiprize
