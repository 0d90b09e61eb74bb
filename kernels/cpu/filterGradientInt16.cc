// The filters' gradients of 3×3 convolutions, with stride 1 and a border of one zero and at stride 2, in whole
// numbers of 16 bits (winogradInt16Gradient.h). NHWC and HWIO; channels come in whole vectors (kWidth). Twin: TensorFlow's
// Conv2DBackpropFilter.
#include "convolution.h"
#include "convolutionStrided.h"
#include "winogradFilters.h"
#include "winogradInt16Gradient.h"

namespace multiprize {

#if MULTIPRIZE_SIXTEEN_BITS

namespace {

using int16::kSpan, int16::kSpanApart;

// The convolution at stride 1: its tiles, transforms, and which sum a position's products go to.
struct Adjacent {
  Images images;
  static constexpr int kInput = kIn, kGradient = kOut, kResults = kIn, kFilterSide = kIn;
  static constexpr auto inputTransform = int16::gradient::inputTransform;
  static constexpr auto gradientTransform = int16::gradient::outputGradientTransform;
  static constexpr auto filterTransform = int16::gradient::filterGradientTransform;
  static int sumOf(int position) { return position; }
  static bool begins(int) { return true; }
  int64_t tiles() const { return images.tiles(); }
  Pixels<kIn> inputPixels(int64_t channels, const float* x, const float* zeros, int64_t tile, int64_t end) const {
    return {images, channels, x, zeros, tile, 1, end};
  }
  Pixels<kOut> gradientPixels(int64_t channels, const float* dy, const float* zeros, int64_t tile, int64_t end) const {
    return {images, channels, dy, zeros, tile, 0, end};
  }
};

// The one at stride 2, whose products of odd inputs share their sums.
struct Strided {
  strided::Images images;
  static constexpr int kInput = strided::kIn, kGradient = strided::kOut, kResults = strided::kIn;
  static constexpr int kFilterSide = strided::kFilters;
  static constexpr auto inputTransform = strided::inputTransform;
  static constexpr auto gradientTransform = strided::outputGradientTransform;
  static constexpr auto filterTransform = strided::filterGradientTransform;
  static int sumOf(int position) {
    const int i = std::min(position / kResults, strided::kEven), j = std::min(position % kResults, strided::kEven);
    return i * kFilterSide + j;
  }
  static bool begins(int position) {
    return position / kResults <= strided::kEven && position % kResults <= strided::kEven;
  }
  int64_t tiles() const { return images.tiles(); }
  strided::Pixels<kInput> inputPixels(int64_t channels, const float* x, const float* zeros, int64_t tile,
                                      int64_t end) const {
    return strided::inputPixels(images, channels, x, zeros, tile, end);
  }
  strided::Pixels<kGradient> gradientPixels(int64_t channels, const float* dy, const float* zeros, int64_t tile,
                                            int64_t end) const {
    return strided::gradientPixels(images, channels, dy, zeros, tile, end);
  }
};

template <typename Shape>
constexpr int kProductsOf = Shape::kResults * Shape::kResults;
template <typename Shape>
constexpr int kSumsOf = Shape::kFilterSide * Shape::kFilterSide;

// Tiles that go through all stages together, in whole spans: each block adds to the sums of all filters. Measured.
int64_t blockOf(int64_t inputs, int64_t outputs, int64_t tiles) {
  return std::min<int64_t>(inputs * outputs < 1 << 13 ? kSpan : 4 * kSpan, ceilDivide(tiles, kSpan) * kSpan);
}

// Tiles whose pixels are asked for ahead, and their channels: neighbouring lines of memory come at little more than one.
constexpr int64_t kAhead = 2, kTogether = 64;

// A block's rounded tiles, position by position, each in panels of channels of kPairs words a channel, and their steps.
struct Rounded {
  int64_t channels, pairs, spans;
  int32_t* words;
  float* steps;
  Rounded(Buffer& buffer, int64_t positions, int64_t channels, int64_t block)
      : channels(channels), pairs(block / 2), spans(block / kSpan) {
    words = buffer.words(positions * channels * (pairs + spans));
    steps = reinterpret_cast<float*>(words + positions * channels * pairs);
  }
  int32_t* wordsOf(int64_t position) const { return words + position * channels * pairs; }
  float* stepsOf(int64_t position, int64_t span) const { return steps + (position * spans + span) * channels; }
};

// Transforms and rounds tiles [tile, end), a block at most: of the images' channels from `first` on as many as `to` has,
// there from `channel` to `last`. `pixelsOf` gives a tile's pixels; `place` says where a channel's words begin in a
// position and how far they are apart.
template <int kResults, auto transform, typename PixelsOf, typename Place>
void roundTiles(PixelsOf pixelsOf, int64_t first, int64_t channel, int64_t last, int64_t tile, int64_t end,
                float* scratch, const Rounded& to, Place place) {
  for (int64_t span = 0; span * kSpan < end - tile; span++) {
    const int64_t begin = tile + span * kSpan;
    const int64_t pairs = std::min(kSpan / 2, ceilDivide(end - begin, 2));
    std::vector<decltype(pixelsOf(begin))> pixels;
    pixels.reserve(2 * pairs);
    for (int64_t t = 0; t < 2 * pairs; t++) pixels.push_back(pixelsOf(begin + t));
    for (int64_t c = channel; c < last; c += kWidth) {
      for (int64_t t = 0; t < 2 * pairs; t++) {
        if (c % kTogether == 0 && t + kAhead < 2 * pairs) {
          pixels[t + kAhead].fetch(first + c, std::min(kTogether, last - c));
        }
        int16::gradient::transformTile<kResults, transform>(pixels[t], first + c, scratch + t * kWidth);
      }
      const auto [at, apart] = place(c);
      for (int p = 0; p < kResults * kResults; p++) {
        int32_t* words = to.wordsOf(p) + at + span * kSpan / 2 * apart;
        store(to.stepsOf(p, span) + c, int16::gradient::roundSpan(scratch + p * kSpanApart, pairs, words, apart));
      }
    }
  }
}

// The images' tiles, in panels one vector wide, and their gradient's, in panels of two.
template <typename Shape>
void roundInputs(const Shape& shape, int64_t inputs, const float* x, const float* zeros, int64_t first, int64_t channel,
                 int64_t last, int64_t tile, int64_t end, float* scratch, const Rounded& v) {
  roundTiles<Shape::kResults, Shape::inputTransform>(
      [&](int64_t t) { return shape.inputPixels(inputs, x, zeros, t, end); }, first, channel, last, tile, end, scratch,
      v, [&](int64_t c) { return std::pair<int64_t, int64_t>(c * v.pairs, kWidth); });
}
template <typename Shape>
void roundGradients(const Shape& shape, int64_t outputs, const float* dy, const float* zeros, int64_t channel,
                    int64_t last, int64_t tile, int64_t end, float* scratch, const Rounded& z) {
  roundTiles<Shape::kResults, Shape::gradientTransform>(
      [&](int64_t t) { return shape.gradientPixels(outputs, dy, zeros, t, end); }, 0, channel, last, tile, end, scratch,
      z, [&](int64_t k) {
        return std::pair<int64_t, int64_t>(inPanels(outputs, z.pairs, 0, k), panelWidth(outputs, k / kPanel));
      });
}

// s[c, k] (+)= Σ over `tiles` tiles of v[t, c]·z[t, k] at one position, for kRowsTogether channels and a panel.
void multiplyPanel(const Rounded& v, int64_t c, const Rounded& z, int64_t panel, int64_t tiles, int64_t position,
                   bool add, float* s) {
  using namespace int16::gradient;
  const int32_t* vWords = v.wordsOf(position) + c / kWidth * kWidth * v.pairs + c % kWidth;
  const int32_t* zWords = z.wordsOf(position) + panel * kPanel * z.pairs;
  const int64_t width = panelWidth(z.channels, panel);
  const auto product = width == kPanel ? multiplySpan<2> : multiplySpan<1>;
  for (int64_t span = 0; span * kSpan < tiles; span++) {
    const int64_t begin = span * kSpan / 2;
    const int64_t pairs = std::min(kSpan / 2, ceilDivide(tiles, 2) - begin);
    product(vWords + begin * kWidth, v.stepsOf(position, span) + c, zWords + begin * width,
            z.stepsOf(position, span) + panel * kPanel, pairs, add || span > 0, s);
  }
}

// Tiles that are rounded at once for all channels, so that each sum leaves the cache as a filter's gradient.
constexpr int64_t kFew = 4 * kSpan;

// dw = Σ over images of x ∗ dy, of few tiles.
template <typename Shape>
void filterGradientOfFew(Memory& memory, const Shape& shape, int64_t inputs, int64_t outputs, const float* x,
                         const float* dy, float* dw) {
  constexpr int positions = kProductsOf<Shape>;
  const int64_t tiles = shape.tiles();
  const int64_t block = ceilDivide(tiles, kSpan) * kSpan;
  const Rounded v(memory.inputs[0], positions, inputs, block), z(memory.outputs[0], positions, outputs, block);
  const float* zeros = memory.zeros.zeros(std::max(inputs, outputs));
  shareOut((inputs + outputs) / kWidth, [&](int64_t job, int part) {
    float* scratch = memory.transforms[part].of(positions * kSpanApart);
    const int64_t c = job * kWidth, k = c - inputs;
    if (k < 0) roundInputs(shape, inputs, x, zeros, 0, c, c + kWidth, 0, tiles, scratch, v);
    if (k >= 0) roundGradients(shape, outputs, dy, zeros, k, k + kWidth, 0, tiles, scratch, z);
  });
  const int64_t vectors = inputs / kWidth;
  shareOut(panelCount(outputs) * vectors, [&](int64_t job, int part) {
    const int64_t panel = job / vectors, c = job % vectors * kWidth;
    const int64_t width = panelWidth(outputs, panel), apart = sumsApart(kWidth, width);
    float* s = memory.transforms[part].of(kSumsOf<Shape> * apart);
    for (int p = 0; p < positions; p++) {
      for (int64_t row = 0; row < kWidth; row += int16::gradient::kRowsTogether) {
        multiplyPanel(v, c + row, z, panel, tiles, p, !Shape::begins(p), s + Shape::sumOf(p) * apart + row * width);
      }
    }
    for (int64_t row = 0; row < kWidth; row++) {
      for (int64_t k = 0; k < width; k += kWidth) {
        filterGradientOf<Shape::kFilterSide, Shape::filterTransform>(
            s + row * width + k, apart, 1, dw + (c + row) * outputs + panel * kPanel + k, inputs * outputs);
      }
    }
  });
}

// dw = Σ over images of x ∗ dy.
template <typename Shape, typename Sides>
void filterGradient(Memory& memory, const Sides& images, int64_t inputs, int64_t outputs, const float* x,
                    const float* dy, float* dw) {
  const Shape shape{images};
  const int64_t tiles = shape.tiles();
  if (tiles <= kFew) return filterGradientOfFew(memory, shape, inputs, outputs, x, dy, dw);
  const Shares shares(inputs, outputs, tiles);
  const int64_t apart = sumsApart(inputs, outputs), sums = kSumsOf<Shape> * apart;
  float* s = memory.filters.of(shares.ofTiles * sums);
  const float* zeros = memory.zeros.zeros(std::max(inputs, outputs));
  shareOutSums(shares, inputs, tiles, [&](const Share& share, int part) {
    const auto [slice, from, to, channel, count] = share;
    const int64_t block = blockOf(inputs, outputs, to - from);
    const Rounded v(memory.inputs[part], kProductsOf<Shape>, count, block);
    const Rounded z(memory.outputs[part], kProductsOf<Shape>, outputs, block);
    float* scratch = memory.transforms[part].of(kProductsOf<Shape> * kSpanApart);
    for (int64_t first = from; first < to; first += block) {
      const int64_t end = std::min(first + block, to);
      roundInputs(shape, inputs, x, zeros, channel, 0, count, first, end, scratch, v);
      roundGradients(shape, outputs, dy, zeros, 0, outputs, first, end, scratch, z);
      for (int p = 0; p < kProductsOf<Shape>; p++) {
        for (int64_t c = 0; c < count; c += int16::gradient::kRowsTogether) {
          for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
            multiplyPanel(v, c, z, panel, end - first, p, first > from || !Shape::begins(p),
                          s + slice * sums + Shape::sumOf(p) * apart + panel * kPanel * inputs +
                              (channel + c) * panelWidth(outputs, panel));
          }
        }
      }
    }
  });
  filterGradients<Shape::kFilterSide, Shape::filterTransform>(inputs, outputs, s, shares.ofTiles, dw);
}

}  // namespace

bool registerInt16FilterGradient() {
  return registerOperation("MultiprizeInt16Conv3x3FilterGrad",
                           {"images: float", "gradient: float", ">result: float"}, nullptr,
                           computeFilterGradient<filterGradient<Adjacent, Images>>, nullptr) &&
         strided::registerFilterGradient<filterGradient<Strided, strided::Images>>(
             "MultiprizeInt16StridedConv3x3FilterGrad");
}

#else

bool registerInt16FilterGradient() { return true; }

#endif

}  // namespace multiprize
