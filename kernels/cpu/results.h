// Results on their way to memory, past the cache where they are many.
#pragma once
#include <algorithm>
#include <cstdint>

#include "vector.h"

namespace multiprize {

// Values taken together, which the first cache holds.
constexpr int64_t kTogether = 256;
template <typename F>
void eachPart(int64_t width, F work) {
  for (int64_t c = 0; c < width; c += kTogether) work(c, std::min(kTogether, width - c));
}

// Values on their way to `size` of memory, in rows of whole lines or not: past the cache where they are too many.
class Results {
 public:
  Results(float* to, int64_t size, int64_t width) : to_(to), past_(width % kWidth == 0 && pastCache(to, size)) {}
  // Where `work` is to write `count` of them that belong at `at`.
  template <typename F>
  void write(int64_t at, int64_t count, F work) const {
    if (!past_) return work(to_ + at);
    alignas(64) float values[kTogether];
    work(values);
    for (int64_t c = 0; c < count; c += kWidth) storePast(to_ + at + c, load(values + c));
  }

  // The same of four places at once.
  template <typename F>
  void writeFour(const int64_t (&at)[4], int64_t count, F work) const {
    if (!past_) return work(to_ + at[0], to_ + at[1], to_ + at[2], to_ + at[3]);
    alignas(64) float values[4][kTogether];
    work(values[0], values[1], values[2], values[3]);
    for (int i = 0; i < 4; i++) {
      for (int64_t c = 0; c < count; c += kWidth) storePast(to_ + at[i] + c, load(values[i] + c));
    }
  }

 private:
  float* to_;
  bool past_;
};

}  // namespace multiprize
