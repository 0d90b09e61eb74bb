// Batch normalisation over all axes but the last, forward and backward, each in two passes over memory; channel sums
// in doubles. Twin: layers/normalizeBatch.
#include <cmath>

#include "operation.h"

namespace multiprize {
namespace {

// Two sums for each channel over all rows of `width` channels, `add` giving both terms of one entry. Each part sums
// its own rows; parts are added in order, so the result hangs on the number of processors alone.
template <typename F>
void channelSums(int64_t rows, int64_t width, std::vector<double>& first, std::vector<double>& second, F add) {
  std::vector<std::vector<double>> partial(parts());
  parallel(rows * width, [&](int64_t begin, int64_t end, int part) {
    std::vector<double> sums(2 * width);
    double* a = sums.data();
    double* b = a + width;
    for (int64_t r = begin / width; r < end / width; r++) {
      for (int64_t c = 0; c < width; c++) add(r * width + c, c, a[c], b[c]);
    }
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

void* createForward(TF_OpKernelConstruction* construction) {
  auto* epsilon = new float;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", epsilon, status);
  TF_DeleteStatus(status);
  return epsilon;
}

// y = γ·(x − mean)·inverse + β, mean, biased variance, inverse = 1/√(variance + ε)
void forward(void* kernel, TF_OpKernelContext* context) {
  const double epsilon = *static_cast<float*>(kernel);
  Run run(context);
  Tensor input, gamma, beta, output, means, variances, inverses;
  run.input(0, input);
  run.input(1, gamma);
  run.input(2, beta);
  const int64_t width = gamma.size();
  if (!run.require(width > 0 && input.size() % width == 0 && beta.size() == width, "channels do not fit")) return;
  const int64_t rows = input.size() / width;
  const auto* x = input.data<float>();
  const auto* g = gamma.data<float>();
  const auto* b = beta.data<float>();
  float* y = run.output<float>(0, TF_FLOAT, input, output);
  float* mean = run.output<float>(1, TF_FLOAT, gamma, means);
  float* variance = run.output<float>(2, TF_FLOAT, gamma, variances);
  float* inverse = run.output<float>(3, TF_FLOAT, gamma, inverses);
  std::vector<double> sums, squares;
  channelSums(rows, width, sums, squares, [&](int64_t i, int64_t, double& sum, double& square) {
    const double value = x[i];
    sum += value;
    square += value * value;
  });
  for (int64_t c = 0; c < width; c++) {
    const double m = sums[c] / rows;
    const double v = std::max(0.0, squares[c] / rows - m * m);
    mean[c] = static_cast<float>(m);
    variance[c] = static_cast<float>(v);
    inverse[c] = static_cast<float>(1 / std::sqrt(v + epsilon));
  }
  parallel(rows * width, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / width; r < end / width; r++) {
      const float* from = x + r * width;
      float* to = y + r * width;
      for (int64_t c = 0; c < width; c++) to[c] = (from[c] - mean[c]) * inverse[c] * g[c] + b[c];
    }
  });
}

// dx = γ·inverse·(dy − dβ/n − x̂·dγ/n), dγ = Σ dy·x̂, dβ = Σ dy
void backward(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor gradient, input, gamma, means, inverses, dInput, dGamma, dBeta;
  run.input(0, gradient);
  run.input(1, input);
  run.input(2, gamma);
  run.input(3, means);
  run.input(4, inverses);
  const int64_t width = gamma.size();
  if (!run.require(width > 0 && input.size() % width == 0 && gradient.size() == input.size(), "shapes do not fit")) return;
  const int64_t rows = input.size() / width;
  const auto* dy = gradient.data<float>();
  const auto* x = input.data<float>();
  const auto* g = gamma.data<float>();
  const auto* mean = means.data<float>();
  const auto* inverse = inverses.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  float* outGamma = run.output<float>(1, TF_FLOAT, gamma, dGamma);
  float* outBeta = run.output<float>(2, TF_FLOAT, gamma, dBeta);
  std::vector<double> products, sums;
  channelSums(rows, width, products, sums, [&](int64_t i, int64_t c, double& product, double& sum) {
    product += static_cast<double>(dy[i]) * ((x[i] - mean[c]) * inverse[c]);
    sum += dy[i];
  });
  std::vector<float> shift(width), slope(width), scale(width);
  for (int64_t c = 0; c < width; c++) {
    outGamma[c] = static_cast<float>(products[c]);
    outBeta[c] = static_cast<float>(sums[c]);
    shift[c] = static_cast<float>(sums[c] / rows);
    slope[c] = static_cast<float>(products[c] / rows);
    scale[c] = g[c] * inverse[c];
  }
  parallel(rows * width, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / width; r < end / width; r++) {
      const int64_t at = r * width;
      for (int64_t c = 0; c < width; c++) {
        const float normalized = (x[at + c] - mean[c]) * inverse[c];
        dx[at + c] = (dy[at + c] - shift[c] - normalized * slope[c]) * scale[c];
      }
    }
  });
}

}  // namespace

bool registerBatchNorm() {
  const bool first = registerOperation("MultiprizeBatchNorm",
                                       {"x: float", "gamma: float", "beta: float", ">y: float", ">mean: float",
                                        ">variance: float", ">inverse: float", "@epsilon: float"},
                                       createForward, forward, [](void* kernel) { delete static_cast<float*>(kernel); });
  const bool second = registerOperation("MultiprizeBatchNormGrad",
                                        {"dy: float", "x: float", "gamma: float", "mean: float", "inverse: float",
                                         ">dx: float", ">d_gamma: float", ">d_beta: float"},
                                        nullptr, backward, nullptr);
  return first && second;
}

}  // namespace multiprize
