// ReLU, and its gradient from its result. Twins: TensorFlow's Relu and ReluGrad.
#include "operation.h"
#include "results.h"

namespace multiprize {
namespace {

void rectify(int64_t count, const float* __restrict x, float* __restrict y) {
  for (int64_t i = 0; i < count; i++) y[i] = x[i] < 0 ? 0.0f : x[i];
}

// The product, as in TensorFlow: of what is not a number something remains.
void passBack(int64_t count, const float* __restrict dy, const float* __restrict y, float* __restrict dx) {
  for (int64_t i = 0; i < count; i++) dx[i] = dy[i] * (y[i] > 0 ? 1.0f : 0.0f);
}

// work(first value, count, where to) for all of `size` values, whole vectors of them at a time.
template <typename F>
void each(int64_t size, float* to, F work) {
  const Results results(to, size, size);
  parallel(size, [&](int64_t begin, int64_t end, int) {
    const auto whole = [=](int64_t i) { return i == size ? size : i / kWidth * kWidth; };
    const int64_t first = whole(begin);
    eachPart(whole(end) - first, [&](int64_t at, int64_t count) {
      results.write(first + at, count, [&](float* room) { work(first + at, count, room); });
    });
    finishPast();
  });
}

void forward(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor input, output;
  run.input(0, input);
  const auto* x = input.data<float>();
  float* y = run.output<float>(0, TF_FLOAT, input, output);
  each(input.size(), y, [=](int64_t at, int64_t count, float* to) { rectify(count, x + at, to); });
}

void backward(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor gradient, result, dInput;
  run.input(0, gradient);
  run.input(1, result);
  if (!run.require(gradient.size() == result.size(), "the gradient does not fit the result")) return;
  const auto *dy = gradient.data<float>(), *y = result.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, result, dInput);
  each(result.size(), dx, [=](int64_t at, int64_t count, float* to) { passBack(count, dy + at, y + at, to); });
}

}  // namespace

bool registerRelu() {
  return registerOperation("MultiprizeRelu", {"x: float", ">y: float"}, nullptr, forward, nullptr) &&
         registerOperation("MultiprizeReluGrad", {"dy: float", "y: float", ">dx: float"}, nullptr, backward, nullptr);
}

}  // namespace multiprize
