// Where Winograd's tiles lie in images, and the transforms of whole tiles between images (NHWC) and the buffers that
// the matrix products read and write. Buffers hold, for each of the 36 positions, `rows` × `channels` numbers in
// panels of channels, each panel [rows][its width]: what a product reads lies in a row.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>

#include "winograd.h"

namespace multiprize {

// Images [batch, height, width, channels] of a 3×3 correlation with stride 1 and a border of one zero.
struct Images {
  int64_t batch, height, width;
  int64_t tilesDown() const { return (height + kOut - 1) / kOut; }
  int64_t tilesAcross() const { return (width + kOut - 1) / kOut; }
  int64_t tiles() const { return batch * tilesDown() * tilesAcross(); }
};

// The first pixel of a tile's output.
struct Corner {
  int64_t image, y, x;
  Corner(const Images& images, int64_t tile) {
    const int64_t inImage = images.tilesDown() * images.tilesAcross();
    image = tile / inImage;
    y = tile % inImage / images.tilesAcross() * kOut;
    x = tile % inImage % images.tilesAcross() * kOut;
  }
};

// Where the pixels of a tile of kSide × kSide lie that begins `before` left of and above its results; those outside,
// and all from tile `end` on, are zero.
template <int kSide>
struct Pixels {
  // Floats of a line of the cache.
  static constexpr int64_t kLine = 16;
  static constexpr int kSides = kSide;
  const float* at[kSide][kSide];
  Pixels(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile, int64_t before,
         int64_t end = std::numeric_limits<int64_t>::max()) {
    const Corner corner(images, tile);
    for (int i = 0; i < kSide; i++) {
      for (int j = 0; j < kSide; j++) {
        const int64_t y = corner.y + i - before;
        const int64_t column = corner.x + j - before;
        const bool inside = tile < end && y >= 0 && y < images.height && column >= 0 && column < images.width;
        at[i][j] = inside ? x + ((corner.image * images.height + y) * images.width + column) * channels : zeros;
      }
    }
  }

  // Asks for `count` channels from `channel` on of the pixels that the tiles before did not see.
  void fetch(int64_t channel, int64_t count) const {
    constexpr int kBefore = (kSide - kOut) / 2;
    for (int i = 0; i < kOut; i++) {
      for (int j = 0; j < kOut; j++) {
        for (int64_t c = 0; c < count; c += kLine) {
          __builtin_prefetch(at[i + kBefore][j + kBefore] + channel + c, 0, 2);
        }
      }
    }
  }
};

// Panels of two vectors; the last may be one vector wide.
constexpr int64_t kPanel = 2 * kWidth;
inline int64_t panelCount(int64_t channels) { return (channels + kPanel - 1) / kPanel; }
inline int64_t panelWidth(int64_t channels, int64_t panel) {
  return std::min<int64_t>(kPanel, channels - panel * kPanel);
}
// Where the vector of channels from `channel` on stands, of one row.
inline int64_t inPanels(int64_t channels, int64_t rows, int64_t row, int64_t channel) {
  const int64_t panel = channel / kPanel;
  return panel * kPanel * rows + row * panelWidth(channels, panel) + channel % kPanel;
}

// Bᵀ d B of one tile of x, of the channels [first, first + count) alone, as row `row` of v, in panels one vector
// wide. `zeros` stands for pixels outside.
inline void inputTile(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile,
                      int64_t first, int64_t count, float* v, int64_t rows, int64_t row) {
  const Pixels<kIn> pixels(images, channels, x + first, zeros, tile, 1);
  for (int64_t c = 0; c < count; c += kWidth) {
    Vector half[kIn][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kIn];
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) d[i] = load(pixels.at[i][j] + c);
      inputTransform(d, o);
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    float* to = v + c * rows + row * kWidth;
    for (int i = 0; i < kIn; i++) {
      Vector o[kIn];
      inputTransform(half[i], o);
#pragma GCC unroll 6
      for (int j = 0; j < kIn; j++) store(to + (i * kIn + j) * rows * count, o[j]);
    }
  }
}

// v rounded to the nearest whole number, for those below 2²².
inline Vector whole(Vector v) {
  const Vector pushesFractionOut = broadcast(3 << 22);
  return v + pushesFractionOut - pushesFractionOut;
}

// v rounded to the nearest whole multiple of `unit`, for multiples below 2²².
inline Vector wholeMultiples(Vector v, float unit) { return whole(v / unit) * unit; }

// Aᵀ m A: one tile of y from row `row` of m; pixels outside are dropped. Where `unit` is not 0, y is known to be whole
// multiples of it.
inline void outputTile(const Images& images, int64_t channels, const float* m, int64_t rows, int64_t row,
                       int64_t tile, float unit, float* y) {
  const Corner corner(images, tile);
  const int64_t high = std::min<int64_t>(kOut, images.height - corner.y);
  const int64_t wide = std::min<int64_t>(kOut, images.width - corner.x);
  for (int64_t c = 0; c < channels; c += kWidth) {
    const float* from = m + inPanels(channels, rows, row, c);
    Vector half[kOut][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kOut];
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) d[i] = load(from + (i * kIn + j) * rows * channels);
      outputTransform(d, o);
#pragma GCC unroll 4
      for (int i = 0; i < kOut; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < high; i++) {
      Vector o[kOut];
      outputTransform(half[i], o);
      float* to = y + ((corner.image * images.height + corner.y + i) * images.width + corner.x) * channels + c;
      for (int j = 0; j < wide; j++) store(to + j * channels, unit == 0 ? o[j] : wholeMultiples(o[j], unit));
    }
  }
}

// A dY Aᵀ of one tile of dy, as row `row` of z.
inline void outputGradientTile(const Images& images, int64_t channels, const float* dy, const float* zeros,
                               int64_t tile, float* z, int64_t rows, int64_t row) {
  const Pixels<kOut> pixels(images, channels, dy, zeros, tile, 0);
  for (int64_t c = 0; c < channels; c += kWidth) {
    Vector half[kIn][kOut];
    for (int j = 0; j < kOut; j++) {
      Vector d[kOut], o[kIn];
#pragma GCC unroll 4
      for (int i = 0; i < kOut; i++) d[i] = load(pixels.at[i][j] + c);
      outputGradientTransform(d, o);
#pragma GCC unroll 6
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    float* to = z + inPanels(channels, rows, row, c);
    for (int i = 0; i < kIn; i++) {
      Vector o[kIn];
      outputGradientTransform(half[i], o);
#pragma GCC unroll 6
      for (int j = 0; j < kIn; j++) store(to + (i * kIn + j) * rows * channels, o[j]);
    }
  }
}

}  // namespace multiprize
