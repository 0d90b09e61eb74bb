// The filters' gradient of a network's first layer: a 3×3 convolution with stride 1 and a border of one zero over
// images of one to four channels, too few for Winograd's filtering or for a matrix product's rows. NHWC and HWIO.
// Twin: TensorFlow's Conv2DBackpropFilter.
#include <array>
#include <mutex>

#include "buffer.h"
#include "operation.h"
#include "winogradTiles.h"

namespace multiprize {
namespace {

constexpr int64_t kMostChannels = 4;

// s[r, k] += Σ over a row's pixels of x[pixel·channels + r]·dy[pixel, k]: x begins one pixel left of the row, so that
// Rows = 3·channels numbers from there on are what one row of a filter sees.
template <int Rows, int Vectors>
void addRow(const float* x, const float* dy, int64_t pixels, int64_t outputs, float* s) {
  Vector sum[Rows][Vectors] = {};
  for (int64_t pixel = 0; pixel < pixels; pixel++, x += Rows / kFilter, dy += outputs) {
    Vector b[Vectors];
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) b[j] = load(dy + j * kWidth);
#pragma GCC unroll 12
    for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; j++) sum[r][j] = multiplyAdd(x[r], b[j], sum[r][j]);
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; j++) {
      float* to = s + r * outputs + j * kWidth;
      store(to, load(to) + sum[r][j]);
    }
  }
}

using AddRow = void (*)(const float*, const float*, int64_t, int64_t, float*);

// By channels less one, then by vectors less one.
constexpr AddRow kAddRow[kMostChannels][2] = {
    {addRow<3, 1>, addRow<3, 2>},
    {addRow<6, 1>, addRow<6, 2>},
    {addRow<9, 1>, addRow<9, 2>},
    {addRow<12, 1>, addRow<12, 2>},
};

// Adds one image's part to s, which is shaped as the filters. `bordered` has room for a row and a pixel on either side.
void addImage(const float* x, const float* dy, int64_t height, int64_t width, int64_t channels, int64_t outputs,
              float* bordered, float* s) {
  std::fill(bordered, bordered + (width + 2) * channels, 0.0f);
  for (int64_t row = 0; row < height; row++) {
    std::copy(x + row * width * channels, x + (row + 1) * width * channels, bordered + channels);
    for (int64_t i = 0; i < kFilter; i++) {
      // The row of outputs that sees this row of the image through row i of the filter.
      const int64_t y = row + 1 - i;
      if (y < 0 || y >= height) continue;
      for (int64_t panel = 0; panel < panelCount(outputs); panel++) {
        const AddRow add = kAddRow[channels - 1][panelWidth(outputs, panel) / kWidth - 1];
        add(bordered, dy + y * width * outputs + panel * kPanel, width, outputs,
            s + i * kFilter * channels * outputs + panel * kPanel);
      }
    }
  }
}

struct Memory {
  std::mutex mutex;
  Buffer sums;
  std::vector<Buffer> rows = std::vector<Buffer>(parts());
};

void compute(void*, TF_OpKernelContext* context) {
  Run run(context);
  Tensor x, dy, dw;
  run.input(0, x);
  run.input(1, dy);
  const int64_t batch = x.dim(0), height = x.dim(1), width = x.dim(2), channels = x.dim(3);
  const int64_t outputs = dy.dim(3);
  if (!run.require(channels >= 1 && channels <= kMostChannels, "images must have one to four channels")) return;
  if (!run.require(batch * height * width * outputs == dy.size(), "the gradient does not fit the images")) return;
  if (!run.require(outputs % kWidth == 0, "channels come in whole vectors")) return;
  float* to = run.output<float>(0, TF_FLOAT, {kFilter, kFilter, channels, outputs}, dw);
  static Memory memory;
  const std::lock_guard<std::mutex> lock(memory.mutex);
  const int64_t slices = std::min<int64_t>(parts(), batch);
  const int64_t size = dw.size();
  float* sums = memory.sums.zeros(slices * size);
  shareOut(slices, [&](int64_t slice, int part) {
    float* bordered = memory.rows[part].of((width + 2) * channels);
    for (int64_t image = batch * slice / slices; image < batch * (slice + 1) / slices; image++) {
      addImage(x.data<float>() + image * height * width * channels,
               dy.data<float>() + image * height * width * outputs, height, width, channels, outputs, bordered,
               sums + slice * size);
    }
  });
  std::copy(sums, sums + size, to);
  for (int64_t slice = 1; slice < slices; slice++) {
    for (int64_t i = 0; i < size; i++) to[i] += sums[slice * size + i];
  }
}

}  // namespace

bool registerFirstLayer() {
  return registerOperation("MultiprizeFirstLayerFilterGrad", {"images: float", "gradient: float", ">result: float"},
                           nullptr, compute, nullptr);
}

}  // namespace multiprize
