// What 1×1 convolutions at stride 2 know of images and filters.
#pragma once
#include <limits>
#include <mutex>

#include "int16Products.h"
#include "operation.h"
#include "winogradInt16Gradient.h"
#include "winogradProducts.h"
#include "winogradShares.h"

#if MULTIPRIZE_SIXTEEN_BITS

namespace multiprize::pointwise {

// Pixels whose products are taken together: whole registers' worth of rows.
constexpr int64_t kTogether = 4 * kRows;

// Images [batch, height, width, channels]; results, of every second pixel of every second row, are [batch, down, across].
struct Images {
  int64_t batch, height, width;
  int64_t down() const { return (height + 1) / 2; }
  int64_t across() const { return (width + 1) / 2; }
  int64_t results() const { return batch * down() * across(); }
  // The pixel that a result sees.
  int64_t seenBy(int64_t result) const {
    const int64_t line = result / across();
    return rowOf(line) * width + result % across() * 2;
  }
  // The row of all images that a row of results sees.
  int64_t rowOf(int64_t line) const { return line / down() * height + line % down() * 2; }
  // The pixels of that row, from `begin` to before `rest`, and of the one below it, if there is one, to before `next`.
  struct Rows {
    int64_t begin, rest, next;
  };
  Rows rowsOf(int64_t line) const {
    const int64_t begin = rowOf(line) * width, below = line % down() * 2 + 1 < height ? 2 : 1;
    return {begin, begin + width, begin + below * width};
  }
};

// Whether the channels of images are the filters' along `axis`.
inline bool fits(Run& run, const Tensor& images, const Tensor& filters, int axis) {
  return run.require(TF_NumDims(images.handle) == 4 && TF_NumDims(filters.handle) == 4, "4 axes are needed") &&
         run.require(filters.dim(0) == 1 && filters.dim(1) == 1, "filters must be 1×1") &&
         run.require(filters.dim(2) % kWidth == 0 && filters.dim(3) % kWidth == 0, "channels come in whole vectors") &&
         run.require(images.dim(3) == filters.dim(axis), "the channels do not fit the filters");
}

inline bool fitsGradient(Run& run, const Images& images, const Tensor& dy) {
  return run.require(TF_NumDims(dy.handle) == 4 && dy.dim(0) == images.batch && dy.dim(1) == images.down() &&
                         dy.dim(2) == images.across(),
                     "the gradient does not fit the images");
}

// The signs of w [inputs, outputs] as words of two neighbouring inputs, in panels of outputs with a row a pair.
inline void signPairs(int64_t inputs, int64_t outputs, const float* w, int32_t* u) {
  const int64_t pairs = inputs / int16::kPair;
  shareOut(pairs, [&](int64_t pair, int) {
    const auto signs = [&](int64_t input, int64_t k) {
      const Vector weights = load(w + input * outputs + k);
      const int16::Words above = weights > 0, below = weights < 0;
      return below - above;
    };
    for (int64_t k = 0; k < outputs; k += kWidth) {
      int16::store(u + inPanels(outputs, pairs, pair, k),
                   (signs(2 * pair, k) & 0xffff) | signs(2 * pair + 1, k) << 16);
    }
  });
}

// w itself in such panels, a row an input.
inline void inPanelsOf(int64_t inputs, int64_t outputs, const float* w, float* u) {
  shareOut(inputs, [&](int64_t c, int) {
    for (int64_t k = 0; k < outputs; k += kWidth) store(u + inPanels(outputs, inputs, c, k), load(w + c * outputs + k));
  });
}

// [outputs, inputs] of w [inputs, outputs], in squares.
inline void transpose(int64_t inputs, int64_t outputs, const float* w, float* to) {
  shareOut(outputs / kWidth, [&](int64_t block, int) {
    const int64_t k = block * kWidth;
    for (int64_t c = 0; c < inputs; c += kWidth) {
      float square[kWidth][kWidth];
      for (int i = 0; i < kWidth; i++) store(square[i], load(w + (c + i) * outputs + k));
      for (int j = 0; j < kWidth; j++) {
        for (int i = 0; i < kWidth; i++) to[(k + j) * inputs + c + i] = square[i][j];
      }
    }
  });
}

}  // namespace multiprize::pointwise

#endif
