// The matrix products of Winograd's 36 positions, summed in registers. Buffers as in winogradTiles.h.
#pragma once
#include <array>
#include <cstdint>
#include <utility>

#include "winogradTiles.h"

namespace multiprize {

// m[r, k] = Σ over c of v[r, c]·u[c, k] for Rows tiles and a panel of outputs Vectors wide. v holds panels one vector
// wide, `vPanel` numbers apart.
template <int Rows, int Vectors>
void multiplyRows(const float* v, int64_t vPanel, int64_t channels, const float* u, float* m) {
  Vector sum[Rows][Vectors] = {};
  for (int64_t c = 0; c < channels; c += kWidth, v += vPanel) {
#pragma GCC unroll 2
    for (int lane = 0; lane < kWidth; lane++, u += Vectors * kWidth) {
      Vector b[Vectors];
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; j++) b[j] = load(u + j * kWidth);
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        const Vector a = broadcast(v[r * kWidth + lane]);
#pragma GCC unroll 2
        for (int j = 0; j < Vectors; j++) sum[r][j] = multiplyAdd(a, b[j], sum[r][j]);
      }
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) store(m + (r * Vectors + j) * kWidth, sum[r][j]);
  }
}

using MultiplyRows = void (*)(const float*, int64_t, int64_t, const float*, float*);

template <int Vectors, int... Rows>
constexpr std::array<MultiplyRows, sizeof...(Rows)> multiplyRowsTable(std::integer_sequence<int, Rows...>) {
  return {multiplyRows<Rows + 1, Vectors>...};
}

// The product for one position, all of `rows` tiles and all outputs: m = v·u.
inline void multiplyPosition(const float* v, int64_t rows, int64_t inputs, const float* u, int64_t outputs,
                             float* m) {
  static constexpr auto narrow = multiplyRowsTable<1>(std::make_integer_sequence<int, kRows>());
  static constexpr auto whole = multiplyRowsTable<2>(std::make_integer_sequence<int, kRows>());
  for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
    const int64_t width = panelWidth(outputs, panel);
    const auto& products = width == kPanel ? whole : narrow;
    for (int64_t row = 0; row < rows; row += kRows) {
      const int64_t some = std::min<int64_t>(kRows, rows - row);
      products[some - 1](v + row * kWidth, rows * kWidth, inputs, u + panel * kPanel * inputs,
                         m + panel * kPanel * rows + row * width);
    }
  }
}

// Input channels whose sums stay in registers together.
constexpr int kGradientRows = kWidth >= 8 ? kWidth / 2 : kWidth;

// s[c, k] (+)= Σ over tiles of v[t, c]·z[t, k] for kGradientRows channels and a panel of outputs.
template <int Vectors>
void multiplyTiles(const float* v, const float* z, int64_t tiles, bool add, float* s) {
  Vector sum[kGradientRows][Vectors] = {};
#pragma GCC unroll 2
  for (int64_t t = 0; t < tiles; t++, v += kWidth, z += Vectors * kWidth) {
    Vector b[Vectors];
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) b[j] = load(z + j * kWidth);
#pragma GCC unroll 16
    for (int r = 0; r < kGradientRows; r++) {
      const Vector a = broadcast(v[r]);
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; j++) sum[r][j] = multiplyAdd(a, b[j], sum[r][j]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kGradientRows; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) {
      float* to = s + (r * Vectors + j) * kWidth;
      store(to, add ? load(to) + sum[r][j] : sum[r][j]);
    }
  }
}

// The product for one position, of the input channels [first, first + count) that v holds, and all outputs:
// s (+)= vᵀ·z; s has a row for each of `inputs` channels.
inline void multiplyGradient(const float* v, int64_t first, int64_t count, const float* z, int64_t outputs,
                             int64_t tiles, bool add, float* s, int64_t inputs) {
  for (int64_t c = 0; c < count; c += kWidth) {
    for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
      const int64_t width = panelWidth(outputs, panel);
      const auto product = width == kPanel ? multiplyTiles<2> : multiplyTiles<1>;
      for (int row = 0; row < kWidth; row += kGradientRows) {
        product(v + c * tiles + row, z + panel * kPanel * tiles, tiles, add,
                s + panel * kPanel * inputs + (first + c + row) * width);
      }
    }
  }
}

}  // namespace multiprize
