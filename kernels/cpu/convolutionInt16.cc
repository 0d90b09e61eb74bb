// 3×3 convolutions with stride 1 and a border of one zero, and their inputs' gradients, in whole numbers of 16 bits
// (winogradInt16.h), where the filters are 0 or ±α; others are convolved in float32. NHWC and HWIO; channels come in
// whole vectors (kWidth). Twins: TensorFlow's Conv2D and Conv2DBackpropInput.
#include "convolution.h"
#include "winogradInt16.h"

namespace multiprize {

#if MULTIPRIZE_SIXTEEN_BITS

namespace {

// Tiles that go through all stages together: their buffers fit beside a panel of filters into a core's cache. Measured.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 18 ? 2 * kRows : 4 * kRows, tiles);
}

// y = x ∗ w. Sums of signs are exact, as in float32.
void convolveInt16(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                   const float* w, float* y) {
  const float gain = gainOf(w, kFilter * kFilter * inputs * outputs);
  if (gain == 0 || inputs > int16::kMostChannels) return convolve(memory, images, inputs, outputs, x, w, y);
  const int64_t pairs = inputs / int16::kPair;
  int32_t* u = memory.filters.words(kPositions * pairs * outputs);
  shareOut(pairs, [&](int64_t pair, int) {
    int16::filterPair<kIn, int16::filterTransform>(inputs, outputs, w, pair, u);
  });
  const bool anySigns = signsAlone(images, inputs, x, 0);
  const float* zeros = memory.zeros.zeros(inputs);
  const int64_t tiles = images.tiles();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(tiles, parts()));
  shareOut(ceilDivide(tiles, block), [&](int64_t job, int part) {
    int32_t* v = memory.inputs[part].words(kPositions * block * pairs);
    int32_t* m = memory.outputs[part].words(kPositions * block * kPanel);
    float* scratch = memory.transforms[part].of(kPositions * inputs + block);
    float* units = scratch + kPositions * inputs;
    const int64_t first = job * block;
    const int64_t rows = std::min(block, tiles - first);
    bool signs = anySigns;
    for (int64_t row = 0; row < rows; row++) {
      signs = signs && signsAlone(images, inputs, x, first + row);
      units[row] = int16::inputTile(images, inputs, x, zeros, first + row, signs, scratch, v, rows, row) *
                   (gain * int16::kTakenOut);
    }
    for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
      const int64_t width = panelWidth(outputs, panel);
      for (int64_t p = 0; p < kPositions; p++) {
        int16::multiplyPanel(v + p * rows * pairs, rows, inputs, u + (p * outputs + panel * kPanel) * pairs, width,
                             m + p * rows * width);
      }
      for (int64_t row = 0; row < rows; row++) {
        int16::outputTile(images, outputs, panel, m, rows, row, first + row, units[row], signs ? gain : 0, y);
      }
    }
  });
}

}  // namespace

bool registerInt16Convolution() {
  return registerOperation("MultiprizeInt16Conv3x3", {"images: float", "filters: float", ">result: float"}, nullptr,
                           computeConvolution<convolveInt16>, nullptr) &&
         registerOperation("MultiprizeInt16Conv3x3InputGrad", {"gradient: float", "filters: float", ">result: float"},
                           nullptr, computeInputGradient<convolveInt16>, nullptr);
}

#else

bool registerInt16Convolution() { return true; }

#endif

}  // namespace multiprize
