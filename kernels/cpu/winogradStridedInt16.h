// Winograd's filtering at stride 2 (winogradStrided.h) in whole numbers of 16 bits, for filters that are 0 or ±α. With the
// rows of G cleared of their denominators, G g Gᵀ of signs are whole numbers up to 9; tiles are rounded to 32767ths of
// their largest value; products sum exactly in 32 bits. B's row of the point 2 is doubled and those of odd inputs taken
// three times, so that all rows round alike, and A makes up for it:
//   y = α·t / 6² · A′ᵀ [ Σ over channels of (G′ s G′ᵀ) ⊙ round(B′ᵀ d B′ / t) ] A′,
//   dx = α·t · B [ Σ over channels of (G′ s G′ᵀ) ⊙ round(A″ dY A″ᵀ / t) ] Bᵀ,   t the largest value over 32767.
#pragma once
#include "int16Products.h"
#include "winogradStridedTiles.h"

#if MULTIPRIZE_SIXTEEN_BITS

namespace multiprize::strided::int16 {

using namespace multiprize::int16;

// The most channels whose products cannot overflow, each at most 9 · 32767.
constexpr int64_t kMostChannels = std::numeric_limits<int32_t>::max() / (9 * kMost);
constexpr float kTakenOut = 1.0f / 36;

// G′ s
inline void filterTransform(const Words g[kFilter], Words o[kFilters]) {
  o[0] = g[0];
  o[1] = -(g[0] + g[2]);
  o[2] = g[2] - g[0];
  o[3] = g[0] + 2 * g[2];
  o[4] = g[2];
  o[kEven] = g[1];
}

// B′ᵀ d
inline void inputTransform(const Vector d[kIn], Vector o[kIn]) {
  strided::inputTransform(d, o);
  o[3] = 2.0f * o[3];
  for (int i = kEven; i < kIn; i++) o[i] = 3.0f * o[i];
}

// A′ᵀ m
inline void outputTransform(const Vector m[kIn], Vector o[kOut]) {
  const Vector sum = multiplyAdd(3.0f, m[1], m[2]);
  const Vector difference = multiplyAdd(3.0f, m[1], -m[2]);
  o[0] = multiplyAdd(3.0f, m[0], multiplyAdd(0.5f, m[3], multiplyAdd(2.0f, m[kEven], sum)));
  o[1] = multiplyAdd(2.0f, m[kEven + 1], m[3] + difference);
  o[2] = multiplyAdd(2.0f, m[3], multiplyAdd(2.0f, m[kEven + 2], sum));
  o[3] = multiplyAdd(4.0f, m[3], multiplyAdd(6.0f, m[4], multiplyAdd(2.0f, m[kEven + 3], difference)));
}

// A″ y: A y by what was taken from G.
inline void outputGradientTransform(const Vector y[kOut], Vector o[kIn]) {
  strided::outputGradientTransform(y, o);
  o[0] = 0.5f * o[0];
  o[1] = 0.5f * o[1];
  o[2] = (1.0f / 6) * o[2];
  o[3] = (1.0f / 6) * o[3];
}

// A vector of channels of one tile, transformed down and across, position by position; shows `largest` the results, or
// where they are to be of signs, `signs` what went in.
template <bool ofSigns, int kSide, auto transform>
__attribute__((noinline)) void transformTile(const Pixels<kSide>& pixels, int64_t c, float* to, Largest& largest,
                                             SignsAlone& signs) {
  Vector half[kIn][kSide];
  for (int j = 0; j < kSide; j++) {
    Vector d[kSide], o[kIn];
#pragma GCC unroll 9
    for (int i = 0; i < kSide; i++) {
      d[i] = multiprize::load(pixels.at[i][j] + c);
      if (ofSigns) signs.see(d[i]);
    }
    transform(d, o);
#pragma GCC unroll 9
    for (int i = 0; i < kIn; i++) half[i][j] = o[i];
  }
  for (int i = 0; i < kIn; i++) {
    Vector o[kIn];
    transform(half[i], o);
#pragma GCC unroll 9
    for (int j = 0; j < kIn; j++) {
      if (!ofSigns) largest.see(o[j]);
      multiprize::store(to + (i * kIn + j) * kWidth, o[j]);
    }
  }
}

// The same of all channels, rounded, as row `row` of v, in panels of one vector; gives t. Signs alone are not rounded:
// then t is 1, or 0 where there was something else. `scratch` has room for the 81 positions of all channels.
template <bool ofSigns, int kSide, auto transform>
float roundTile(const Pixels<kSide>& pixels, int64_t channels, float* scratch, int32_t* v, int64_t rows, int64_t row) {
  Largest largest;
  SignsAlone signs;
  for (int64_t c = 0; c < channels; c += kWidth) {
    transformTile<ofSigns, kSide, transform>(pixels, c, scratch + c * kProducts, largest, signs);
  }
  if (ofSigns && !signs.hold()) return 0;
  const float unit = ofSigns ? 1 : largest.unit();
  const Vector inverse = broadcast(1 / unit);
  for (int64_t c = 0; c < channels; c += kWidth) {
    const float* from = scratch + c * kProducts;
    for (int i = 0; i < kIn; i++) {
      for (int j = 0; j < kIn; j++, from += kWidth) {
        round(v + inVectors(kPlaces.at[i][j], channels, rows, row, c) / kPair, from, inverse);
      }
    }
  }
  return unit;
}

// One panel of m = v·u, group by group.
inline void multiplyGroups(const int32_t* v, int64_t rows, int64_t inputs, const int32_t* u, int64_t outputs,
                           int64_t panel, int32_t* m) {
  const int64_t pairs = inputs / kPair, width = panelWidth(outputs, panel);
  for (int group = 0; group < kGroups; group++) {
    const int64_t before = productsBefore(group) * rows;
    multiplyPanel(v + before * pairs, productsOf(group) * rows, productsOf(group) * rows, inputs,
                  u + group * wordsApart(pairs * outputs) + panel * kPanel * pairs, width, m + before * width);
  }
}

// A vector of one tile's sums in a panel of m of that width, transformed down and then across.
template <int kSide, auto transform>
void untransform(const int32_t* m, int64_t width, int64_t c, int64_t rows, int64_t row, Vector o[kSide][kSide]) {
  Vector half[kSide][kIn];
  for (int j = 0; j < kIn; j++) {
    Vector d[kIn], t[kSide];
    for (int i = 0; i < kIn; i++) {
      const Place& place = kPlaces.at[i][j];
      d[i] = __builtin_convertvector(load(m + (place.before + place.index) * rows * width + row * width + c), Vector);
    }
    transform(d, t);
    for (int i = 0; i < kSide; i++) half[i][j] = t[i];
  }
  for (int i = 0; i < kSide; i++) transform(half[i], o[i]);
}

// One tile of a panel of y. Of signs the results are whole, and rounded before they are multiplied.
inline void outputTile(const Images& images, int64_t channels, int64_t panel, const int32_t* m, int64_t rows,
                       int64_t row, int64_t tile, float unit, float gain, bool signs, float* y) {
  const Corner corner(images, tile);
  const int64_t high = std::min<int64_t>(kOut, images.down() - corner.y);
  const int64_t wide = std::min<int64_t>(kOut, images.across() - corner.x);
  const int64_t width = panelWidth(channels, panel);
  for (int64_t c = 0; c < width; c += kWidth) {
    Vector o[kOut][kOut];
    untransform<kOut, outputTransform>(m, width, c, rows, row, o);
    for (int i = 0; i < high; i++) {
      const int64_t line = (corner.image * images.down() + corner.y + i) * images.across() + corner.x;
      float* to = y + line * channels + panel * kPanel + c;
      for (int j = 0; j < wide; j++) {
        multiprize::store(to + j * channels, signs ? whole(o[i][j] * kTakenOut) * gain : o[i][j] * unit);
      }
    }
  }
}

// One tile of a panel of dx, added to what its neighbours gave the pixels that they share.
inline void inputGradientTile(const Images& images, int64_t channels, int64_t panel, const int32_t* m, int64_t rows,
                              int64_t row, int64_t tile, float unit, float* dx) {
  const Corner corner(images, tile);
  const int64_t top = images.seenBy(corner.y), left = images.seenBy(corner.x);
  const Within down(top, images.height), across(left, images.width);
  const int64_t width = panelWidth(channels, panel);
  for (int64_t c = 0; c < width; c += kWidth) {
    Vector o[kIn][kIn];
    untransform<kIn, inputGradientTransform>(m, width, c, rows, row, o);
    for (int64_t i = down.first; i < down.end; i++) {
      const int64_t line = (corner.image * images.height + top + i) * images.width + left;
      float* to = dx + line * channels + panel * kPanel + c;
      for (int64_t j = across.first; j < across.end; j++) {
        multiprize::store(to + j * channels, multiplyAdd(unit, o[i][j], multiprize::load(to + j * channels)));
      }
    }
  }
}

}  // namespace multiprize::strided::int16

#endif
