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

// B′ᵀ d B′ of a vector of channels of one tile, position by position; shows `largest` the results, or where they are to
// be of signs, `signs` what went in. Not inlined, or the compiler would keep 36 addresses in vector registers.
template <bool ofSigns>
__attribute__((noinline)) void transformTile(const Pixels<kIn>& pixels, int64_t c, float* to, Largest& largest,
                                             SignsAlone& signs) {
  Vector half[kIn][kIn];
  for (int j = 0; j < kIn; j++) {
    Vector d[kIn], o[kIn];
#pragma GCC unroll 6
    for (int i = 0; i < kIn; i++) d[i] = multiprize::load(pixels.at[i][j] + c);
    if (ofSigns) {
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) signs.see(d[i]);
    }
    inputTransform(d, o);
#pragma GCC unroll 6
    for (int i = 0; i < kIn; i++) half[i][j] = o[i];
  }
  for (int i = 0; i < kIn; i++) {
    Vector o[kIn];
    inputTransform(half[i], o);
#pragma GCC unroll 6
    for (int j = 0; j < kIn; j++) {
      if (!ofSigns) largest.see(o[j]);
      multiprize::store(to + (i * kIn + j) * kWidth, o[j]);
    }
  }
}

// B′ᵀ d B′ of one tile of x, rounded, as row `row` of v, in panels of one vector of channels, positions `apart` from each
// other; gives t. Signs alone are not rounded: then t is 1, or 0 where there was something else. `scratch` has room for
// the 36 positions of all channels. Asks for the pixels of the next tile.
template <bool ofSigns>
float inputTile(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile,
                float* scratch, int32_t* v, int64_t rows, int64_t apart, int64_t row) {
  const Pixels<kIn> pixels(images, channels, x, zeros, tile, 1);
  if (tile + 1 < images.tiles()) Pixels<kIn>(images, channels, x, zeros, tile + 1, 1).fetch(0, channels);
  Largest largest;
  SignsAlone signs;
  for (int64_t c = 0; c < channels; c += kWidth) {
    transformTile<ofSigns>(pixels, c, scratch + c * kPositions, largest, signs);
  }
  if (ofSigns && !signs.hold()) return 0;
  const float unit = ofSigns ? 1 : largest.unit();
  const Vector inverse = broadcast(1 / unit);
  for (int64_t c = 0; c < channels; c += kWidth) {
    int32_t* to = v + (c * rows + row * kWidth) / kPair;
    for (int p = 0; p < kPositions; p++) {
      round(to + p * apart, scratch + c * kPositions + p * kWidth, inverse);
    }
  }
  return unit;
}

// A′ᵀ m A′ · unit: one tile of the panel of y from row `row` of m, which holds that panel alone, position by position,
// `apart` from each other. Of signs the results are known to be whole, and are rounded before they are multiplied.
// `past` writes past the cache.
template <bool signs, bool past>
void outputTile(const Images& images, int64_t channels, int64_t panel, const int32_t* m, int64_t apart, int64_t row,
                int64_t tile, float unit, float gain, float* y) {
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
      for (int i = 0; i < kIn; i++) d[i] = __builtin_convertvector(load(from + (i * kIn + j) * apart), Vector);
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
        const Vector value = signs ? whole(o[j] * kTakenOut) * gain : o[j] * unit;
        if (past) storePast(to + j * channels, value);
        else multiprize::store(to + j * channels, value);
      }
    }
  }
}

}  // namespace multiprize::int16

#endif
