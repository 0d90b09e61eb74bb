// 2×2 max-pooling with stride 2 on even sides, NHWC, with ReLU behind it or without; and its gradient, which goes to
// the first maximum of each window in row-major order. Twins: TensorFlow's MaxPool, MaxPoolGrad, Relu and ReluGrad.
#include "operation.h"
#include "results.h"

namespace multiprize {
namespace {

void* create(TF_OpKernelConstruction* construction) {
  auto* relu = new int64_t;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "relu", relu, status);
  TF_DeleteStatus(status);
  return relu;
}
void destroy(void* kernel) { delete static_cast<int64_t*>(kernel); }

// All channels of one window: a b over e f. `restrict` lets the compiler take many channels at once.
template <bool relu>
void pool(const float* __restrict a, const float* __restrict b, const float* __restrict e, const float* __restrict f,
          float* __restrict y, int64_t channels) {
  for (int64_t c = 0; c < channels; c++) {
    const float top = std::max(a[c], b[c]);
    const float bottom = std::max(e[c], f[c]);
    const float largest = std::max(top, bottom);
    y[c] = relu && largest < 0 ? 0.0f : largest;
  }
}

template <bool relu>
void spread(const float* __restrict a, const float* __restrict b, const float* __restrict e, const float* __restrict f,
            const float* __restrict d, float* __restrict dA, float* __restrict dB, float* __restrict dE,
            float* __restrict dF, int64_t channels) {
  for (int64_t c = 0; c < channels; c++) {
    const float top = std::max(a[c], b[c]);
    const float bottom = std::max(e[c], f[c]);
    const float passed = !relu || std::max(top, bottom) > 0 ? d[c] : 0.0f;
    const float up = top >= bottom ? passed : 0.0f;
    const float down = passed - up;
    const float left = a[c] >= b[c] ? up : 0.0f;
    const float lowerLeft = e[c] >= f[c] ? down : 0.0f;
    dA[c] = left;
    dB[c] = up - left;
    dE[c] = lowerLeft;
    dF[c] = down - lowerLeft;
  }
}

// work(first value of the window's upper row, of its lower row, of its result) for each window; rows of windows are
// shared out by the pixels they hold.
template <typename F>
void eachWindow(const Tensor& input, F work) {
  const int64_t height = input.dim(1), width = input.dim(2), channels = input.dim(3);
  const int64_t row = width * channels;
  const int64_t outRow = row / 2;
  parallel(input.dim(0) * height / 2 * outRow, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / outRow; r < end / outRow; r++) {
      for (int64_t column = 0; column < width / 2; column++) {
        const int64_t upper = 2 * r * row + 2 * column * channels;
        work(upper, upper + row, r * outRow + column * channels);
      }
    }
    finishPast();
  });
}

void forward(void* kernel, TF_OpKernelContext* context) {
  const bool relu = *static_cast<int64_t*>(kernel) != 0;
  Run run(context);
  Tensor input, output;
  run.input(0, input);
  if (!run.require(input.dim(1) % 2 == 0 && input.dim(2) % 2 == 0, "sides must be even")) return;
  const int64_t channels = input.dim(3);
  const auto* x = input.data<float>();
  float* y = run.output<float>(0, TF_FLOAT, {input.dim(0), input.dim(1) / 2, input.dim(2) / 2, channels}, output);
  const auto each = relu ? pool<true> : pool<false>;
  eachWindow(input, [=](int64_t upper, int64_t lower, int64_t out) {
    each(x + upper, x + upper + channels, x + lower, x + lower + channels, y + out, channels);
  });
}

void backward(void* kernel, TF_OpKernelContext* context) {
  const bool relu = *static_cast<int64_t*>(kernel) != 0;
  Run run(context);
  Tensor input, gradient, dInput;
  run.input(0, input);
  run.input(1, gradient);
  if (!run.require(input.dim(1) % 2 == 0 && input.dim(2) % 2 == 0, "sides must be even")) return;
  if (!run.require(gradient.size() * 4 == input.size(), "the gradient does not fit the input")) return;
  const int64_t channels = input.dim(3);
  const auto* x = input.data<float>();
  const auto* dy = gradient.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  const auto each = relu ? spread<true> : spread<false>;
  const Results results(dx, input.size(), channels);
  eachWindow(input, [=](int64_t upper, int64_t lower, int64_t out) {
    eachPart(channels, [=](int64_t c, int64_t count) {
      const int64_t a = upper + c, e = lower + c;
      const auto spread = [=](float* dA, float* dB, float* dE, float* dF) {
        each(x + a, x + a + channels, x + e, x + e + channels, dy + out + c, dA, dB, dE, dF, count);
      };
      results.writeFour({a, a + channels, e, e + channels}, count, spread);
    });
  });
}

}  // namespace

bool registerMaxPool() {
  return registerOperation("MultiprizeMaxPool2", {"input: float", ">output: float", "@relu: int = 0"}, create, forward,
                           destroy) &&
         registerOperation("MultiprizeMaxPool2Grad",
                           {"input: float", "gradient: float", ">d_input: float", "@relu: int = 0"}, create, backward,
                           destroy);
}

}  // namespace multiprize
