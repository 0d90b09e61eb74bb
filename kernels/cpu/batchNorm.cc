// Batch normalisation over all axes but the last, forward and backward, each in two passes over memory; channel sums
// in doubles. With `relu`, ReLU behind it in the same passes. Twin: layers/normalizeBatch.
#include <cmath>

#include "operation.h"

namespace multiprize {
namespace {

struct Settings {
  float epsilon = 0;
  int64_t relu = 0;
};

void* create(TF_OpKernelConstruction* construction) {
  auto* settings = new Settings;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &settings->epsilon, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "relu", &settings->relu, status);
  TF_DeleteStatus(status);
  return settings;
}
void destroy(void* kernel) { delete static_cast<Settings*>(kernel); }


// Each loop is a function of its own with its arrays told apart by `restrict`, so that many channels are taken at once.
void addMoments(int64_t width, const float* __restrict x, double* __restrict sums, double* __restrict squares) {
  for (int64_t c = 0; c < width; c++) {
    const double value = x[c];
    sums[c] += value;
    squares[c] += value * value;
  }
}

template <bool relu>
void normalize(int64_t width, const float* __restrict x, const float* __restrict mean, const float* __restrict inverse,
               const float* __restrict gamma, const float* __restrict beta, float* __restrict y) {
  for (int64_t c = 0; c < width; c++) {
    const float value = (x[c] - mean[c]) * inverse[c] * gamma[c] + beta[c];
    y[c] = relu && value < 0 ? 0.0f : value;
  }
}

// What ReLU lets through of dy, a few channels at a time: 1 or 0 for each first, then the product, as in TensorFlow's
// ReluGrad. In one loop dy would be loaded only where it passes, which waits for the condition: half the speed.
constexpr int64_t kChannels = 64;

inline void gates(int64_t width, const float* __restrict x, const float* __restrict mean,
                  const float* __restrict inverse, const float* __restrict gamma, const float* __restrict beta,
                  float* __restrict gate) {
  for (int64_t c = 0; c < width; c++) {
    gate[c] = (x[c] - mean[c]) * inverse[c] * gamma[c] + beta[c] > 0 ? 1.0f : 0.0f;
  }
}

template <bool relu>
void addProducts(int64_t channels, const float* __restrict dy, const float* __restrict x, const float* __restrict mean,
                 const float* __restrict inverse, const float* __restrict gamma, const float* __restrict beta,
                 double* __restrict products, double* __restrict sums) {
  float gate[kChannels];
  for (int64_t at = 0; at < channels; at += kChannels) {
    const int64_t end = std::min(at + kChannels, channels);
    if (relu) gates(end - at, x + at, mean + at, inverse + at, gamma + at, beta + at, gate);
    for (int64_t c = at; c < end; c++) {
      const float d = relu ? dy[c] * gate[c - at] : dy[c];
      products[c] += static_cast<double>(d) * ((x[c] - mean[c]) * inverse[c]);
      sums[c] += d;
    }
  }
}

template <bool relu>
void giveBack(int64_t channels, const float* __restrict dy, const float* __restrict x, const float* __restrict mean,
              const float* __restrict inverse, const float* __restrict gamma, const float* __restrict beta,
              const float* __restrict shift, const float* __restrict slope, float* __restrict dx) {
  float gate[kChannels];
  for (int64_t at = 0; at < channels; at += kChannels) {
    const int64_t end = std::min(at + kChannels, channels);
    if (relu) gates(end - at, x + at, mean + at, inverse + at, gamma + at, beta + at, gate);
    for (int64_t c = at; c < end; c++) {
      const float d = relu ? dy[c] * gate[c - at] : dy[c];
      dx[c] = (d - shift[c] - (x[c] - mean[c]) * inverse[c] * slope[c]) * (gamma[c] * inverse[c]);
    }
  }
}

// work(first value) for each row of `width` channels.
template <typename F>
void eachRow(int64_t rows, int64_t width, F work) {
  parallel(rows * width, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / width; r < end / width; r++) work(r * width);
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

// y = γ·(x − mean)·inverse + β, mean, biased variance, inverse = 1/√(variance + ε)
void forward(void* kernel, TF_OpKernelContext* context) {
  const auto& settings = *static_cast<Settings*>(kernel);
  const double epsilon = settings.epsilon;
  Run run(context);
  Tensor input, gammas, betas, output, means, variances, inverses;
  run.input(0, input);
  run.input(1, gammas);
  run.input(2, betas);
  const int64_t width = gammas.size();
  if (!run.require(width > 0 && input.size() % width == 0 && betas.size() == width, "channels do not fit")) return;
  const int64_t rows = input.size() / width;
  const auto* x = input.data<float>();
  const auto* gamma = gammas.data<float>();
  const auto* beta = betas.data<float>();
  float* y = run.output<float>(0, TF_FLOAT, input, output);
  float* mean = run.output<float>(1, TF_FLOAT, gammas, means);
  float* variance = run.output<float>(2, TF_FLOAT, gammas, variances);
  float* inverse = run.output<float>(3, TF_FLOAT, gammas, inverses);
  std::vector<double> sums, squares;
  channelSums(rows, width, sums, squares,
              [=](int64_t at, double* sum, double* square) { addMoments(width, x + at, sum, square); });
  for (int64_t c = 0; c < width; c++) {
    const double m = sums[c] / rows;
    const double v = std::max(0.0, squares[c] / rows - m * m);
    mean[c] = static_cast<float>(m);
    variance[c] = static_cast<float>(v);
    inverse[c] = static_cast<float>(1 / std::sqrt(v + epsilon));
  }
  const auto each = settings.relu ? normalize<true> : normalize<false>;
  eachRow(rows, width, [=](int64_t at) { each(width, x + at, mean, inverse, gamma, beta, y + at); });
}

// dx = γ·inverse·(g − dβ/n − x̂·dγ/n), dγ = Σ g·x̂, dβ = Σ g, where g is dy or what ReLU lets through of it
void backward(void* kernel, TF_OpKernelContext* context) {
  const bool relu = static_cast<Settings*>(kernel)->relu != 0;
  Run run(context);
  Tensor gradient, input, gammas, betas, means, inverses, dInput, dGamma, dBeta;
  run.input(0, gradient);
  run.input(1, input);
  run.input(2, gammas);
  run.input(3, betas);
  run.input(4, means);
  run.input(5, inverses);
  const int64_t width = gammas.size();
  if (!run.require(width > 0 && input.size() % width == 0 && gradient.size() == input.size(), "shapes do not fit")) return;
  const int64_t rows = input.size() / width;
  const auto* dy = gradient.data<float>();
  const auto* x = input.data<float>();
  const auto* gamma = gammas.data<float>();
  const auto* beta = betas.data<float>();
  const auto* mean = means.data<float>();
  const auto* inverse = inverses.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  float* outGamma = run.output<float>(1, TF_FLOAT, gammas, dGamma);
  float* outBeta = run.output<float>(2, TF_FLOAT, gammas, dBeta);
  std::vector<double> products, sums;
  const auto add = relu ? addProducts<true> : addProducts<false>;
  channelSums(rows, width, products, sums, [=](int64_t at, double* product, double* sum) {
    add(width, dy + at, x + at, mean, inverse, gamma, beta, product, sum);
  });
  std::vector<float> shifts(width), slopes(width);
  for (int64_t c = 0; c < width; c++) {
    outGamma[c] = static_cast<float>(products[c]);
    outBeta[c] = static_cast<float>(sums[c]);
    shifts[c] = static_cast<float>(sums[c] / rows);
    slopes[c] = static_cast<float>(products[c] / rows);
  }
  const auto each = relu ? giveBack<true> : giveBack<false>;
  const float *shift = shifts.data(), *slope = slopes.data();
  eachRow(rows, width, [=](int64_t at) {
    each(width, dy + at, x + at, mean, inverse, gamma, beta, shift, slope, dx + at);
  });
}

}  // namespace

bool registerBatchNorm() {
  return registerOperation("MultiprizeBatchNorm",
                           {"x: float", "gamma: float", "beta: float", ">y: float", ">mean: float", ">variance: float",
                            ">inverse: float", "@epsilon: float", "@relu: int = 0"},
                           create, forward, destroy) &&
         registerOperation("MultiprizeBatchNormGrad",
                           {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float",
                            ">dx: float", ">d_gamma: float", ">d_beta: float", "@epsilon: float = 0", "@relu: int = 0"},
                           create, backward, destroy);
}

}  // namespace multiprize
