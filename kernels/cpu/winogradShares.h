// What the convolutions of both strides need besides tiles: memory, the gain of binary filters, filters for the input's
// gradient, and how the filters' gradient is shared out.
#pragma once
#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <vector>

#include "buffer.h"
#include "parallel.h"
#include "winogradTiles.h"

namespace multiprize {

inline int64_t ceilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

// What all parts of a run share, and what each has for itself.
struct Memory {
  std::mutex mutex;
  Buffer filters, exchanged, zeros;
  std::vector<Buffer> inputs = std::vector<Buffer>(parts());
  std::vector<Buffer> outputs = std::vector<Buffer>(parts());
  std::vector<Buffer> transforms = std::vector<Buffer>(parts());
};

// α where every weight is 0 or ±α, else 0.
inline float gainOf(const float* w, int64_t size) {
  const float* kept = std::find_if(w, w + size, [](float weight) { return weight != 0; });
  const float gain = kept == w + size ? 0 : std::fabs(*kept);
  std::atomic<bool> binary{true};
  parallel(size, [&](int64_t begin, int64_t end, int) {
    bool all = true;
    for (int64_t i = begin; i < end; i++) all &= (w[i] == 0) | (std::fabs(w[i]) == gain);
    if (!all) binary = false;
  });
  return binary ? gain : 0;
}

// The filters of the input's gradient, [3, 3, outputs, inputs]: inputs and outputs exchanged, and turned by half a
// circle where that is asked for. In squares, because a column of many filters falls into few sets of the cache.
inline void exchange(int64_t inputs, int64_t outputs, const float* w, bool turned, float* exchanged) {
  const int64_t taps = kFilter * kFilter;
  const int64_t blocks = outputs / kWidth;
  shareOut(taps * blocks, [&](int64_t job, int) {
    const int64_t tap = job / blocks;
    const int64_t k = job % blocks * kWidth;
    const float* from = w + tap * inputs * outputs + k;
    float* to = exchanged + ((turned ? taps - 1 - tap : tap) * outputs + k) * inputs;
    for (int64_t c = 0; c < inputs; c += kWidth) {
      float square[kWidth][kWidth];
      for (int i = 0; i < kWidth; i++) store(square[i], load(from + (c + i) * outputs));
      for (int j = 0; j < kWidth; j++) {
        for (int i = 0; i < kWidth; i++) to[j * inputs + c + i] = square[i][j];
      }
    }
  });
}

// How the filters' gradient is shared out: each part of the tiles has sums of its own, and its input channels are
// shared out again where the sums of as many parts as there are threads would take too much memory.
struct Shares {
  int64_t ofTiles, ofChannels;
  Shares(int64_t inputs, int64_t outputs, int64_t tiles) {
    constexpr int64_t mostSums = 1 << 22;
    const int64_t sums = kPositions * inputs * outputs;
    ofTiles = std::max<int64_t>(1, std::min({static_cast<int64_t>(parts()), mostSums / sums, tiles}));
    ofChannels = std::max<int64_t>(1, std::min(parts() / ofTiles, inputs / kWidth));
  }
};

// One share of that: tiles [from, to) of slice `slice`, and `count` input channels from `channel` on.
struct Share {
  int64_t slice, from, to, channel, count;
};

// Calls job(share, part) for each share, side by side.
template <typename Job>
void shareOutSums(const Shares& shares, int64_t inputs, int64_t tiles, Job job) {
  const int64_t vectors = inputs / kWidth;
  shareOut(shares.ofTiles * shares.ofChannels, [&](int64_t each, int part) {
    const int64_t slice = each / shares.ofChannels;
    const int64_t share = each % shares.ofChannels;
    const int64_t channel = vectors * share / shares.ofChannels * kWidth;
    const int64_t end = vectors * (share + 1) / shares.ofChannels * kWidth;
    const int64_t from = tiles * slice / shares.ofTiles;
    const int64_t to = tiles * (slice + 1) / shares.ofTiles;
    job(Share{slice, from, to, channel, end - channel}, part);
  });
}

}  // namespace multiprize
