// Winograd's F(4×4, 3×3) in whole numbers of 16 bits, for filters that are 0 or ±α. With the rows of G cleared of
// their denominators, G g Gᵀ of signs are whole numbers up to 49, which are exact; Bᵀ d B of a tile is rounded to
// 32767ths of its largest value; the products sum exactly in 32 bits. What is taken from G, and a doubling of the two
// small rows of B, goes into A:
//   y = α·t / 48² · A′ᵀ [ Σ over channels of (G′ s G′ᵀ) ⊙ round(B′ᵀ d B′ / t) ] A′,   t the largest value over 32767.
#pragma once
#include "int16Products.h"

#if MULTIPRIZE_SIXTEEN_BITS

namespace multiprize::int16 {

// The most channels whose products cannot overflow, each at most 49 · 32767.
constexpr int64_t kMostChannels = std::numeric_limits<int32_t>::max() / (49 * kMost);
// 1 / 48²
constexpr float kTakenOut = 1.0f / (48 * 48);

// G′ s
inline void filterTransform(const Words g[kFilter], Words o[kIn]) {
  const Words evenOfOne = g[0] + g[2];
  const Words evenOfTwo = g[0] + 4 * g[2];
  o[0] = g[0];
  o[1] = evenOfOne + g[1];
  o[2] = evenOfOne - g[1];
  o[3] = evenOfTwo + 2 * g[1];
  o[4] = evenOfTwo - 2 * g[1];
  o[5] = g[2];
}

// B′ᵀ d
inline void inputTransform(const Vector d[kIn], Vector o[kIn]) {
  const Vector evenOfOne = multiplyAdd(-4.0f, d[2], d[4]);
  const Vector oddOfOne = multiplyAdd(-4.0f, d[1], d[3]);
  const Vector evenOfTwo = 2.0f * (d[4] - d[2]);
  const Vector oddOfTwo = d[3] - d[1];
  o[0] = multiplyAdd(4.0f, d[0], multiplyAdd(-5.0f, d[2], d[4]));
  o[1] = evenOfOne + oddOfOne;
  o[2] = evenOfOne - oddOfOne;
  o[3] = multiplyAdd(4.0f, oddOfTwo, evenOfTwo);
  o[4] = multiplyAdd(-4.0f, oddOfTwo, evenOfTwo);
  o[5] = multiplyAdd(4.0f, d[1], multiplyAdd(-5.0f, d[3], d[5]));
}

// A′ᵀ m
inline void outputTransform(const Vector m[kIn], Vector o[kOut]) {
  const Vector sumOfOne = m[1] + m[2];
  const Vector differenceOfOne = m[1] - m[2];
  const Vector sumOfTwo = m[3] + m[4];
  const Vector differenceOfTwo = m[3] - m[4];
  o[0] = multiplyAdd(12.0f, m[0], multiplyAdd(-8.0f, sumOfOne, sumOfTwo));
  o[1] = multiplyAdd(-8.0f, differenceOfOne, 2.0f * differenceOfTwo);
  o[2] = multiplyAdd(-8.0f, sumOfOne, 4.0f * sumOfTwo);
  o[3] = multiplyAdd(-8.0f, differenceOfOne - differenceOfTwo, 48.0f * m[5]);
}

// B′ᵀ d B′ of one tile of x, rounded, as row `row` of v, in panels of one vector of channels; gives t. `scratch` has
// room for the 36 positions of all channels.
inline float inputTile(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile,
                       bool signs, float* scratch, int32_t* v, int64_t rows, int64_t row) {
  const Pixels<kIn> pixels(images, channels, x, zeros, tile, 1);
  Largest largest;
  for (int64_t c = 0; c < channels; c += kWidth) {
    Vector half[kIn][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kIn];
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) d[i] = multiprize::load(pixels.at[i][j] + c);
      inputTransform(d, o);
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < kIn; i++) {
      Vector o[kIn];
      inputTransform(half[i], o);
#pragma GCC unroll 6
      for (int j = 0; j < kIn; j++) {
        largest.see(o[j]);
        multiprize::store(scratch + c * kPositions + (i * kIn + j) * kWidth, o[j]);
      }
    }
  }
  const float unit = largest.unit(signs);
  const Vector inverse = broadcast(1 / unit);
  for (int64_t c = 0; c < channels; c += kWidth) {
    int32_t* to = v + (c * rows + row * kWidth) / kPair;
    for (int p = 0; p < kPositions; p++) {
      round(to + p * rows * channels / kPair, scratch + c * kPositions + p * kWidth, inverse);
    }
  }
  return unit;
}

// A′ᵀ m A′ · unit: one tile of the panel of y from row `row` of m, which holds that panel alone, position by position.
// Of signs y is known to be whole multiples of `gain`.
inline void outputTile(const Images& images, int64_t channels, int64_t panel, const int32_t* m, int64_t rows,
                       int64_t row, int64_t tile, float unit, float gain, float* y) {
  const Corner corner(images, tile);
  const int64_t high = std::min<int64_t>(kOut, images.height - corner.y);
  const int64_t wide = std::min<int64_t>(kOut, images.width - corner.x);
  const int64_t width = panelWidth(channels, panel);
  for (int64_t c = 0; c < width; c += kWidth) {
    const int32_t* from = m + row * width + c;
    Vector half[kOut][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kOut];
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) d[i] = __builtin_convertvector(load(from + (i * kIn + j) * rows * width), Vector);
      outputTransform(d, o);
#pragma GCC unroll 4
      for (int i = 0; i < kOut; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < high; i++) {
      Vector o[kOut];
      outputTransform(half[i], o);
      const int64_t line = (corner.image * images.height + corner.y + i) * images.width + corner.x;
      float* to = y + line * channels + panel * kPanel + c;
      for (int j = 0; j < wide; j++) {
        const Vector value = o[j] * unit;
        multiprize::store(to + j * channels, gain == 0 ? value : wholeMultiples(value, gain));
      }
    }
  }
}

}  // namespace multiprize::int16

#endif
