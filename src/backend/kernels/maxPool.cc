// The gradient of 2×2 max-pooling with stride 2 on even sides, NHWC: dy goes to the first maximum of each window in
// row-major order. Twin: TensorFlow's MaxPoolGrad.
#include "operation.h"

namespace multiprize {
namespace {

// All channels of one window: a b over e f. `restrict` lets the compiler take many channels at once.
inline void window(const float* __restrict a, const float* __restrict b, const float* __restrict e,
                   const float* __restrict f, const float* __restrict d, float* __restrict dA, float* __restrict dB,
                   float* __restrict dE, float* __restrict dF, int64_t channels) {
  for (int64_t c = 0; c < channels; c++) {
    const float top = std::max(a[c], b[c]);
    const float bottom = std::max(e[c], f[c]);
    const float up = top >= bottom ? d[c] : 0.0f;
    const float down = d[c] - up;
    const float left = a[c] >= b[c] ? up : 0.0f;
    const float lowerLeft = e[c] >= f[c] ? down : 0.0f;
    dA[c] = left;
    dB[c] = up - left;
    dE[c] = lowerLeft;
    dF[c] = down - lowerLeft;
  }
}

void compute(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor input, gradient, dInput;
  run.input(0, input);
  run.input(1, gradient);
  const int64_t batch = input.dim(0), height = input.dim(1), width = input.dim(2), channels = input.dim(3);
  if (!run.require(height % 2 == 0 && width % 2 == 0, "sides must be even")) return;
  if (!run.require(gradient.size() * 4 == input.size(), "the gradient does not fit the input")) return;
  const auto* x = input.data<float>();
  const auto* dy = gradient.data<float>();
  float* dx = run.output<float>(0, TF_FLOAT, input, dInput);
  const int64_t row = width * channels;
  const int64_t outRows = batch * height / 2;
  const int64_t outRow = row / 2;
  // Rows of windows are shared out by the pixels they hold.
  parallel(outRows * outRow, [&](int64_t begin, int64_t end, int) {
    for (int64_t r = begin / outRow; r < end / outRow; r++) {
      const float* top = x + 2 * r * row;
      const float* bottom = top + row;
      const float* d = dy + r * outRow;
      float* dTop = dx + 2 * r * row;
      float* dBottom = dTop + row;
      for (int64_t column = 0; column < width / 2; column++) {
        const int64_t left = 2 * column * channels;
        const int64_t right = left + channels;
        window(top + left, top + right, bottom + left, bottom + right, d + column * channels, dTop + left,
               dTop + right, dBottom + left, dBottom + right, channels);
      }
    }
  });
}

}  // namespace

bool registerMaxPool() {
  return registerOperation("MultiprizeMaxPool2Grad", {"input: float", "gradient: float", ">d_input: float"}, nullptr,
                           compute, nullptr);
}

}  // namespace multiprize
