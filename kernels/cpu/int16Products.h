// Matrix products of whole numbers of 16 bits, summed exactly in 32: of rounded tiles and of filters that are 0 or ±α.
// Words hold the values of two neighbouring channels, as the processor multiplies them.
#pragma once
#include <array>
#include <limits>
#include <utility>

#include "winogradTiles.h"

#if MULTIPRIZE_SIXTEEN_BITS

namespace multiprize::int16 {

typedef int32_t Words __attribute__((vector_size(kWidth * sizeof(int32_t))));
typedef int32_t UnalignedWords __attribute__((vector_size(kWidth * sizeof(int32_t)), aligned(4), may_alias));

inline Words load(const int32_t* from) { return *reinterpret_cast<const UnalignedWords*>(from); }
inline void store(int32_t* to, Words value) { *reinterpret_cast<UnalignedWords*>(to) = value; }

// Channels that a word holds, and words of a vector of channels.
constexpr int64_t kPair = 2;
constexpr int64_t kWords = kWidth / kPair;
// What a tile's largest value is rounded to.
constexpr int64_t kMost = std::numeric_limits<int16_t>::max();

// The filters that read input channels 2·pair and 2·pair + 1, as row `pair` of u: G′ s G′ᵀ of their signs s. w is
// [3, 3, inputs, outputs].
template <int kSide, auto transform>
void filterPair(int64_t inputs, int64_t outputs, const float* w, int64_t pair, int32_t* u) {
  for (int64_t k = 0; k < outputs; k += kWidth) {
    Words of[kPair][kSide][kSide];
    for (int which = 0; which < kPair; which++) {
      const float* from = w + (kPair * pair + which) * outputs + k;
      Words half[kSide][kFilter];
      for (int j = 0; j < kFilter; j++) {
        Words g[kFilter], o[kSide];
        for (int i = 0; i < kFilter; i++) {
          const Vector weight = multiprize::load(from + (i * kFilter + j) * inputs * outputs);
          // What holds is −1.
          g[i] = (weight < 0) - (weight > 0);
        }
        transform(g, o);
        for (int i = 0; i < kSide; i++) half[i][j] = o[i];
      }
      for (int i = 0; i < kSide; i++) transform(half[i], of[which][i]);
    }
    int32_t* to = u + inPanels(outputs, inputs / kPair, pair, k);
    for (int i = 0; i < kSide; i++) {
      for (int j = 0; j < kSide; j++) {
        const int64_t position = i * kSide + j;
        store(to + position * (inputs / kPair) * outputs, (of[0][i][j] & 0xffff) | of[1][i][j] << 16);
      }
    }
  }
}

// The largest magnitude of what it was shown. As whole numbers the bits of positive floats are in their order, and
// those of infinity and NaN above all.
class Largest {
 public:
  void see(Vector values) {
    most_ = _mm512_max_epu32(most_, _mm512_and_si512((__m512i)values, _mm512_set1_epi32(0x7fffffff)));
  }

  // What a step of a tile's rounded values stands for. Signs alone are not rounded; beside infinity or NaN all is NaN.
  float unit(bool signs) const {
    if (signs) return 1;
    const unsigned bits = _mm512_reduce_max_epu32(most_);
    const float most = _mm512_cvtss_f32(_mm512_castsi512_ps(_mm512_set1_epi32(bits)));
    if (!(most <= std::numeric_limits<float>::max())) return std::numeric_limits<float>::quiet_NaN();
    // The inverse of anything smaller might be infinite.
    return std::max(most, 1e-30f) / kMost;
  }

 private:
  __m512i most_ = _mm512_setzero_si512();
};

// A vector of channels in steps of 1 / inverse, as words.
inline void round(int32_t* to, const float* values, Vector inverse) {
  const __m512i rounded = _mm512_cvtps_epi32((__m512)(multiprize::load(values) * inverse));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtsepi32_epi16(rounded));
}

// m[r, k] = Σ over c of v[r, c]·u[c, k] for Rows rows and a panel of outputs Vectors wide; v is in panels of kWords
// words, `vPanel` words apart.
template <int Rows, int Vectors>
void multiplyRows(const int32_t* v, int64_t vPanel, int64_t words, const int32_t* u, int32_t* m) {
  __m512i sum[Rows][Vectors] = {};
  for (int64_t c = 0; c < words; c += kWords, v += vPanel) {
#pragma GCC unroll 2
    for (int lane = 0; lane < kWords; lane++, u += Vectors * kWidth) {
      __m512i b[Vectors];
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; j++) b[j] = _mm512_loadu_si512(u + j * kWidth);
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        const __m512i a = _mm512_set1_epi32(v[r * kWords + lane]);
#pragma GCC unroll 2
        for (int j = 0; j < Vectors; j++) sum[r][j] = _mm512_dpwssd_epi32(sum[r][j], a, b[j]);
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) _mm512_storeu_si512(m + (r * Vectors + j) * kWidth, sum[r][j]);
  }
}

using MultiplyRows = void (*)(const int32_t*, int64_t, int64_t, const int32_t*, int32_t*);

template <int Vectors, int... Rows>
constexpr std::array<MultiplyRows, sizeof...(Rows)> multiplyRowsTable(std::integer_sequence<int, Rows...>) {
  return {multiplyRows<Rows + 1, Vectors>...};
}

// m = v·u for all of `rows` rows and the panel of `width` outputs that u and m begin with.
inline void multiplyPanel(const int32_t* v, int64_t rows, int64_t inputs, const int32_t* u, int64_t width,
                          int32_t* m) {
  static constexpr auto narrow = multiplyRowsTable<1>(std::make_integer_sequence<int, kRows>());
  static constexpr auto whole = multiplyRowsTable<2>(std::make_integer_sequence<int, kRows>());
  const auto& products = width == kPanel ? whole : narrow;
  for (int64_t row = 0; row < rows; row += kRows) {
    const int64_t some = std::min<int64_t>(kRows, rows - row);
    products[some - 1](v + row * kWords, rows * kWords, inputs / kPair, u, m + row * width);
  }
}

}  // namespace multiprize::int16

#endif
