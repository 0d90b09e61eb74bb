// The loops of batch norm: over a row's channels, and over rows.
#pragma once
#include <cmath>

#include "operation.h"
#include "results.h"

namespace multiprize::norm {

// What is done to γ·x̂ + β, or to its sum with other values.
enum class Behind { nothing, relu, sign };

// Each loop is a function of its own with its arrays told apart by `restrict`, so that many channels are taken at once.
inline void addMoments(int64_t width, const float* __restrict x, double* __restrict sums, double* __restrict squares) {
  for (int64_t c = 0; c < width; c++) {
    const double value = x[c];
    sums[c] += value;
    squares[c] += value * value;
  }
}

template <Behind behind, bool adds>
void normalize(int64_t width, const float* __restrict x, const float* __restrict addend, const float* __restrict mean,
               const float* __restrict inverse, const float* __restrict gamma, const float* __restrict beta,
               float* __restrict y) {
  for (int64_t c = 0; c < width; c++) {
    const float normal = (x[c] - mean[c]) * inverse[c] * gamma[c] + beta[c];
    const float value = adds ? normal + addend[c] : normal;
    if (behind == Behind::nothing) y[c] = value;
    if (behind == Behind::relu) y[c] = value < 0 ? 0.0f : value;
    if (behind == Behind::sign) y[c] = value >= 0 ? 1.0f : -1.0f;
  }
}

// What dy is multiplied by for what stands behind, as in TensorFlow's ReluGrad and in sign.cc. In one loop with the
// product dy would be loaded only where it passes, which waits for the condition: half the speed.
template <Behind behind>
void gates(int64_t width, const float* __restrict x, const float* __restrict mean, const float* __restrict inverse,
           const float* __restrict gamma, const float* __restrict beta, float* __restrict gate) {
  for (int64_t c = 0; c < width; c++) {
    const float value = (x[c] - mean[c]) * inverse[c] * gamma[c] + beta[c];
    gate[c] = behind == Behind::relu ? (value > 0 ? 1.0f : 0.0f) : std::max(0.0f, 2.0f - std::fabs(value) * 2.0f);
  }
}

// The same from ReLU's result.
inline void gatesOfResult(int64_t width, const float* __restrict y, float* __restrict gate) {
  for (int64_t c = 0; c < width; c++) gate[c] = y[c] > 0 ? 1.0f : 0.0f;
}

inline void multiply(int64_t width, const float* __restrict dy, const float* __restrict gate, float* __restrict d) {
  for (int64_t c = 0; c < width; c++) d[c] = dy[c] * gate[c];
}

// The same of dy that came in two ways.
inline void multiplySum(int64_t width, const float* __restrict dy, const float* __restrict other,
                        const float* __restrict gate, float* __restrict d) {
  for (int64_t c = 0; c < width; c++) d[c] = (dy[c] + other[c]) * gate[c];
}

inline void addProducts(int64_t width, const float* __restrict d, const float* __restrict x, const float* __restrict mean,
                 const float* __restrict inverse, double* __restrict products, double* __restrict sums) {
  for (int64_t c = 0; c < width; c++) {
    products[c] += static_cast<double>(d[c]) * ((x[c] - mean[c]) * inverse[c]);
    sums[c] += d[c];
  }
}

inline void giveBack(int64_t width, const float* __restrict d, const float* __restrict x, const float* __restrict mean,
              const float* __restrict inverse, const float* __restrict gamma, const float* __restrict shift,
              const float* __restrict slope, float* __restrict dx) {
  for (int64_t c = 0; c < width; c++) {
    dx[c] = (d[c] - shift[c] - (x[c] - mean[c]) * inverse[c] * slope[c]) * (gamma[c] * inverse[c]);
  }
}

// work(first value) for each row of `width` channels.
template <typename F>
void eachRow(int64_t rows, int64_t width, F work) {
  parallel(rows * width, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / width; r < end / width; r++) work(r * width);
    finishPast();
  });
}

// Two sums for each channel over all rows, `add` adding one row to both. Each part sums its own rows; parts are added
// in order, so the result depends on the number of processors alone.
template <typename F>
void channelSums(int64_t rows, int64_t width, std::vector<double>& first, std::vector<double>& second, F add) {
  std::vector<std::vector<double>> partial(parts());
  parallel(rows * width, [&](int64_t begin, int64_t end, int part) {
    std::vector<double> sums(2 * width);
    for (int64_t r = begin / width; r < end / width; r++) add(r * width, sums.data(), sums.data() + width);
    finishPast();
    partial[part] = std::move(sums);
  });
  first.assign(width, 0);
  second.assign(width, 0);
  for (const auto& sums : partial) {
    if (sums.empty()) continue;
    for (int64_t c = 0; c < width; c++) {
      first[c] += sums[c];
      second[c] += sums[width + c];
    }
  }
}

}  // namespace multiprize::norm
