// dS = dW_eff · W · sign(S). Twin: layers/scoreGradients.
#include "operation.h"

namespace multiprize {
namespace {

void compute(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor dEffective, weights, scores, dScores;
  run.input(0, dEffective);
  run.input(1, weights);
  run.input(2, scores);
  const int64_t n = scores.size();
  if (!run.require(dEffective.size() == n && weights.size() == n, "gradient, weights and scores differ in size")) return;
  const auto* d = dEffective.data<float>();
  const auto* w = weights.data<float>();
  const auto* s = scores.data<float>();
  float* out = run.output<float>(0, TF_FLOAT, scores, dScores);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) {
      const float sign = static_cast<float>(s[i] > 0) - static_cast<float>(s[i] < 0);
      out[i] = d[i] * w[i] * sign;
    }
  });
}

}  // namespace

bool registerScoreGradient() {
  return registerOperation("MultiprizeScoreGradient",
                           {"d_effective: float", "weights: float", "scores: float", ">d_scores: float"}, nullptr,
                           compute, nullptr);
}

}  // namespace multiprize
