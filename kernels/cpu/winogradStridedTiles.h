// The transforms of whole tiles of a convolution at stride 2 between images (NHWC) and the buffers of the matrix
// products. The 81 products of a tile fall into 36 groups that share a filter matrix: 25 of one product, 10 of four,
// one of sixteen. A group's matrix has a row for each of its products of each tile, in panels as in winogradTiles.h.
#pragma once
#include <algorithm>
#include <cstdint>

#include "winogradStrided.h"
#include "winogradTiles.h"

namespace multiprize::strided {

constexpr int kGroups = kFilters * kFilters;
constexpr int kProducts = kIn * kIn;

constexpr int alongSide(int filter) { return filter < kEven ? 1 : kOut; }
// Products of a group, and those of all groups before it.
constexpr int productsOf(int group) { return alongSide(group / kFilters) * alongSide(group % kFilters); }
constexpr int productsBefore(int group) {
  int sum = 0;
  for (int g = 0; g < group; g++) sum += productsOf(g);
  return sum;
}

// Where the products of one position in a tile lie.
struct Place {
  int before, count, index;
};
struct Places {
  Place at[kIn][kIn];
  constexpr Places() : at() {
    for (int i = 0; i < kIn; i++) {
      for (int j = 0; j < kIn; j++) {
        const int down = std::min(i, kEven), across = std::min(j, kEven);
        const int group = down * kFilters + across;
        at[i][j] = {productsBefore(group), productsOf(group), (i - down) * alongSide(across) + (j - across)};
      }
    }
  }
};
inline constexpr Places kPlaces;

// Images [batch, height, width, channels] with a border of so many zeros around them, which is not in memory; results are
// [batch, down, across].
struct Images {
  int64_t batch, height, width, border;
  int64_t down() const { return (height + 2 * border - kFilter) / 2 + 1; }
  int64_t across() const { return (width + 2 * border - kFilter) / 2 + 1; }
  // The first row (or column) of pixels that the result's row (column) sees.
  int64_t seenBy(int64_t result) const { return 2 * result - border; }
  int64_t tilesDown() const { return (down() + kOut - 1) / kOut; }
  int64_t tilesAcross() const { return (across() + kOut - 1) / kOut; }
  int64_t tilesOfImage() const { return tilesDown() * tilesAcross(); }
  int64_t tiles() const { return batch * tilesOfImage(); }
};

// The first output of a tile.
struct Corner {
  int64_t image, y, x;
  Corner(const Images& images, int64_t tile) {
    const int64_t inImage = tile % images.tilesOfImage();
    image = tile / images.tilesOfImage();
    y = inImage / images.tilesAcross() * kOut;
    x = inImage % images.tilesAcross() * kOut;
  }
};

// Where the pixels of a tile of kSide × kSide lie that begins at a row and column of an image of these sides; those
// outside, and all where there is no image, are zero.
template <int kSide>
struct Pixels {
  static constexpr int kSides = kSide;
  const float* at[kSide][kSide];
  Pixels(bool there, int64_t image, int64_t height, int64_t width, int64_t top, int64_t left, int64_t channels,
         const float* x, const float* zeros) {
    for (int i = 0; i < kSide; i++) {
      for (int j = 0; j < kSide; j++) {
        const int64_t y = top + i, column = left + j;
        const bool inside = there && y >= 0 && y < height && column >= 0 && column < width;
        at[i][j] = inside ? x + ((image * height + y) * width + column) * channels : zeros;
      }
    }
  }

  // Asks for `count` channels from `channel` on of the pixels that the tiles before did not see.
  void fetch(int64_t channel, int64_t count) const {
    constexpr int kBefore = kSide % 2;
    for (int i = kBefore; i < kSide; i++) {
      for (int j = kBefore; j < kSide; j++) {
        for (int64_t c = 0; c < count; c += 16) __builtin_prefetch(at[i][j] + channel + c, 0, 2);
      }
    }
  }
};

// Those of tile `tile` of the images, and of their result's gradient; from tile `end` on there are none.
inline Pixels<kIn> inputPixels(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile,
                               int64_t end) {
  const Corner corner(images, tile);
  return {tile < end, corner.image, images.height, images.width, images.seenBy(corner.y), images.seenBy(corner.x),
          channels, x, zeros};
}
inline Pixels<kOut> gradientPixels(const Images& images, int64_t channels, const float* dy, const float* zeros,
                                   int64_t tile, int64_t end) {
  const Corner corner(images, tile);
  return {tile < end, corner.image, images.down(), images.across(), corner.y, corner.x, channels, dy, zeros};
}

// Where a vector of channels stands in a buffer of `rows` tiles: in panels one vector wide, and in panels of two.
inline int64_t inVectors(const Place& place, int64_t channels, int64_t rows, int64_t row, int64_t channel) {
  return place.before * rows * channels + (channel * place.count + place.index * kWidth) * rows + row * kWidth;
}
inline int64_t inPairs(const Place& place, int64_t channels, int64_t rows, int64_t row, int64_t channel) {
  return place.before * rows * channels +
         inPanels(channels, place.count * rows, place.index * rows + row, channel);
}

// Bᵀ d B of one tile of x, of the channels [first, first + count) alone, as row `row` of v, in panels one vector wide.
inline void inputTile(const Images& images, int64_t channels, const float* x, const float* zeros, int64_t tile,
                      int64_t first, int64_t count, float* v, int64_t rows, int64_t row) {
  const Corner corner(images, tile);
  const float* at[kIn][kIn];
  for (int i = 0; i < kIn; i++) {
    for (int j = 0; j < kIn; j++) {
      const int64_t y = images.seenBy(corner.y) + i, column = images.seenBy(corner.x) + j;
      const bool inside = y >= 0 && y < images.height && column >= 0 && column < images.width;
      at[i][j] =
          inside ? x + ((corner.image * images.height + y) * images.width + column) * channels + first : zeros;
    }
  }
  for (int64_t c = 0; c < count; c += kWidth) {
    Vector half[kIn][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kIn];
      for (int i = 0; i < kIn; i++) d[i] = load(at[i][j] + c);
      inputTransform(d, o);
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < kIn; i++) {
      Vector o[kIn];
      inputTransform(half[i], o);
      for (int j = 0; j < kIn; j++) store(v + inVectors(kPlaces.at[i][j], count, rows, row, c), o[j]);
    }
  }
}

// Of the pixels along a side of a tile, the first within the image and the one behind the last.
struct Within {
  int64_t first, end;
  Within(int64_t seen, int64_t side) : first(std::max<int64_t>(0, -seen)), end(std::min<int64_t>(kIn, side - seen)) {}
};

// B z B of one tile, added to dx from row `row` of z; the last row and column of pixels belong to the next tile too.
inline void inputGradientTile(const Images& images, int64_t channels, const float* z, int64_t rows, int64_t row,
                              int64_t tile, float* dx) {
  const Corner corner(images, tile);
  const int64_t top = images.seenBy(corner.y), left = images.seenBy(corner.x);
  const Within down(top, images.height), across(left, images.width);
  for (int64_t c = 0; c < channels; c += kWidth) {
    Vector half[kIn][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kIn];
      for (int i = 0; i < kIn; i++) d[i] = load(z + inPairs(kPlaces.at[i][j], channels, rows, row, c));
      inputGradientTransform(d, o);
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    for (int64_t i = down.first; i < down.end; i++) {
      Vector o[kIn];
      inputGradientTransform(half[i], o);
      float* to = dx + ((corner.image * images.height + top + i) * images.width + left) * channels + c;
      for (int64_t j = across.first; j < across.end; j++) store(to + j * channels, load(to + j * channels) + o[j]);
    }
  }
}

// Aᵀ m A: one tile of y from row `row` of m. Where `unit` is not 0, y is known to be whole multiples of it.
inline void outputTile(const Images& images, int64_t channels, const float* m, int64_t rows, int64_t row,
                       int64_t tile, float unit, float* y) {
  const Corner corner(images, tile);
  const int64_t high = std::min<int64_t>(kOut, images.down() - corner.y);
  const int64_t wide = std::min<int64_t>(kOut, images.across() - corner.x);
  for (int64_t c = 0; c < channels; c += kWidth) {
    Vector half[kOut][kIn];
    for (int j = 0; j < kIn; j++) {
      Vector d[kIn], o[kOut];
      for (int i = 0; i < kIn; i++) d[i] = load(m + inPairs(kPlaces.at[i][j], channels, rows, row, c));
      outputTransform(d, o);
      for (int i = 0; i < kOut; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < high; i++) {
      Vector o[kOut];
      outputTransform(half[i], o);
      const int64_t line = (corner.image * images.down() + corner.y + i) * images.across() + corner.x;
      float* to = y + line * channels + c;
      for (int j = 0; j < wide; j++) store(to + j * channels, unit == 0 ? o[j] : wholeMultiples(o[j], unit));
    }
  }
}

// A dY Aᵀ of one tile of dy as row `row` of z; `put` says in which panels.
template <typename Put>
inline void outputGradientTile(const Images& images, int64_t channels, const float* dy, const float* zeros,
                               int64_t tile, float* z, int64_t rows, int64_t row, Put put) {
  const Corner corner(images, tile);
  const float* at[kOut][kOut];
  for (int i = 0; i < kOut; i++) {
    for (int j = 0; j < kOut; j++) {
      const int64_t y = corner.y + i, x = corner.x + j;
      const bool inside = y < images.down() && x < images.across();
      at[i][j] = inside ? dy + ((corner.image * images.down() + y) * images.across() + x) * channels : zeros;
    }
  }
  for (int64_t c = 0; c < channels; c += kWidth) {
    Vector half[kIn][kOut];
    for (int j = 0; j < kOut; j++) {
      Vector d[kOut], o[kIn];
      for (int i = 0; i < kOut; i++) d[i] = load(at[i][j] + c);
      outputGradientTransform(d, o);
      for (int i = 0; i < kIn; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < kIn; i++) {
      Vector o[kIn];
      outputGradientTransform(half[i], o);
      for (int j = 0; j < kIn; j++) store(z + put(kPlaces.at[i][j], channels, rows, row, c), o[j]);
    }
  }
}

}  // namespace multiprize::strided
