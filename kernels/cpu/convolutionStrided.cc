// 3×3 convolutions at stride 2, and their gradients, by Winograd's minimal filtering
// (winogradStrided.h): 81 products where 144 are direct. NHWC and HWIO; channels come in whole vectors (kWidth).
// Results do not depend on timing. Twins: TensorFlow's Conv2D, Conv2DBackpropInput and Conv2DBackpropFilter.
#include <algorithm>
#include <cmath>

#include "convolutionStrided.h"
#include "winogradFilters.h"
#include "winogradProducts.h"

namespace multiprize {
namespace strided {

Memory& convolutionMemory() {
  static Memory kept;
  return kept;
}

bool fits(Run& run, const Tensor& images, const Tensor& filters) {
  return run.require(TF_NumDims(images.handle) == 4 && TF_NumDims(filters.handle) == 4, "4 axes are needed") &&
         run.require(filters.dim(0) == kFilter && filters.dim(1) == kFilter, "filters must be 3×3") &&
         run.require(filters.dim(2) % kWidth == 0 && filters.dim(3) % kWidth == 0, "channels come in whole vectors");
}

bool fitsFilters(Run& run, const Images& images) {
  return run.require(images.border >= 0 && images.border < kFilter, "a border is narrower than the filters") &&
         run.require(images.height + 2 * images.border >= kFilter && images.width + 2 * images.border >= kFilter,
                     "images are smaller than the filters");
}

bool fitsImages(Run& run, const Images& images, const Tensor& dy) {
  return fitsFilters(run, images) &&
         run.require(dy.dim(0) == images.batch && dy.dim(1) == images.down() && dy.dim(2) == images.across(),
                     "the gradient does not fit the images");
}

bool signsAlone(const Images& images, int64_t channels, const float* x, int64_t tile) {
  const Corner corner(images, tile);
  const int64_t top = images.seenBy(corner.y), left = images.seenBy(corner.x);
  const Within down(top, images.height), across(left, images.width);
  for (int64_t i = down.first; i < down.end; i++) {
    const int64_t line = (corner.image * images.height + top + i) * images.width + left;
    bool signs = true;
    for (int64_t at = (line + across.first) * channels; at < (line + across.end) * channels; at++) {
      signs &= (x[at] == 0) | (std::fabs(x[at]) == 1);
    }
    if (!signs) return false;
  }
  return true;
}

namespace {

// Tiles that go through all stages together: few, so that their buffers stay in the cache, unless the filters, which
// each block reads, do not fit there themselves. Whole registers' worth of rows.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 14 ? kRows : inputs * outputs < 1 << 16 ? 4 * kRows : 8 * kRows, tiles);
}

// m = v·u, group by group.
void multiplyGroups(const float* v, int64_t rows, int64_t inputs, const float* u, int64_t outputs, float* m) {
  for (int group = 0; group < kGroups; group++) {
    const int64_t before = productsBefore(group) * rows;
    multiplyPosition(v + before * inputs, productsOf(group) * rows, inputs, u + group * inputs * outputs,
                     outputs, m + before * outputs);
  }
}

}  // namespace

void convolve(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* w,
              float* y) {
  float* u = memory.filters.of(kGroups * inputs * outputs);
  shareOut(inputs, [&](int64_t input, int) {
    filterRow<kFilters, filterTransform>(inputs, outputs, w, input, u);
  });
  const float gain = signsAlone(images, inputs, x, 0) ? gainOf(w, kFilter * kFilter * inputs * outputs) : 0;
  const float* zeros = memory.zeros.zeros(inputs);
  const int64_t tiles = images.tiles();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(tiles, parts()));
  shareOut(ceilDivide(tiles, block), [&](int64_t job, int part) {
    float* v = memory.inputs[part].of(kProducts * block * inputs);
    float* m = memory.outputs[part].of(kProducts * block * outputs);
    const int64_t first = job * block;
    const int64_t rows = std::min(block, tiles - first);
    float unit = gain;
    for (int64_t row = 0; row < rows; row++) {
      if (unit != 0 && !signsAlone(images, inputs, x, first + row)) unit = 0;
      inputTile(images, inputs, x, zeros, first + row, 0, inputs, v, rows, row);
    }
    multiplyGroups(v, rows, inputs, u, outputs, m);
    for (int64_t row = 0; row < rows; row++) outputTile(images, outputs, m, rows, row, first + row, unit, y);
  });
}

void inputGradient(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* dy,
                   const float* w, float* dx) {
  float* exchanged = memory.exchanged.of(kFilter * kFilter * inputs * outputs);
  exchange(inputs, outputs, w, false, exchanged);
  float* u = memory.filters.of(kGroups * inputs * outputs);
  shareOut(outputs, [&](int64_t output, int) {
    filterRow<kFilters, filterTransform>(outputs, inputs, exchanged, output, u);
  });
  const float* zeros = memory.zeros.zeros(outputs);
  const int64_t ofImage = images.tilesOfImage();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(images.tiles(), parts()));
  const int64_t together = std::max<int64_t>(1, block / ofImage);
  const int64_t most = std::min(block, together * ofImage);
  shareOut(ceilDivide(images.batch, together), [&](int64_t job, int part) {
    float* z = memory.inputs[part].of(kProducts * most * outputs);
    float* m = memory.outputs[part].of(kProducts * most * inputs);
    const int64_t begin = job * together, end = std::min(begin + together, images.batch);
    const int64_t image = images.height * images.width * inputs;
    std::fill(dx + begin * image, dx + end * image, 0.0f);
    for (int64_t first = begin * ofImage; first < end * ofImage; first += most) {
      const int64_t rows = std::min(most, end * ofImage - first);
      for (int64_t row = 0; row < rows; row++) {
        outputGradientTile(images, outputs, dy, zeros, first + row, z, rows, row, inVectors);
      }
      multiplyGroups(z, rows, outputs, u, inputs, m);
      for (int64_t row = 0; row < rows; row++) {
        inputGradientTile(images, inputs, m, rows, row, first + row, dx);
      }
    }
  });
}

namespace {

// dw = Σ over images of x ∗ dy.
void filterGradient(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                    const float* dy, float* dw) {
  const int64_t tiles = images.tiles();
  const Shares shares(inputs, outputs, tiles);
  const int64_t apart = sumsApart(inputs, outputs), sums = kGroups * apart;
  float* s = memory.filters.of(shares.ofTiles * sums);
  const float* zeros = memory.zeros.zeros(std::max(inputs, outputs));
  shareOutSums(shares, inputs, tiles, [&](const Share& share, int part) {
    const auto [slice, from, to, channel, count] = share;
    const int64_t block = std::min(std::clamp<int64_t>(inputs * outputs / 1024, 16, 64), to - from);
    float* v = memory.inputs[part].of(kProducts * block * count);
    float* z = memory.outputs[part].of(kProducts * block * outputs);
    for (int64_t first = from; first < to; first += block) {
      const int64_t rows = std::min(block, to - first);
      for (int64_t row = 0; row < rows; row++) {
        inputTile(images, inputs, x, zeros, first + row, channel, count, v, rows, row);
        outputGradientTile(images, outputs, dy, zeros, first + row, z, rows, row, inPairs);
      }
      for (int group = 0; group < kGroups; group++) {
        const int64_t before = productsBefore(group) * rows;
        multiplyGradient(v + before * count, channel, count, z + before * outputs, outputs,
                         productsOf(group) * rows, first > from,
                         s + slice * sums + group * apart, inputs);
      }
    }
  });
  filterGradients<kFilters, filterGradientTransform>(inputs, outputs, s, shares.ofTiles, dw);
}

}  // namespace
}  // namespace strided

bool registerStridedConvolution() {
  return strided::registerConvolution<strided::convolve>("MultiprizeStridedConv3x3") &&
         strided::registerInputGradient<strided::inputGradient>("MultiprizeStridedConv3x3InputGrad") &&
         strided::registerFilterGradient<strided::filterGradient>("MultiprizeStridedConv3x3FilterGrad");
}

}  // namespace multiprize
