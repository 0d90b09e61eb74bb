// Matrix products of whole numbers of 16 bits, summed exactly in 32: of rounded tiles and of filters that are 0 or ±α.
// Words hold the values of two neighbouring channels, as the processor multiplies them.
#pragma once
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>

#include "parallel.h"
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

inline Words least(Words a, Words b) { return (Words)_mm512_min_epu32((__m512i)a, (__m512i)b); }

// From one position's words to the next: a line of the cache more than they take, or all could share the cache's sets.
constexpr int64_t wordsApart(int64_t words) { return words + 16; }

// G′ s G′ᵀ of the signs s of a vector of filters, for the channels 2·pair and 2·pair + 1 that they read: positions `apart`
// from each other. w is [3, 3, inputs, outputs]. Gives whether all weights are 0 or ±gain.
template <int kSide, auto transform>
bool filterPair(int64_t inputs, int64_t outputs, const float* w, float gain, int64_t pair, int64_t k, int64_t apart,
                int32_t* u) {
  const Words ofGain = (Words)broadcast(gain);
  Words of[kPair][kSide][kSide], other = {};
  for (int which = 0; which < kPair; which++) {
    const float* from = w + (kPair * pair + which) * outputs + k;
    Words half[kSide][kFilter];
    for (int j = 0; j < kFilter; j++) {
      Words g[kFilter], o[kSide];
      for (int i = 0; i < kFilter; i++) {
        const Words weight = load(reinterpret_cast<const int32_t*>(from + (i * kFilter + j) * inputs * outputs));
        const Words magnitude = weight & 0x7fffffff, negative = weight >> 31;
        other |= least(magnitude, magnitude ^ ofGain);
        g[i] = (least(magnitude, Words{} + 1) ^ negative) - negative;
      }
      transform(g, o);
      for (int i = 0; i < kSide; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < kSide; i++) transform(half[i], of[which][i]);
  }
  for (int i = 0; i < kSide; i++) {
    for (int j = 0; j < kSide; j++) {
      store(u + (i * kSide + j) * apart, (of[0][i][j] & 0xffff) | of[1][i][j] << 16);
    }
  }
  return _mm512_test_epi32_mask((__m512i)other, (__m512i)other) == 0;
}

// α where filters can be 0 or ±α: the magnitude of the first that is not 0, or 0.
inline float firstGain(const float* w, int64_t size) {
  const float* kept = std::find_if(w, w + size, [](float weight) { return weight != 0; });
  return kept == w + size ? 0 : std::fabs(*kept);
}

// The gain α of filters that are all 0 or ±α, with what is above as u, in panels of outputs with a row for each pair of
// inputs, positions wordsApart(inputs / 2 · outputs) from each other; 0 where there are others, or none but 0.
template <int kSide, auto transform>
float filterPairs(int64_t inputs, int64_t outputs, const float* w, int32_t* u) {
  const int64_t pairs = inputs / kPair;
  const float gain = firstGain(w, kFilter * kFilter * inputs * outputs);
  if (gain == 0) return 0;
  std::atomic<bool> binary{true};
  const int64_t blocks = pairs / kWords;
  shareOut(panelCount(outputs) * blocks, [&](int64_t job, int) {
    const int64_t panel = job / blocks, first = job % blocks * kWords, end = panel * kPanel + panelWidth(outputs, panel);
    for (int64_t pair = first; pair < first + kWords && binary; pair++) {
      for (int64_t k = panel * kPanel; k < end; k += kWidth) {
        if (!filterPair<kSide, transform>(inputs, outputs, w, gain, pair, k, wordsApart(pairs * outputs),
                                          u + inPanels(outputs, pairs, pair, k))) {
          binary = false;
        }
      }
    }
  });
  return binary ? gain : 0;
}

// The largest magnitude of what it was shown. As whole numbers the bits of positive floats are in their order, and
// those of infinity and NaN above all.
class Largest {
 public:
  void see(Vector values) {
    most_ = _mm512_max_epu32(most_, _mm512_and_si512((__m512i)values, _mm512_set1_epi32(0x7fffffff)));
  }

  // What a step of a tile's rounded values stands for. Beside infinity or NaN all is NaN.
  float unit() const {
    const unsigned bits = _mm512_reduce_max_epu32(most_);
    const float most = _mm512_cvtss_f32(_mm512_castsi512_ps(_mm512_set1_epi32(bits)));
    if (!(most <= std::numeric_limits<float>::max())) return std::numeric_limits<float>::quiet_NaN();
    // The inverse of anything smaller might be infinite.
    return std::max(most, 1e-30f) / kMost;
  }

 private:
  __m512i most_ = _mm512_setzero_si512();
};

// Whether it was shown nothing but 0 and ±1: x² = |x|.
class SignsAlone {
 public:
  void see(Vector values) {
    const __m512 x = (__m512)values;
    other_ = _mm512_or_si512(other_, _mm512_castps_si512(_mm512_fmsub_ps(x, x, _mm512_abs_ps(x))));
  }
  bool hold() const { return _mm512_test_epi32_mask(other_, other_) == 0; }

 private:
  __m512i other_ = _mm512_setzero_si512();
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

// m = v·u for `rows` rows and the panel of `width` outputs that u and m begin with, where v has `rowsOfAll` rows.
inline void multiplyPanel(const int32_t* v, int64_t rows, int64_t rowsOfAll, int64_t inputs, const int32_t* u,
                          int64_t width, int32_t* m) {
  static constexpr auto narrow = multiplyRowsTable<1>(std::make_integer_sequence<int, kRows>());
  static constexpr auto whole = multiplyRowsTable<2>(std::make_integer_sequence<int, kRows>());
  const auto& products = width == kPanel ? whole : narrow;
  for (int64_t row = 0; row < rows; row += kRows) {
    const int64_t some = std::min<int64_t>(kRows, rows - row);
    products[some - 1](v + row * kWords, rowsOfAll * kWords, inputs / kPair, u, m + row * width);
  }
}

}  // namespace multiprize::int16

#endif
