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

using PutTile = decltype(&int16::outputTile<false, false>);
PutTile putTile(bool signs, bool past) {
  if (signs) return past ? int16::outputTile<true, true> : int16::outputTile<true, false>;
  return past ? int16::outputTile<false, true> : int16::outputTile<false, false>;
}

// Rounds one tile as row `row` of v, positions `apart` from each other, and gives its step. `signs`, whether all before
// were of signs alone, stays so or not.
float roundTile(const Images& images, int64_t inputs, const float* x, const float* zeros, int64_t tile, float* scratch,
                int32_t* v, int64_t rows, int64_t apart, int64_t row, bool& signs) {
  const auto rounded = [&](auto inputTile) {
    return inputTile(images, inputs, x, zeros, tile, scratch, v, rows, apart, row);
  };
  const float unit = signs ? rounded(int16::inputTile<true>) : 0;
  signs = unit != 0;
  return signs ? unit : rounded(int16::inputTile<false>);
}

// Few tiles under many filters: all are rounded, and then each panel of filters is transformed and used while it is in
// the cache.
constexpr int64_t kFewTiles = 128, kManyFilters = 1 << 17;

// y = x ∗ w of few tiles; else as below.
template <bool ofSigns>
bool convolveFew(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* w,
                 float* y) {
  const int64_t pairs = inputs / int16::kPair, tiles = images.tiles(), positions = int16::wordsApart(tiles * pairs);
  const float gain = int16::firstGain(w, kFilter * kFilter * inputs * outputs);
  if (gain == 0) return false;
  const bool anySigns = ofSigns || signsAlone(images, inputs, x, 0);
  const bool past = pastCache(y, images.batch * images.height * images.width * outputs);
  const float* zeros = memory.zeros.zeros(inputs);
  int32_t* v = memory.inputs[0].words(kPositions * positions);
  std::vector<float> units(tiles);
  std::atomic<bool> allSigns{anySigns}, binary{true};
  shareOut(tiles, [&](int64_t tile, int part) {
    float* scratch = memory.transforms[part].of(kPositions * inputs);
    bool signs = anySigns;
    units[tile] = roundTile(images, inputs, x, zeros, tile, scratch, v, tiles, positions, tile, signs) *
                  (gain * int16::kTakenOut);
    if (!signs) allSigns = false;
  });
  if (ofSigns && !allSigns) return false;
  const PutTile put = putTile(allSigns, past);
  shareOut(panelCount(outputs), [&](int64_t panel, int part) {
    const int64_t width = panelWidth(outputs, panel), filters = int16::wordsApart(pairs * width);
    const int64_t apart = int16::wordsApart(tiles * width);
    int32_t* u = memory.transforms[part].words(kPositions * filters);
    int32_t* m = memory.outputs[part].words(kPositions * apart);
    for (int64_t pair = 0; pair < pairs && binary; pair++) {
      for (int64_t k = 0; k < width; k += kWidth) {
        if (!int16::filterPair<kIn, int16::filterTransform>(inputs, outputs, w, gain, pair, panel * kPanel + k, filters,
                                                            u + pair * width + k)) {
          binary = false;
        }
      }
    }
    if (!binary) return;
    for (int64_t p = 0; p < kPositions; p++) {
      int16::multiplyPanel(v + p * positions, tiles, tiles, inputs, u + p * filters, width, m + p * apart);
    }
    for (int64_t tile = 0; tile < tiles; tile++) put(images, outputs, panel, m, apart, tile, tile, units[tile], gain, y);
    finishPast();
  });
  return binary;
}

// y = x ∗ w; sums of signs are exact. Gives false, with y unfinished, where filters are not 0 or ±α, and with `ofSigns`
// where x are not ±1 alone (or 0).
template <bool ofSigns>
bool convolveNarrow(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                    const float* w, float* y) {
  if (inputs > int16::kMostChannels) return false;
  if (images.tiles() <= kFewTiles && inputs * outputs >= kManyFilters) {
    return convolveFew<ofSigns>(memory, images, inputs, outputs, x, w, y);
  }
  const int64_t pairs = inputs / int16::kPair, filters = int16::wordsApart(pairs * outputs);
  int32_t* u = memory.filters.words(kPositions * filters);
  const float gain = int16::filterPairs<kIn, int16::filterTransform>(inputs, outputs, w, u);
  if (gain == 0) return false;
  const bool anySigns = ofSigns || signsAlone(images, inputs, x, 0);
  std::atomic<bool> done{true};
  const bool past = pastCache(y, images.batch * images.height * images.width * outputs);
  const float* zeros = memory.zeros.zeros(inputs);
  const int64_t tiles = images.tiles();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(tiles, parts()));
  shareOut(ceilDivide(tiles, block), [&](int64_t job, int part) {
    int32_t* v = memory.inputs[part].words(kPositions * int16::wordsApart(block * pairs));
    int32_t* m = memory.outputs[part].words(kPositions * int16::wordsApart(block * kPanel));
    float* scratch = memory.transforms[part].of(kPositions * inputs + block);
    float* units = scratch + kPositions * inputs;
    const int64_t first = job * block;
    const int64_t rows = std::min(block, tiles - first), positions = int16::wordsApart(rows * pairs);
    bool signs = anySigns;
    for (int64_t row = 0; row < rows; row++) {
      units[row] = roundTile(images, inputs, x, zeros, first + row, scratch, v, rows, positions, row, signs) *
                   (gain * int16::kTakenOut);
      if (ofSigns && !signs) done = false;
      if (ofSigns && !done) return;
    }
    const PutTile put = putTile(signs, past);
    for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
      const int64_t width = panelWidth(outputs, panel), apart = int16::wordsApart(rows * width);
      for (int64_t p = 0; p < kPositions; p++) {
        int16::multiplyPanel(v + p * positions, rows, rows, inputs, u + p * filters + panel * kPanel * pairs, width,
                             m + p * apart);
      }
      for (int64_t row = 0; row < rows; row++) {
        put(images, outputs, panel, m, apart, row, first + row, units[row], gain, y);
      }
    }
    finishPast();
  });
  return done;
}

void convolveInt16(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                   const float* w, float* y) {
  if (!convolveNarrow<false>(memory, images, inputs, outputs, x, w, y)) {
    convolve(memory, images, inputs, outputs, x, w, y);
  }
}

}  // namespace

bool convolveSigns(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                   const float* w, float* y) {
  return convolveNarrow<true>(memory, images, inputs, outputs, x, w, y);
}

bool registerInt16Convolution() {
  return registerOperation("MultiprizeInt16Conv3x3", {"images: float", "filters: float", ">result: float"}, nullptr,
                           computeConvolution<convolveInt16>, nullptr) &&
         registerOperation("MultiprizeInt16Conv3x3InputGrad", {"gradient: float", "filters: float", ">result: float"},
                           nullptr, computeInputGradient<convolveInt16>, nullptr);
}

#else

bool convolveSigns(Memory&, const Images&, int64_t, int64_t, const float*, const float*, float*) { return false; }

bool registerInt16Convolution() { return true; }

#endif

}  // namespace multiprize
