// 1×1 convolutions at stride 2, their inputs' and filters' gradients, in whole numbers of 16 bits. A pixel's channels are
// rounded to 32767ths of the largest, filters are 0 or ±α, and products sum exactly in 32 bits; the filters' gradient
// rounds as winogradInt16Gradient.h says. Other filters are multiplied in float32. NHWC and [1, 1, inputs, outputs];
// channels come in whole vectors (kWidth). Twins: TensorFlow's Conv2D and its gradients.
#include "pointwise.h"

namespace multiprize {

#if MULTIPRIZE_SIXTEEN_BITS

namespace {

using pointwise::fits, pointwise::fitsGradient, pointwise::Images, pointwise::inPanelsOf, pointwise::kTogether;
using pointwise::signPairs, pointwise::transpose;

constexpr int64_t kMostChannels = std::numeric_limits<int32_t>::max() / int16::kMost;

Memory& memory() {
  static Memory kept;
  return kept;
}

// A vector of channels of the next pixels, rounded, as the products take them; gives the largest over 32767.
float roundPixel(const float* x, int64_t channels, int32_t* v, int64_t rows) {
  int16::Largest largest;
  for (int64_t c = 0; c < channels; c += kWidth) largest.see(load(x + c));
  const float unit = largest.unit();
  const Vector inverse = broadcast(1 / unit);
  for (int64_t c = 0; c < channels; c += kWidth) int16::round(v + c * rows / int16::kPair, x + c, inverse);
  return unit;
}

// Filters [inputs, outputs] on their way into products.
struct Filters {
  int64_t inputs, outputs;
  // 0 where they are not all 0 or ±gain.
  float gain;
  const int32_t* words;
  const float* values;
  Filters(Memory& memory, int64_t inputs, int64_t outputs, const float* w)
      : inputs(inputs), outputs(outputs), gain(inputs <= kMostChannels ? gainOf(w, inputs * outputs) : 0) {
    float* to = memory.filters.of(inputs * outputs);
    words = reinterpret_cast<const int32_t*>(to);
    values = to;
    if (gain != 0) signPairs(inputs, outputs, w, reinterpret_cast<int32_t*>(to));
    else inPanelsOf(inputs, outputs, w, to);
  }
};

// Products of `rows` pixels' channels with all filters: pixel(row) is where a pixel's channels are, put(row, k, value)
// takes a vector of results.
template <typename Pixel, typename Put>
void multiplyPixels(const Filters& filters, int64_t rows, Memory& memory, int part, Pixel pixel, Put put) {
  const int64_t inputs = filters.inputs, outputs = filters.outputs;
  float* v = memory.inputs[part].of(rows * inputs);
  float* m = memory.outputs[part].of(rows * outputs);
  float* units = memory.transforms[part].of(rows);
  if (filters.gain == 0) {
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t c = 0; c < inputs; c += kWidth) store(v + c * rows + row * kWidth, load(pixel(row) + c));
    }
    multiplyPosition(v, rows, inputs, filters.values, outputs, m);
    for (int64_t k = 0; k < outputs; k += kWidth) {
      for (int64_t row = 0; row < rows; row++) put(row, k, load(m + inPanels(outputs, rows, row, k)));
    }
    return;
  }
  int32_t* words = reinterpret_cast<int32_t*>(v);
  int32_t* sums = reinterpret_cast<int32_t*>(m);
  for (int64_t row = 0; row < rows; row++) {
    units[row] = filters.gain * roundPixel(pixel(row), inputs, words + row * int16::kWords, rows);
  }
  for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
    const int64_t width = panelWidth(outputs, panel);
    int16::multiplyPanel(words, rows, rows, inputs, filters.words + panel * kPanel * (inputs / int16::kPair), width, sums);
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t k = 0; k < width; k += kWidth) {
        const Vector sum = __builtin_convertvector(int16::load(sums + row * width + k), Vector);
        put(row, panel * kPanel + k, sum * units[row]);
      }
    }
  }
}

// y = x ∗ w.
void compute(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, w, y;
  run.input(0, x);
  run.input(1, w);
  if (!fits(run, x, w, 2)) return;
  const Images images{x.dim(0), x.dim(1), x.dim(2)};
  const int64_t inputs = w.dim(2), outputs = w.dim(3);
  float* to = run.output<float>(0, TF_FLOAT, {images.batch, images.down(), images.across(), outputs}, y);
  const std::lock_guard<std::mutex> lock(memory().mutex);
  const Filters filters(memory(), inputs, outputs, w.data<float>());
  const float* from = x.data<float>();
  const int64_t pixels = images.results();
  const bool past = pastCache(to, pixels * outputs);
  shareOut(ceilDivide(pixels, kTogether), [&](int64_t job, int part) {
    const int64_t first = job * kTogether, rows = std::min(kTogether, pixels - first);
    multiplyPixels(filters, rows, memory(), part, [&](int64_t row) { return from + images.seenBy(first + row) * inputs; },
                   [&](int64_t row, int64_t k, Vector value) {
                     float* at = to + (first + row) * outputs + k;
                     if (past) storePast(at, value);
                     else store(at, value);
                   });
    finishPast();
  });
}

// dx from dy: zeros but where a result looks.
void computeInputGradient(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor shape, w, dy, dx;
  run.input(0, shape);
  run.input(1, w);
  run.input(2, dy);
  if (!fits(run, dy, w, 3) || !run.require(shape.size() == 4, "a shape is four numbers")) return;
  const int32_t* sides = shape.data<int32_t>();
  const Images images{sides[0], sides[1], sides[2]};
  const int64_t inputs = w.dim(2), outputs = w.dim(3);
  if (!run.require(sides[3] == inputs, "the channels do not fit the filters") || !fitsGradient(run, images, dy)) return;
  float* to = run.output<float>(0, TF_FLOAT, {sides[0], sides[1], sides[2], sides[3]}, dx);
  const std::lock_guard<std::mutex> lock(memory().mutex);
  float* exchanged = memory().exchanged.of(inputs * outputs);
  transpose(inputs, outputs, w.data<float>(), exchanged);
  const Filters filters(memory(), outputs, inputs, exchanged);
  const float* from = dy.data<float>();
  const bool past = pastCache(to, dx.size());
  const auto put = [past](float* at, Vector value) {
    if (past) storePast(at, value);
    else store(at, value);
  };
  // Whole rows of results, so that a job writes whole rows of images.
  const int64_t lines = images.batch * images.down(), across = images.across();
  const int64_t together = std::max<int64_t>(1, kTogether / across);
  shareOut(ceilDivide(lines, together), [&](int64_t job, int part) {
    const int64_t first = job * together, end = std::min(first + together, lines);
    for (int64_t line = first; line < end; line++) {
      const auto [begin, rest, next] = images.rowsOf(line);
      for (int64_t c = begin * inputs; c < next * inputs; c += kWidth) {
        // Every second pixel of the row that results look at has its values below.
        if (c < rest * inputs && (c / inputs - begin) % 2 == 0) continue;
        put(to + c, Vector{});
      }
    }
    multiplyPixels(filters, (end - first) * across, memory(), part,
                   [&](int64_t row) { return from + (first * across + row) * outputs; },
                   [&](int64_t row, int64_t c, Vector value) {
                     put(to + images.seenBy(first * across + row) * inputs + c, value);
                   });
    finishPast();
  });
}

// dw = Σ over images of x ∗ dy.
void computeFilterGradient(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, dy, dw;
  run.input(0, x);
  run.input(1, dy);
  const Images images{x.dim(0), x.dim(1), x.dim(2)};
  const int64_t inputs = x.dim(3), outputs = dy.dim(3);
  if (!fitsGradient(run, images, dy) ||
      !run.require(inputs % kWidth == 0 && outputs % kWidth == 0, "channels come in whole vectors")) {
    return;
  }
  float* to = run.output<float>(0, TF_FLOAT, {1, 1, inputs, outputs}, dw);
  const std::lock_guard<std::mutex> lock(memory().mutex);
  const float *from = x.data<float>(), *gradient = dy.data<float>();
  const int64_t pixels = images.results(), spans = ceilDivide(pixels, int16::kSpan);
  const int64_t slices = std::min<int64_t>(parts(), spans), size = inputs * outputs;
  float* sums = memory().filters.of(slices * size);
  shareOut(slices, [&](int64_t slice, int part) {
    float* s = sums + slice * size;
    constexpr int64_t pairs = int16::kSpan / 2;
    int32_t* v = memory().inputs[part].words((pairs + 1) * inputs);
    int32_t* z = memory().outputs[part].words((pairs + 1) * outputs);
    float *vSteps = reinterpret_cast<float*>(v + pairs * inputs), *zSteps = reinterpret_cast<float*>(z + pairs * outputs);
    float* values = memory().transforms[part].of(int16::kSpan * kWidth);
    const int64_t begin = spans * slice / slices, end = spans * (slice + 1) / slices;
    for (int64_t span = begin; span < end; span++) {
      const int64_t first = span * int16::kSpan, count = std::min(int16::kSpan, pixels - first);
      const auto rounded = [&](auto pixel, int64_t c, int32_t* words, int64_t apart) {
        for (int64_t t = 0; t < int16::kSpan; t++) {
          store(values + t * kWidth, t < count ? load(pixel(first + t) + c) : Vector{});
        }
        return int16::gradient::roundSpan(values, pairs, words, apart);
      };
      for (int64_t c = 0; c < inputs; c += kWidth) {
        store(vSteps + c, rounded([&](int64_t p) { return from + images.seenBy(p) * inputs; }, c, v + c * pairs, kWidth));
      }
      for (int64_t k = 0; k < outputs; k += kWidth) {
        store(zSteps + k, rounded([&](int64_t p) { return gradient + p * outputs; }, k,
                                  z + inPanels(outputs, pairs, 0, k), panelWidth(outputs, k / kPanel)));
      }
      for (int64_t c = 0; c < inputs; c += int16::gradient::kRowsTogether) {
        for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
          const int64_t width = panelWidth(outputs, panel);
          const auto product = width == kPanel ? int16::gradient::multiplySpan<2> : int16::gradient::multiplySpan<1>;
          product(v + c / kWidth * kWidth * pairs + c % kWidth, vSteps + c, z + panel * kPanel * pairs,
                  zSteps + panel * kPanel, pairs, span > begin, s + panel * kPanel * inputs + c * width);
        }
      }
    }
  });
  shareOut(inputs, [&](int64_t c, int) {
    for (int64_t k = 0; k < outputs; k += kWidth) {
      const int64_t at = inPanels(outputs, inputs, c, k);
      Vector sum = load(sums + at);
      for (int64_t slice = 1; slice < slices; slice++) sum += load(sums + slice * size + at);
      store(to + c * outputs + k, sum);
    }
  });
}

}  // namespace

bool registerPointwise() {
  return registerOperation("MultiprizeInt16Pointwise", {"images: float", "filters: float", ">result: float"}, nullptr,
                           compute, nullptr) &&
         registerOperation("MultiprizeInt16PointwiseInputGrad",
                           {"shape: int32", "filters: float", "gradient: float", ">result: float"}, nullptr,
                           computeInputGradient, nullptr) &&
         registerOperation("MultiprizeInt16PointwiseFilterGrad", {"images: float", "gradient: float", ">result: float"},
                           nullptr, computeFilterGradient, nullptr);
}

#else

bool registerPointwise() { return true; }

#endif

}  // namespace multiprize
