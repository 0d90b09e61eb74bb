// Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray 2016, arXiv 1509.09308): the 4×4 outputs of a 3×3
// correlation over a 6×6 tile take 36 products instead of 144,
//   Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A,
// and summed over channels each of the 36 positions is a matrix product. The filter's gradient is the adjoint,
//   dg = Gᵀ [ Σ over tiles (A dY Aᵀ) ⊙ (Bᵀ d B) ] G.
// Each function here multiplies six (four, three) vectors by one of the matrices; interpolation points 0, ±1, ±2, ∞.
#pragma once
#include "vector.h"

namespace multiprize {

// Outputs of a tile, its inputs and the filter along one side, and the products a tile takes.
constexpr int kOut = 4;
constexpr int kIn = 6;
constexpr int kFilter = 3;
constexpr int kPositions = kIn * kIn;

// Bᵀ d
inline void inputTransform(const Vector d[kIn], Vector o[kIn]) {
  const Vector evenOfOne = multiplyAdd(-4.0f, d[2], d[4]);
  const Vector oddOfOne = multiplyAdd(-4.0f, d[1], d[3]);
  const Vector evenOfTwo = d[4] - d[2];
  const Vector oddOfTwo = d[3] - d[1];
  o[0] = multiplyAdd(4.0f, d[0], multiplyAdd(-5.0f, d[2], d[4]));
  o[1] = evenOfOne + oddOfOne;
  o[2] = evenOfOne - oddOfOne;
  o[3] = multiplyAdd(2.0f, oddOfTwo, evenOfTwo);
  o[4] = multiplyAdd(-2.0f, oddOfTwo, evenOfTwo);
  o[5] = multiplyAdd(4.0f, d[1], multiplyAdd(-5.0f, d[3], d[5]));
}

// Aᵀ m
inline void outputTransform(const Vector m[kIn], Vector o[kOut]) {
  const Vector sumOfOne = m[1] + m[2];
  const Vector differenceOfOne = m[1] - m[2];
  const Vector sumOfTwo = m[3] + m[4];
  const Vector differenceOfTwo = m[3] - m[4];
  o[0] = m[0] + sumOfOne + sumOfTwo;
  o[1] = multiplyAdd(2.0f, differenceOfTwo, differenceOfOne);
  o[2] = multiplyAdd(4.0f, sumOfTwo, sumOfOne);
  o[3] = multiplyAdd(8.0f, differenceOfTwo, differenceOfOne + m[5]);
}

// A y
inline void outputGradientTransform(const Vector y[kOut], Vector o[kIn]) {
  const Vector evenOfOne = y[0] + y[2];
  const Vector oddOfOne = y[1] + y[3];
  const Vector evenOfTwo = multiplyAdd(4.0f, y[2], y[0]);
  const Vector oddOfTwo = multiplyAdd(4.0f, y[3], y[1]);
  o[0] = y[0];
  o[1] = evenOfOne + oddOfOne;
  o[2] = evenOfOne - oddOfOne;
  o[3] = multiplyAdd(2.0f, oddOfTwo, evenOfTwo);
  o[4] = multiplyAdd(-2.0f, oddOfTwo, evenOfTwo);
  o[5] = y[3];
}

// G g
inline void filterTransform(const Vector g[kFilter], Vector o[kIn]) {
  const Vector evenOfOne = (g[0] + g[2]) * (-1.0f / 6);
  const Vector oddOfOne = g[1] * (-1.0f / 6);
  const Vector evenOfTwo = g[0] * (1.0f / 24) + g[2] * (1.0f / 6);
  const Vector oddOfTwo = g[1] * (1.0f / 12);
  o[0] = g[0] * (1.0f / 4);
  o[1] = evenOfOne + oddOfOne;
  o[2] = evenOfOne - oddOfOne;
  o[3] = evenOfTwo + oddOfTwo;
  o[4] = evenOfTwo - oddOfTwo;
  o[5] = g[2];
}

// Gᵀ s
inline void filterGradientTransform(const Vector s[kIn], Vector o[kFilter]) {
  const Vector sumOfOne = s[1] + s[2];
  const Vector differenceOfOne = s[1] - s[2];
  const Vector sumOfTwo = s[3] + s[4];
  const Vector differenceOfTwo = s[3] - s[4];
  o[0] = s[0] * (1.0f / 4) - sumOfOne * (1.0f / 6) + sumOfTwo * (1.0f / 24);
  o[1] = differenceOfTwo * (1.0f / 12) - differenceOfOne * (1.0f / 6);
  o[2] = sumOfTwo * (1.0f / 6) - sumOfOne * (1.0f / 6) + s[5];
}

}  // namespace multiprize
