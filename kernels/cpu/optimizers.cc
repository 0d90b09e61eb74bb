// One update of SGD or Adam in one pass over memory, in the order of operations of optim/sgd and optim/adam, which
// are their twins. Hyper-parameters come as a small tensor, since they change from step to step.
#include <algorithm>
#include <cmath>

#include "operation.h"

namespace multiprize {
namespace {

// Each loop is a function of its own, its choices settled before it and its arrays told apart by `restrict`: only then
// does the compiler take many elements at once.

// g clipped to ±clip, plus decay · p.
template <bool clipped>
inline float direction(float g, float p, float clip, float decay) {
  return (clipped ? std::min(std::max(g, -clip), clip) : g) + p * decay;
}

struct Sgd {
  float rate, momentum, take, decay, clip;
};

template <bool clipped, bool nesterov>
void updateSgd(const Sgd& sgd, int64_t n, const float* __restrict p, const float* __restrict g, const float* __restrict m,
            float* __restrict newP, float* __restrict newM) {
  const auto [rate, momentum, take, decay, clip] = sgd;
  for (int64_t i = 0; i < n; i++) {
    const float d = direction<clipped>(g[i], p[i], clip, decay);
    const float buffer = m[i] * momentum + d * take;
    newM[i] = buffer;
    newP[i] = p[i] - rate * (nesterov ? d + buffer * momentum : buffer);
  }
}

struct Adam {
  float rate, take1, beta2, take2, root, epsilon, decay, clip;
};

template <bool clipped>
void updateAdam(const Adam& adam, int64_t n, const float* __restrict p, const float* __restrict g, const float* __restrict m,
            const float* __restrict v, float* __restrict newP, float* __restrict newM, float* __restrict newV) {
  const auto [rate, take1, beta2, take2, root, epsilon, decay, clip] = adam;
  for (int64_t i = 0; i < n; i++) {
    const float d = direction<clipped>(g[i], p[i], clip, decay);
    const float first = m[i] + (d - m[i]) * take1;
    const float second = v[i] * beta2 + (d * take2) * d;
    newM[i] = first;
    newV[i] = second;
    newP[i] = p[i] - (first * rate) / (std::sqrt(second) / root + epsilon);
  }
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
  const Sgd sgd = {h[0], h[1], 1.0f - h[2], h[4], h[5]};
  const bool nesterov = h[3] != 0, clipped = sgd.clip > 0;
  const auto each = clipped ? (nesterov ? updateSgd<true, true> : updateSgd<true, false>)
                            : (nesterov ? updateSgd<false, true> : updateSgd<false, false>);
  const auto* p = value.data<float>();
  const auto* g = gradient.data<float>();
  const auto* m = momentum.data<float>();
  float* newP = run.output<float>(0, TF_FLOAT, value, newValue);
  float* newM = run.output<float>(1, TF_FLOAT, value, newMomentum);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    each(sgd, end - begin, p + begin, g + begin, m + begin, newP + begin, newM + begin);
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
  const Adam adam = {h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7]};
  const auto each = adam.clip > 0 ? updateAdam<true> : updateAdam<false>;
  const auto* p = value.data<float>();
  const auto* g = gradient.data<float>();
  const auto* m = first.data<float>();
  const auto* v = second.data<float>();
  float* newP = run.output<float>(0, TF_FLOAT, value, newValue);
  float* newM = run.output<float>(1, TF_FLOAT, value, newFirst);
  float* newV = run.output<float>(2, TF_FLOAT, value, newSecond);
  parallel(n, [&](int64_t at, int64_t end, int) {
    each(adam, end - at, p + at, g + at, m + at, v + at, newP + at, newM + at, newV + at);
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
