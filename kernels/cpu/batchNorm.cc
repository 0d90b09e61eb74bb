// Batch normalisation over all axes but the last, forward and backward, each in two passes over memory; channel sums
// in doubles. What stands behind it comes in the same passes: ReLU, the binary activation, or a sum with other values
// and ReLU behind that or nothing. Twin: layers/normalizeBatch.
#include <cmath>

#include "batchNormPasses.h"

namespace multiprize {
namespace {

using namespace norm;

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

// y = γ·(x − mean)·inverse + β, mean, biased variance, inverse = 1/√(variance + ε); with `adds`, y plus the last input.
template <Behind behind, bool adds>
void normalizeAll(void* kernel, TF_OpKernelContext* context) {
  const double epsilon = static_cast<Settings*>(kernel)->epsilon;
  Run run(context);
  Tensor input, gammas, betas, addends, output, means, variances, inverses;
  run.input(0, input);
  run.input(1, gammas);
  run.input(2, betas);
  if (adds) run.input(3, addends);
  const int64_t width = gammas.size(), size = input.size();
  if (!run.require(width > 0 && size % width == 0 && betas.size() == width, "channels do not fit")) return;
  if (adds && !run.require(addends.size() == size, "what is added does not fit the input")) return;
  const int64_t rows = size / width;
  const auto* x = input.data<float>();
  const float* addend = adds ? addends.data<float>() : nullptr;
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
  const Results results(y, size, width);
  eachRow(rows, width, [=](int64_t row) {
    eachPart(width, [=](int64_t c, int64_t count) {
      results.write(row + c, count, [=](float* to) {
        normalize<behind, adds>(count, x + row + c, adds ? addend + row + c : nullptr, mean + c, inverse + c, gamma + c,
                                beta + c, to);
      });
    });
  });
}

// dx = γ·inverse·(g − dβ/n − x̂·dγ/n), dγ = Σ g·x̂, dβ = Σ g, where g is dy or what comes back of it through what stands
// behind; with `adds`, ReLU behind a sum, which passes dy where its result y > 0, g is the last output. With `twice`, y went
// two ways, and dy is the sum of the first and the last input.
template <Behind behind, bool adds, bool twice = false>
void giveAllBack(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor gradient, input, gammas, betas, means, inverses, result, second, dInput, dGamma, dBeta, dAddend;
  run.input(0, gradient);
  run.input(1, input);
  run.input(2, gammas);
  run.input(3, betas);
  run.input(4, means);
  run.input(5, inverses);
  if (adds) run.input(6, result);
  if (twice) run.input(adds ? 7 : 6, second);
  const int64_t width = gammas.size(), size = input.size();
  if (!run.require(width > 0 && size % width == 0 && gradient.size() == size, "shapes do not fit")) return;
  if (adds && !run.require(result.size() == size, "the result does not fit the input")) return;
  if (twice && !run.require(second.size() == size, "the gradients differ in shape")) return;
  const int64_t rows = size / width;
  const auto* dy = gradient.data<float>();
  const float* other = twice ? second.data<float>() : nullptr;
  const auto* x = input.data<float>();
  const float* y = adds ? result.data<float>() : nullptr;
  const auto* gamma = gammas.data<float>();
  const auto* beta = betas.data<float>();
  const auto* mean = means.data<float>();
  const auto* inverse = inverses.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  float* outGamma = run.output<float>(1, TF_FLOAT, gammas, dGamma);
  float* outBeta = run.output<float>(2, TF_FLOAT, gammas, dBeta);
  float* through = adds ? run.output<float>(3, TF_FLOAT, input, dAddend) : nullptr;
  // dy times the gates, of `count` values from `at` on.
  const auto pass = [=](int64_t at, int64_t count, const float* gate, float* to) {
    if (twice) multiplySum(count, dy + at, other + at, gate, to);
    else multiply(count, dy + at, gate, to);
  };
  // g of `count` values from `at` on, in `room` or where it is already.
  const auto passed = [=](int64_t at, int64_t c, int64_t count, float* room) -> const float* {
    if (adds || behind == Behind::nothing) return (adds ? through : dy) + at;
    float gate[kTogether];
    gates<behind>(count, x + at, mean + c, inverse + c, gamma + c, beta + c, gate);
    pass(at, count, gate, room);
    return room;
  };
  std::vector<double> products, sums;
  const Results dAddends(through, size, width), dInputs(dx, size, width);
  channelSums(rows, width, products, sums, [=](int64_t row, double* product, double* sum) {
    eachPart(width, [=](int64_t c, int64_t count) {
      const int64_t at = row + c;
      const auto add = [=](const float* g) { addProducts(count, g, x + at, mean + c, inverse + c, product + c, sum + c); };
      float room[kTogether];
      if (!adds) return add(passed(at, c, count, room));
      dAddends.write(at, count, [=](float* to) {
        float gate[kTogether];
        gatesOfResult(count, y + at, gate);
        pass(at, count, gate, to);
        add(to);
      });
    });
  });
  std::vector<float> shifts(width), slopes(width);
  for (int64_t c = 0; c < width; c++) {
    outGamma[c] = static_cast<float>(products[c]);
    outBeta[c] = static_cast<float>(sums[c]);
    shifts[c] = static_cast<float>(sums[c] / rows);
    slopes[c] = static_cast<float>(products[c] / rows);
  }
  const float *shift = shifts.data(), *slope = slopes.data();
  eachRow(rows, width, [=](int64_t row) {
    eachPart(width, [=](int64_t c, int64_t count) {
      const int64_t at = row + c;
      float room[kTogether];
      const float* g = passed(at, c, count, room);
      dInputs.write(at, count, [=](float* to) {
        giveBack(count, g, x + at, mean + c, inverse + c, gamma + c, shift + c, slope + c, to);
      });
    });
  });
}

bool withRelu(void* kernel) { return static_cast<Settings*>(kernel)->relu != 0; }

void forward(void* kernel, TF_OpKernelContext* context) {
  const auto each = withRelu(kernel) ? normalizeAll<Behind::relu, false> : normalizeAll<Behind::nothing, false>;
  each(kernel, context);
}
void forwardAdd(void* kernel, TF_OpKernelContext* context) {
  const auto each = withRelu(kernel) ? normalizeAll<Behind::relu, true> : normalizeAll<Behind::nothing, true>;
  each(kernel, context);
}
void backward(void* kernel, TF_OpKernelContext* context) {
  const auto each = withRelu(kernel) ? giveAllBack<Behind::relu, false> : giveAllBack<Behind::nothing, false>;
  each(kernel, context);
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
                           create, backward, destroy) &&
         registerOperation("MultiprizeBatchNormSign",
                           {"x: float", "gamma: float", "beta: float", ">y: float", ">mean: float", ">variance: float",
                            ">inverse: float", "@epsilon: float", "@relu: int = 0"},
                           create, normalizeAll<Behind::sign, false>, destroy) &&
         registerOperation("MultiprizeBatchNormSignGrad",
                           {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float",
                            ">dx: float", ">d_gamma: float", ">d_beta: float"},
                           nullptr, giveAllBack<Behind::sign, false>, nullptr) &&
         registerOperation("MultiprizeBatchNormAdd",
                           {"x: float", "gamma: float", "beta: float", "addend: float", ">y: float", ">mean: float",
                            ">variance: float", ">inverse: float", "@epsilon: float", "@relu: int = 0"},
                           create, forwardAdd, destroy) &&
         registerOperation("MultiprizeBatchNormAddReluGrad",
                           {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float",
                            "y: float", ">dx: float", ">d_gamma: float", ">d_beta: float", ">d_addend: float"},
                           nullptr, giveAllBack<Behind::relu, true>, nullptr) &&
         registerOperation("MultiprizeBatchNormReluGradOfTwo",
                           {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float",
                            "other: float", ">dx: float", ">d_gamma: float", ">d_beta: float"},
                           nullptr, giveAllBack<Behind::relu, false, true>, nullptr) &&
         registerOperation("MultiprizeBatchNormAddReluGradOfTwo",
                           {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float",
                            "y: float", "other: float", ">dx: float", ">d_gamma: float", ">d_beta: float",
                            ">d_addend: float"},
                           nullptr, giveAllBack<Behind::relu, true, true>, nullptr);
}

}  // namespace multiprize
