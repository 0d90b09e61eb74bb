// One update of SGD or Adam in one pass over memory, in the order of operations of optim/sgd and optim/adam, which
// are their twins. Hyper-parameters come as a small tensor, since they change from step to step.
#include <algorithm>
#include <cmath>

#include "operation.h"

namespace multiprize {
namespace {

// g clipped to ±clip (none where clip is 0), plus decay · p.
inline float direction(float g, float p, float clip, float decay) {
  const float clipped = clip > 0 ? std::min(std::max(g, -clip), clip) : g;
  return clipped + p * decay;
}

// hyper: learning rate, momentum, dampening (0 at the first update), nesterov, weight decay, clip
void computeSgd(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor value, gradient, momentum, hyper, newValue, newMomentum;
  run.input(0, value);
  run.input(1, gradient);
  run.input(2, momentum);
  run.input(3, hyper);
  const int64_t n = value.size();
  if (!run.require(gradient.size() == n && momentum.size() == n && hyper.size() == 6, "sizes differ")) return;
  const auto* h = hyper.data<float>();
  const float rate = h[0], mu = h[1], take = 1.0f - h[2], decay = h[4], clip = h[5];
  const bool nesterov = h[3] != 0;
  const auto* p = value.data<float>();
  const auto* g = gradient.data<float>();
  const auto* m = momentum.data<float>();
  float* outP = run.output<float>(0, TF_FLOAT, value, newValue);
  float* outM = run.output<float>(1, TF_FLOAT, value, newMomentum);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) {
      const float d = direction(g[i], p[i], clip, decay);
      const float buffer = m[i] * mu + d * take;
      outM[i] = buffer;
      outP[i] = p[i] - rate * (nesterov ? d + buffer * mu : buffer);
    }
  });
}

// hyper: rate / (1 − β1ᵗ), 1 − β1, β2, 1 − β2, √(1 − β2ᵗ), ε, weight decay, clip
void computeAdam(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor value, gradient, first, second, hyper, newValue, newFirst, newSecond;
  run.input(0, value);
  run.input(1, gradient);
  run.input(2, first);
  run.input(3, second);
  run.input(4, hyper);
  const int64_t n = value.size();
  if (!run.require(gradient.size() == n && first.size() == n && second.size() == n && hyper.size() == 8,
                   "sizes differ")) {
    return;
  }
  const auto* h = hyper.data<float>();
  const float rate = h[0], take1 = h[1], beta2 = h[2], take2 = h[3], root = h[4], epsilon = h[5];
  const float decay = h[6], clip = h[7];
  const auto* p = value.data<float>();
  const auto* g = gradient.data<float>();
  const auto* m = first.data<float>();
  const auto* v = second.data<float>();
  float* outP = run.output<float>(0, TF_FLOAT, value, newValue);
  float* outM = run.output<float>(1, TF_FLOAT, value, newFirst);
  float* outV = run.output<float>(2, TF_FLOAT, value, newSecond);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) {
      const float d = direction(g[i], p[i], clip, decay);
      const float newM = m[i] + (d - m[i]) * take1;
      const float newV = v[i] * beta2 + (d * take2) * d;
      outM[i] = newM;
      outV[i] = newV;
      outP[i] = p[i] - (newM * rate) / (std::sqrt(newV) / root + epsilon);
    }
  });
}

}  // namespace

bool registerOptimizers() {
  const bool sgd = registerOperation("MultiprizeSgd",
                                     {"value: float", "gradient: float", "momentum: float", "hyper: float",
                                      ">new_value: float", ">new_momentum: float"},
                                     nullptr, computeSgd, nullptr);
  const bool adam = registerOperation("MultiprizeAdam",
                                      {"value: float", "gradient: float", "first: float", "second: float",
                                       "hyper: float", ">new_value: float", ">new_first: float", ">new_second: float"},
                                      nullptr, computeAdam, nullptr);
  return sgd && adam;
}

}  // namespace multiprize
