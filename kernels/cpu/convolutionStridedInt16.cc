// 3×3 convolutions at stride 2, and their inputs' gradients, in whole numbers of 16 bits
// (winogradStridedInt16.h), where the filters are 0 or ±α; others are convolved in float32. NHWC and HWIO; channels come
// in whole vectors (kWidth). Twins: TensorFlow's Conv2D and Conv2DBackpropInput.
#include "convolutionStrided.h"
#include "winogradStridedInt16.h"

namespace multiprize {

#if MULTIPRIZE_SIXTEEN_BITS

namespace {

namespace narrow = strided::int16;
using strided::Images, strided::kFilters, strided::kGroups, strided::kProducts, strided::kIn, strided::kOut;

// Tiles that go through all stages together: their buffers fit beside a panel of filters into a core's cache. Measured.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 16 ? kRows : 2 * kRows, tiles);
}

// What a thread has for its tiles.
struct Room {
  int32_t *v, *m;
  float *scratch, *units;
  Room(Memory& memory, int part, int64_t rows, int64_t inputs) {
    v = memory.inputs[part].words(kProducts * rows * inputs / narrow::kPair);
    m = memory.outputs[part].words(kProducts * rows * kPanel);
    scratch = memory.transforms[part].of(kProducts * inputs + rows);
    units = scratch + kProducts * inputs;
  }
};

// The gain of filters 0 or ±α with their words as u, or 0.
float wordsOf(int64_t inputs, int64_t outputs, const float* w, int32_t* u) {
  if (inputs > narrow::kMostChannels) return 0;
  return narrow::filterPairs<kFilters, narrow::filterTransform>(inputs, outputs, w, u);
}

// y = x ∗ w. Sums of signs are exact, as in float32.
void convolveInt16(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                   const float* w, float* y) {
  int32_t* u = memory.filters.words(kGroups * narrow::wordsApart(inputs / narrow::kPair * outputs));
  const float gain = wordsOf(inputs, outputs, w, u);
  if (gain == 0) return strided::convolve(memory, images, inputs, outputs, x, w, y);
  const bool anySigns = strided::signsAlone(images, inputs, x, 0);
  const float* zeros = memory.zeros.zeros(inputs);
  const int64_t tiles = images.tiles();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(tiles, parts()));
  shareOut(ceilDivide(tiles, block), [&](int64_t job, int part) {
    const Room room(memory, part, block, inputs);
    const int64_t first = job * block;
    const int64_t rows = std::min(block, tiles - first);
    bool signs = anySigns;
    for (int64_t row = 0; row < rows; row++) {
      const auto pixels = strided::inputPixels(images, inputs, x, zeros, first + row, tiles);
      strided::inputPixels(images, inputs, x, zeros, first + row + 1, tiles).fetch(0, inputs);
      float unit = signs ? narrow::roundTile<true, kIn, narrow::inputTransform>(pixels, inputs, room.scratch, room.v,
                                                                               rows, row)
                         : 0;
      signs = unit != 0;
      if (!signs) {
        unit = narrow::roundTile<false, kIn, narrow::inputTransform>(pixels, inputs, room.scratch, room.v, rows, row);
      }
      room.units[row] = unit * (gain * narrow::kTakenOut);
    }
    for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
      narrow::multiplyGroups(room.v, rows, inputs, u, outputs, panel, room.m);
      for (int64_t row = 0; row < rows; row++) {
        narrow::outputTile(images, outputs, panel, room.m, rows, row, first + row, room.units[row], gain, signs, y);
      }
    }
  });
}

// dx from dy. Neighbouring tiles add to the same pixels, so whole images go to one thread.
void inputGradientInt16(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* dy,
                        const float* w, float* dx) {
  float* exchanged = memory.exchanged.of(kFilter * kFilter * inputs * outputs);
  exchange(inputs, outputs, w, false, exchanged);
  int32_t* u = memory.filters.words(kGroups * narrow::wordsApart(outputs / narrow::kPair * inputs));
  const float gain = wordsOf(outputs, inputs, exchanged, u);
  if (gain == 0) return strided::inputGradient(memory, images, inputs, outputs, dy, w, dx);
  const float* zeros = memory.zeros.zeros(outputs);
  const int64_t ofImage = images.tilesOfImage();
  const int64_t block = blockOf(inputs, outputs, ceilDivide(images.tiles(), parts()));
  const int64_t together = std::max<int64_t>(1, block / ofImage);
  const int64_t most = std::min(block, together * ofImage);
  shareOut(ceilDivide(images.batch, together), [&](int64_t job, int part) {
    const Room room(memory, part, most, outputs);
    const int64_t begin = job * together, end = std::min(begin + together, images.batch);
    const int64_t image = images.height * images.width * inputs;
    std::fill(dx + begin * image, dx + end * image, 0.0f);
    for (int64_t first = begin * ofImage; first < end * ofImage; first += most) {
      const int64_t rows = std::min(most, end * ofImage - first);
      for (int64_t row = 0; row < rows; row++) {
        const auto pixels = strided::gradientPixels(images, outputs, dy, zeros, first + row, images.tiles());
        strided::gradientPixels(images, outputs, dy, zeros, first + row + 1, images.tiles()).fetch(0, outputs);
        room.units[row] = gain * narrow::roundTile<false, kOut, narrow::outputGradientTransform>(
                                     pixels, outputs, room.scratch, room.v, rows, row);
      }
      for (int64_t panel = 0; panel < panelCount(inputs); panel++) {
        narrow::multiplyGroups(room.v, rows, outputs, u, inputs, panel, room.m);
        for (int64_t row = 0; row < rows; row++) {
          narrow::inputGradientTile(images, inputs, panel, room.m, rows, row, first + row, room.units[row], dx);
        }
      }
    }
  });
}

}  // namespace

bool registerInt16StridedConvolution() {
  return strided::registerConvolution<convolveInt16>("MultiprizeInt16StridedConv3x3") &&
         strided::registerInputGradient<inputGradientInt16>("MultiprizeInt16StridedConv3x3InputGrad");
}

#else

bool registerInt16StridedConvolution() { return true; }

#endif

}  // namespace multiprize
