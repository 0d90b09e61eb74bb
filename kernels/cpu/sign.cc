// The binary activation, +1 at 0, and the Bi-Real surrogate of its gradient. Twin: layers/binaryActivation.
#include <cmath>

#include "operation.h"

namespace multiprize {
namespace {

void forward(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor input, output;
  run.input(0, input);
  const auto* x = input.data<float>();
  float* y = run.output<float>(0, TF_FLOAT, input, output);
  parallel(input.size(), [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) y[i] = x[i] >= 0 ? 1.0f : -1.0f;
  });
}

// dx = dy · 2·(1 − |x|) inside [−1, 1], else 0
void backward(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor gradient, input, dInput;
  run.input(0, gradient);
  run.input(1, input);
  if (!run.require(gradient.size() == input.size(), "the gradient does not fit the input")) return;
  const auto* dy = gradient.data<float>();
  const auto* x = input.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  parallel(input.size(), [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) dx[i] = dy[i] * std::max(0.0f, 2.0f - std::fabs(x[i]) * 2.0f);
  });
}

}  // namespace

bool registerSign() {
  return registerOperation("MultiprizeSign", {"x: float", ">y: float"}, nullptr, forward, nullptr) &&
         registerOperation("MultiprizeBiRealGrad", {"dy: float", "x: float", ">dx: float"}, nullptr, backward, nullptr);
}

}  // namespace multiprize
