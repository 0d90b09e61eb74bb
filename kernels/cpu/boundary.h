// The boundary of the `keep` largest |s| over one or more arrays of scores, ties to the lower index: exact, in one pass
// over memory where the boundary lies near a guess. Twin: core/select.
//
// A float's magnitude bits order like the float, so all comparisons are of integers.
#pragma once
#include <cstdint>
#include <vector>

namespace multiprize {

constexpr uint32_t kMagnitude = 0x7fffffffu;
constexpr uint32_t kInfinity = 0x7f800000u;

// Scores as bits.
struct Span {
  const uint32_t* data;
  int64_t size;
};

// Kept are all magnitudes from `least` on, and of those equal to `least` − 1 the entries `ties`, counted through all
// spans, ascending. Where a score is not a number, `least` lies beyond kInfinity + 1.
struct Boundary {
  uint32_t least = 0;
  std::vector<int64_t> ties;
};

// Where the next boundary is looked for first, `expected` ± `reach`: it changes how long that takes, never what is
// found. `least` is the boundary found last, 0 before the first.
struct Guess {
  uint32_t least = 0;
  uint32_t expected = 0;
  uint32_t reach = 0;
};

// `keep` from 1 to the number of scores, which is below 2³². Replaces the guess by the next.
Boundary boundaryOf(const std::vector<Span>& scores, int64_t keep, Guess& guess);

// The guess kept for an address and a keep count, none at first; `remember` replaces it.
Guess recall(const void* address, int64_t keep);
void remember(const void* address, int64_t keep, const Guess& guess);

}  // namespace multiprize
