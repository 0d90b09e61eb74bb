// Winograd's minimal filtering of 3×3 correlations at stride 2. Along one side, four outputs y of a filter g over
// nine inputs x are two sums, over even and over odd inputs:
//   y[o] = g[0]·x[2o] + g[2]·x[2o + 2]   +   g[1]·x[2o + 1].
// The first, two taps over five even inputs, is filtered by F(4, 2) with interpolation points 0, ±1, 2, ∞ in five
// products; the second takes four products under the one tap. In two dimensions 81 products, where 144 are direct:
//   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A,   dx = B [ (G g Gᵀ) ⊙ (A dY Aᵀ) ] Bᵀ,   dg = Gᵀ [ (A dY Aᵀ) ⊙ (Bᵀ d B) ] G.
// Each function here multiplies vectors by one of the matrices.
#pragma once
#include "vector.h"

namespace multiprize::strided {

// Outputs of a tile, its inputs and the filter along one side.
constexpr int kOut = 4;
constexpr int kIn = 9;
constexpr int kFilter = 3;
// Of the products along one side, those of even inputs; those of odd inputs come after them, under one filter value.
constexpr int kEven = 5;
constexpr int kFilters = kEven + 1;

// Bᵀ d
inline void inputTransform(const Vector d[kIn], Vector o[kIn]) {
  const Vector e0 = d[0], e1 = d[2], e2 = d[4], e3 = d[6], e4 = d[8];
  const Vector difference = e3 - e1;
  o[0] = multiplyAdd(2.0f, e0 - e2, difference);
  o[1] = multiplyAdd(-2.0f, e1, e3 - e2);
  o[2] = multiplyAdd(2.0f, e1, multiplyAdd(-3.0f, e2, e3));
  o[3] = difference;
  o[4] = multiplyAdd(-2.0f, difference, e4 - e2);
  for (int i = 0; i < kOut; i++) o[kEven + i] = d[2 * i + 1];
}

// B z
inline void inputGradientTransform(const Vector z[kIn], Vector o[kIn]) {
  o[0] = 2.0f * z[0];
  o[2] = multiplyAdd(2.0f, z[2] - z[1] + z[4], -(z[0] + z[3]));
  o[4] = multiplyAdd(-2.0f, z[0], multiplyAdd(-3.0f, z[2], -(z[1] + z[4])));
  o[6] = multiplyAdd(-2.0f, z[4], z[0] + z[1] + z[2] + z[3]);
  o[8] = z[4];
  for (int i = 0; i < kOut; i++) o[2 * i + 1] = z[kEven + i];
}

// Aᵀ m
inline void outputTransform(const Vector m[kIn], Vector o[kOut]) {
  const Vector sum = m[1] + m[2];
  const Vector difference = m[1] - m[2];
  o[0] = m[0] + sum + m[3] + m[kEven];
  o[1] = multiplyAdd(2.0f, m[3], difference + m[kEven + 1]);
  o[2] = multiplyAdd(4.0f, m[3], sum + m[kEven + 2]);
  o[3] = multiplyAdd(8.0f, m[3], difference + m[4] + m[kEven + 3]);
}

// A y
inline void outputGradientTransform(const Vector y[kOut], Vector o[kIn]) {
  const Vector even = y[0] + y[2];
  const Vector odd = y[1] + y[3];
  o[0] = y[0];
  o[1] = even + odd;
  o[2] = even - odd;
  o[3] = multiplyAdd(2.0f, multiplyAdd(4.0f, y[3], y[1]), multiplyAdd(4.0f, y[2], y[0]));
  o[4] = y[3];
  for (int i = 0; i < kOut; i++) o[kEven + i] = y[i];
}

// G g
inline void filterTransform(const Vector g[kFilter], Vector o[kFilters]) {
  o[0] = g[0] * (1.0f / 2);
  o[1] = (g[0] + g[2]) * (-1.0f / 2);
  o[2] = (g[2] - g[0]) * (1.0f / 6);
  o[3] = g[0] * (1.0f / 6) + g[2] * (1.0f / 3);
  o[4] = g[2];
  o[kEven] = g[1];
}

// Gᵀ s
inline void filterGradientTransform(const Vector s[kFilters], Vector o[kFilter]) {
  o[0] = (s[0] - s[1]) * (1.0f / 2) + (s[3] - s[2]) * (1.0f / 6);
  o[1] = s[kEven];
  o[2] = s[4] - s[1] * (1.0f / 2) + s[2] * (1.0f / 6) + s[3] * (1.0f / 3);
}

}  // namespace multiprize::strided
