// The filters' gradient of Winograd's F(4×4, 3×3) by products of whole numbers of 16 bits, summed exactly in 32 over a
// span of tiles and in float32 over spans. Each channel at each position has a step of its own in a span: 32767ths of
// the root of its sum of squares, so that by Cauchy's inequality no sum of products overflows. Where x and dy all but
// cancel, bfloat16 would leave too little of the gradient. Interpolation points 0, ±2/3, ±3/2, ∞ instead of 0, ±1, ±2, ∞
// more than halve what rounding costs. Words hold the values of two tiles, the first in their low halves.
#pragma once
#include "int16Products.h"

#if MULTIPRIZE_SIXTEEN_BITS

namespace multiprize::int16 {

// Tiles of a span, an even number: many make the steps coarse, few their sums' conversion dear.
constexpr int64_t kSpan = 64;
// From one position's values of a span to the next: a line of the cache more than they take, or all would share its sets.
constexpr int64_t kSpanApart = (kSpan + 1) * kWidth;

namespace gradient {

// The points a and b with a·b = 1, their squares, and the factors of their rows of G.
constexpr float kA = 2.0f / 3, kB = 3.0f / 2;
constexpr float kA2 = kA * kA, kB2 = kB * kB;
constexpr float kOfA = 1 / (2 * kA2 * (kA2 - kB2)), kOfB = 1 / (2 * kB2 * (kB2 - kA2));

// Bᵀ d
inline void inputTransform(const Vector d[kIn], Vector o[kIn]) {
  const Vector evenOfA = multiplyAdd(-kB2, d[2], d[4]);
  const Vector oddOfA = multiplyAdd(-kB2, d[1], d[3]);
  const Vector evenOfB = multiplyAdd(-kA2, d[2], d[4]);
  const Vector oddOfB = multiplyAdd(-kA2, d[1], d[3]);
  o[0] = multiplyAdd(-(kA2 + kB2), d[2], d[0] + d[4]);
  o[1] = multiplyAdd(kA, oddOfA, evenOfA);
  o[2] = multiplyAdd(-kA, oddOfA, evenOfA);
  o[3] = multiplyAdd(kB, oddOfB, evenOfB);
  o[4] = multiplyAdd(-kB, oddOfB, evenOfB);
  o[5] = multiplyAdd(-(kA2 + kB2), d[3], d[1] + d[5]);
}

// A y
inline void outputGradientTransform(const Vector y[kOut], Vector o[kIn]) {
  const Vector evenOfA = multiplyAdd(kA2, y[2], y[0]);
  const Vector oddOfA = multiplyAdd(kA2, y[3], y[1]);
  const Vector evenOfB = multiplyAdd(kB2, y[2], y[0]);
  const Vector oddOfB = multiplyAdd(kB2, y[3], y[1]);
  o[0] = y[0];
  o[1] = multiplyAdd(kA, oddOfA, evenOfA);
  o[2] = multiplyAdd(-kA, oddOfA, evenOfA);
  o[3] = multiplyAdd(kB, oddOfB, evenOfB);
  o[4] = multiplyAdd(-kB, oddOfB, evenOfB);
  o[5] = y[3];
}

// Gᵀ s
inline void filterGradientTransform(const Vector s[kIn], Vector o[kFilter]) {
  const Vector sumOfA = s[1] + s[2];
  const Vector sumOfB = s[3] + s[4];
  o[0] = multiplyAdd(kOfA, sumOfA, multiplyAdd(kOfB, sumOfB, s[0]));
  o[1] = multiplyAdd(kA * kOfA, s[1] - s[2], (kB * kOfB) * (s[3] - s[4]));
  o[2] = multiplyAdd(kA2 * kOfA, sumOfA, multiplyAdd(kB2 * kOfB, sumOfB, s[5]));
}

// A tile's transform, down and then across, of the channels from c on, to kResults² positions; p goes to
// to + p·kSpanApart. Not inlined, or the compiler would keep the addresses in vector registers.
template <int kResults, auto transform, typename Pixels>
__attribute__((noinline)) void transformTile(const Pixels& pixels, int64_t c, float* to) {
  constexpr int kSide = Pixels::kSides;
  Vector half[kResults][kSide];
  for (int j = 0; j < kSide; j++) {
    Vector d[kSide], o[kResults];
#pragma GCC unroll 9
    for (int i = 0; i < kSide; i++) d[i] = multiprize::load(pixels.at[i][j] + c);
    transform(d, o);
#pragma GCC unroll 9
    for (int i = 0; i < kResults; i++) half[i][j] = o[i];
  }
  for (int i = 0; i < kResults; i++) {
    Vector o[kResults];
    transform(half[i], o);
#pragma GCC unroll 9
    for (int j = 0; j < kResults; j++) multiprize::store(to + (i * kResults + j) * kSpanApart, o[j]);
  }
}

// One position's values of a vector of channels for 2·pairs tiles, rounded, as words `apart` from each other; gives
// their steps.
inline Vector roundSpan(const float* values, int64_t pairs, int32_t* to, int64_t apart) {
  // Four sums side by side: an addition waits for the one before.
  __m512 sum[4] = {};
  const auto add = [&](int which, const float* from) {
    const __m512 each = _mm512_load_ps(from);
    sum[which] = _mm512_fmadd_ps(each, each, sum[which]);
  };
  int64_t t = 0;
  for (; t + 4 <= 2 * pairs; t += 4) {
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) add(i, values + (t + i) * kWidth);
  }
  for (; t < 2 * pairs; t++) add(0, values + t * kWidth);
  const __m512 squares = _mm512_add_ps(_mm512_add_ps(sum[0], sum[1]), _mm512_add_ps(sum[2], sum[3]));
  // Squares of what is smaller than the least root taken here would vanish. NaN stays: it is the second operand.
  const __m512 root = _mm512_max_ps(_mm512_set1_ps(1e-17f), _mm512_sqrt_ps(squares));
  const __m512 step = _mm512_mul_ps(root, _mm512_set1_ps(1.0f / kMost));
  const __m512 inverse = _mm512_div_ps(_mm512_set1_ps(1), step);
  const __m512i low = _mm512_set1_epi32(0xffff);
  for (int64_t pair = 0; pair < pairs; pair++, values += 2 * kWidth) {
    const __m512i first = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_load_ps(values), inverse));
    const __m512i second = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_load_ps(values + kWidth), inverse));
    // Bits of the first where `low` has them, else of the second.
    const __m512i word = _mm512_ternarylogic_epi32(low, first, _mm512_slli_epi32(second, 16), 0xca);
    _mm512_storeu_si512(to + pair * apart, word);
  }
  return (Vector)step;
}

constexpr int kRowsTogether = kWidth / 2;

// s[c, k] (+)= steps of c and of k times Σ over a span's pairs of v[t, c]·z[t, k], for kRowsTogether channels and a panel
// of outputs.
template <int Vectors>
void multiplySpan(const int32_t* v, const float* vSteps, const int32_t* z, const float* zSteps, int64_t pairs,
                  bool add, float* s) {
  __m512i sum[kRowsTogether][Vectors] = {};
#pragma GCC unroll 2
  for (int64_t t = 0; t < pairs; t++, v += kWidth, z += Vectors * kWidth) {
    __m512i b[Vectors];
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) b[j] = _mm512_loadu_si512(z + j * kWidth);
#pragma GCC unroll 16
    for (int r = 0; r < kRowsTogether; r++) {
      const __m512i a = _mm512_set1_epi32(v[r]);
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; j++) sum[r][j] = _mm512_dpwssd_epi32(sum[r][j], a, b[j]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRowsTogether; r++) {
    const __m512 ofRow = _mm512_set1_ps(vSteps[r]);
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) {
      float* to = s + (r * Vectors + j) * kWidth;
      const __m512 before = add ? _mm512_loadu_ps(to) : _mm512_setzero_ps();
      const __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sum[r][j]), ofRow);
      _mm512_storeu_ps(to, _mm512_fmadd_ps(scaled, _mm512_loadu_ps(zSteps + j * kWidth), before));
    }
  }
}

}  // namespace gradient
}  // namespace multiprize::int16

#endif
