// The filters' gradient of a 3×3 convolution with stride 1 and a border of one zero, in whole numbers of 16 bits
// (winogradInt16Gradient.h). NHWC and HWIO; channels come in whole vectors (kWidth). Twin: TensorFlow's
// Conv2DBackpropFilter.
#include "convolution.h"
#include "winogradFilters.h"
#include "winogradInt16Gradient.h"

namespace multiprize {

#if MULTIPRIZE_SIXTEEN_BITS

namespace {

using int16::kSpan;

// Tiles that go through all stages together, in whole spans: each block adds to the sums of all filters. Measured.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 13 ? kSpan : 4 * kSpan, ceilDivide(tiles, kSpan) * kSpan);
}

// A block's rounded tiles, position by position, each in panels of channels of kPairs words a channel, and their steps.
struct Rounded {
  int64_t channels, pairs, spans;
  int32_t* words;
  float* steps;
  Rounded(Buffer& buffer, int64_t channels, int64_t block)
      : channels(channels), pairs(block / 2), spans(block / kSpan) {
    words = buffer.words(kPositions * channels * (pairs + spans));
    steps = reinterpret_cast<float*>(words + kPositions * channels * pairs);
  }
  int32_t* wordsOf(int64_t position) const { return words + position * channels * pairs; }
  float* stepsOf(int64_t position, int64_t span) const { return steps + (position * spans + span) * channels; }
};

// Transforms and rounds the channels [first, first + to.channels) of tiles [tile, end), a block at most. `place` says
// where the words of a channel begin in a position and how far they are apart.
template <int kSide, auto transform, typename Place>
void roundTiles(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t first,
                int64_t tile, int64_t end, int64_t before, float* scratch, const Rounded& to, Place place) {
  for (int64_t span = 0; span * kSpan < end - tile; span++) {
    const int64_t begin = tile + span * kSpan;
    const int64_t pairs = std::min(kSpan / 2, ceilDivide(end - begin, 2));
    std::vector<Pixels<kSide>> pixels;
    pixels.reserve(2 * pairs);
    for (int64_t t = 0; t < 2 * pairs; t++) pixels.emplace_back(images, channels, x, zeros, begin + t, before, end);
    for (int64_t c = 0; c < to.channels; c += kWidth) {
      for (int64_t t = 0; t < 2 * pairs; t++) {
        int16::gradient::transformTile<kSide, transform>(pixels[t], first + c, scratch + t * kWidth);
      }
      const auto [at, apart] = place(c);
      for (int p = 0; p < kPositions; p++) {
        int32_t* words = to.wordsOf(p) + at + span * kSpan / 2 * apart;
        store(to.stepsOf(p, span) + c,
              int16::gradient::roundSpan(scratch + p * kSpan * kWidth, pairs, words, apart));
      }
    }
  }
}

// s[c, k] (+)= Σ over `tiles` tiles of v[t, c]·z[t, k] at one position; s holds all `inputs` channels, v those from
// `first` on.
void multiplyBlock(const Rounded& v, int64_t first, const Rounded& z, int64_t tiles, int64_t position, bool add,
                   float* s, int64_t inputs) {
  using namespace int16::gradient;
  for (int64_t c = 0; c < v.channels; c += kRowsTogether) {
    const int32_t* vWords = v.wordsOf(position) + c / kWidth * kWidth * v.pairs + c % kWidth;
    for (int64_t panel = 0; panel < panelCount(z.channels); panel++) {
      const int64_t width = panelWidth(z.channels, panel);
      const auto product = width == kPanel ? multiplySpan<2> : multiplySpan<1>;
      for (int64_t span = 0; span * kSpan < tiles; span++) {
        const int64_t begin = span * kSpan / 2;
        const int64_t pairs = std::min(kSpan / 2, ceilDivide(tiles, 2) - begin);
        product(vWords + begin * kWidth, v.stepsOf(position, span) + c,
                z.wordsOf(position) + panel * kPanel * z.pairs + begin * width,
                z.stepsOf(position, span) + panel * kPanel, pairs, add || span > 0,
                s + panel * kPanel * inputs + (first + c) * width);
      }
    }
  }
}

// dw = Σ over images of x ∗ dy.
void filterGradient(Memory& memory, const Images& images, int64_t inputs, int64_t outputs, const float* x,
                    const float* dy, float* dw) {
  const int64_t tiles = images.tiles();
  const Shares shares(inputs, outputs, tiles);
  const int64_t sums = kPositions * inputs * outputs;
  float* s = memory.filters.of(shares.ofTiles * sums);
  const float* zeros = memory.zeros.zeros(std::max(inputs, outputs));
  shareOutSums(shares, inputs, tiles, [&](const Share& share, int part) {
    const auto [slice, from, to, channel, count] = share;
    const int64_t block = blockOf(inputs, outputs, to - from);
    const Rounded v(memory.inputs[part], count, block);
    const Rounded z(memory.outputs[part], outputs, block);
    float* scratch = memory.transforms[part].of(kPositions * kSpan * kWidth);
    for (int64_t first = from; first < to; first += block) {
      const int64_t end = std::min(first + block, to);
      roundTiles<kIn, int16::gradient::inputTransform>(
          images, inputs, x, zeros, channel, first, end, 1, scratch, v,
          [&](int64_t c) { return std::pair<int64_t, int64_t>(c * v.pairs, kWidth); });
      roundTiles<kOut, int16::gradient::outputGradientTransform>(
          images, outputs, dy, zeros, 0, first, end, 0, scratch, z, [&](int64_t k) {
            return std::pair<int64_t, int64_t>(inPanels(outputs, z.pairs, 0, k), panelWidth(outputs, k / kPanel));
          });
      for (int64_t p = 0; p < kPositions; p++) {
        multiplyBlock(v, channel, z, end - first, p, first > from, s + slice * sums + p * inputs * outputs, inputs);
      }
    }
  });
  shareOut(inputs, [&](int64_t input, int) {
    filterGradientRow<kIn, int16::gradient::filterGradientTransform>(inputs, outputs, s, shares.ofTiles, input, dw);
  });
}

}  // namespace

bool registerInt16FilterGradient() {
  return registerOperation("MultiprizeInt16Conv3x3FilterGrad",
                           {"images: float", "gradient: float", ">result: float"}, nullptr,
                           computeFilterGradient<filterGradient>, nullptr);
}

#else

bool registerInt16FilterGradient() { return true; }

#endif

}  // namespace multiprize
