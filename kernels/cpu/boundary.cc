#include "boundary.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>

#include "parallel.h"

namespace multiprize {
namespace {

constexpr int64_t kSamples = 1 << 15;
constexpr int64_t kBlock = 128;

// A magnitude and an index as one number: the larger magnitude is the larger, of equal ones that of the lower index.
constexpr uint64_t kLastIndex = 0xffffffffu;
inline uint64_t entry(uint32_t magnitude, int64_t index) {
  return static_cast<uint64_t>(magnitude) << 32 | (kLastIndex - static_cast<uint64_t>(index));
}
inline uint32_t magnitudeOf(uint64_t entry) { return static_cast<uint32_t>(entry >> 32); }
inline int64_t indexOf(uint64_t entry) { return static_cast<int64_t>(kLastIndex - (entry & kLastIndex)); }

// Magnitudes from low to high.
struct Window {
  uint32_t low = 0;
  uint32_t high = kMagnitude;
};

// What lies above and inside a window, and the largest magnitude of all.
struct Census {
  int64_t above = 0;
  uint32_t largest = 0;
  std::vector<uint64_t> inside;
};

void count(const uint32_t* scores, int64_t size, int64_t first, Window window, Census& census) {
  const uint32_t low = window.low, width = window.high - window.low;
  uint64_t found[kBlock + 1];
  for (int64_t at = 0; at < size; at += kBlock) {
    const int64_t length = std::min(kBlock, size - at);
    uint32_t largest = 0, above = 0, inside = 0;
    for (int64_t i = 0; i < length; i++) {
      const uint32_t magnitude = scores[at + i] & kMagnitude;
      largest = std::max(largest, magnitude);
      above += magnitude > window.high;
      inside += magnitude - low <= width;
    }
    census.largest = std::max(census.largest, largest);
    census.above += above;
    if (inside == 0) continue;
    // Every entry is written, and the place moves on for those inside: a branch would be guessed wrong too often.
    int64_t taken = 0;
    for (int64_t i = 0; i < length; i++) {
      const uint32_t magnitude = scores[at + i] & kMagnitude;
      found[taken] = entry(magnitude, first + at + i);
      taken += magnitude - low <= width;
    }
    census.inside.insert(census.inside.end(), found, found + taken);
  }
}

int64_t sizeOf(const std::vector<Span>& spans) {
  int64_t n = 0;
  for (const Span& span : spans) n += span.size;
  return n;
}

Census take(const std::vector<Span>& scores, int64_t n, Window window) {
  std::vector<Census> partial(parts());
  parallel(n, [&](int64_t begin, int64_t end, int part) {
    Census census;
    int64_t first = 0;
    for (const Span& span : scores) {
      const int64_t from = std::max(begin - first, int64_t{0}), to = std::min(end - first, span.size);
      if (from < to) count(span.data + from, to - from, first + from, window, census);
      first += span.size;
    }
    partial[part] = std::move(census);
  });
  Census whole = std::move(partial[0]);
  for (size_t i = 1; i < partial.size(); i++) {
    whole.above += partial[i].above;
    whole.largest = std::max(whole.largest, partial[i].largest);
    whole.inside.insert(whole.inside.end(), partial[i].inside.begin(), partial[i].inside.end());
  }
  return whole;
}

bool holds(const Census& census, int64_t keep) {
  return census.above < keep && keep <= census.above + static_cast<int64_t>(census.inside.size());
}

// A window that holds the boundary almost surely, from a regular sample; all magnitudes where there are few.
Window sampledWindow(const std::vector<Span>& scores, int64_t n, int64_t keep) {
  Window window;
  if (n < 4 * kSamples) return window;
  std::vector<uint32_t> sample;
  sample.reserve(kSamples + scores.size());
  int64_t first = 0, at = 0;
  for (const Span& span : scores) {
    for (; at * n / kSamples < first + span.size && at < kSamples; at++) {
      sample.push_back(span.data[at * n / kSamples - first] & kMagnitude);
    }
    first += span.size;
  }
  const double share = static_cast<double>(keep) / n;
  const double middle = share * kSamples;
  const double margin = 8 + 5 * std::sqrt(kSamples * share * (1 - share));
  const auto ranked = [&](double rank) {
    const auto place = sample.begin() + static_cast<int64_t>(rank);
    std::nth_element(sample.begin(), place, sample.end(), std::greater<uint32_t>());
    return *place;
  };
  if (middle - margin >= 0) window.high = ranked(middle - margin);
  if (middle + margin < kSamples) window.low = ranked(middle + margin);
  return window;
}

// The window that holds the boundary for certain, a 256th of an octave, from counts of all magnitudes: for scores
// whose order in memory made the sample a bad one.
Window countedWindow(const std::vector<Span>& scores, int64_t n, int64_t keep) {
  constexpr int kShift = 15;
  constexpr size_t kBins = (kMagnitude >> kShift) + 1;
  std::vector<std::vector<int64_t>> partial(parts(), std::vector<int64_t>(kBins));
  parallel(n, [&](int64_t begin, int64_t end, int part) {
    int64_t first = 0;
    for (const Span& span : scores) {
      const int64_t from = std::max(begin - first, int64_t{0}), to = std::min(end - first, span.size);
      for (int64_t i = from; i < to; i++) partial[part][(span.data[i] & kMagnitude) >> kShift]++;
      first += span.size;
    }
  });
  int64_t left = keep;
  size_t bin = kBins;
  while (left > 0 && bin-- > 0) {
    for (const auto& counts : partial) left -= counts[bin];
  }
  return {static_cast<uint32_t>(bin << kShift), static_cast<uint32_t>(((bin + 1) << kShift) - 1)};
}

Window around(uint32_t middle, uint32_t reach) {
  return {middle > reach ? middle - reach : 0, middle < kMagnitude - reach ? middle + reach : kMagnitude};
}

// Scores move on as they moved, so the boundary is expected as far on as it came. The reach is twice what that was off
// by, or half the last one, but never so near that hardly an entry would lie inside, nor so far that many would: between
// 256 of them and one in 64, by how close they lie here.
Guess nextGuess(const Guess& last, const Census& census, Window window, uint32_t now, int64_t n) {
  const Window near = around(now, 1 << 16);
  const uint32_t low = std::max(window.low, near.low), high = std::min(window.high, near.high);
  const auto close = std::count_if(census.inside.begin(), census.inside.end(), [&](uint64_t each) {
    return magnitudeOf(each) >= low && magnitudeOf(each) <= high;
  });
  const double apart = (high - low + 1.0) / close;
  Guess next;
  next.least = next.expected = std::max(now, 1u);
  double off = 0;
  if (last.least != 0) {
    const int64_t expected = 2 * int64_t{now} - last.least;
    next.expected = static_cast<uint32_t>(std::clamp<int64_t>(expected, 1, kMagnitude));
    off = std::max(2 * std::fabs(static_cast<double>(now) - last.expected), last.reach / 2.0);
  }
  next.reach = static_cast<uint32_t>(std::min({std::max(off, 128 * apart), std::max(128.0, n / 128.0) * apart, 1e8}));
  return next;
}

}  // namespace

Boundary boundaryOf(const std::vector<Span>& scores, int64_t keep, Guess& guess) {
  const int64_t n = sizeOf(scores);
  Window window;
  Census census;
  const auto found = [&](Window next) {
    window = next;
    census = take(scores, n, window);
    return holds(census, keep);
  };
  const bool guessed = guess.least != 0 && (found(around(guess.expected, guess.reach)) ||
                                            found(around(guess.expected, 8 * guess.reach)));
  if (!guessed && !found(sampledWindow(scores, n, keep))) found(countedWindow(scores, n, keep));
  Boundary boundary;
  if (census.largest > kInfinity) {
    boundary.least = kInfinity + 2;
    return boundary;
  }
  auto& inside = census.inside;
  const auto last = inside.begin() + (keep - census.above - 1);
  std::nth_element(inside.begin(), last, inside.end(), std::greater<uint64_t>());
  const uint32_t smallest = magnitudeOf(*last);
  const auto tied = [&](uint64_t each) { return magnitudeOf(each) == smallest; };
  if (std::any_of(last + 1, inside.end(), tied)) {
    boundary.least = smallest + 1;
    for (auto each = inside.begin(); each <= last; each++) {
      if (tied(*each)) boundary.ties.push_back(indexOf(*each));
    }
    std::sort(boundary.ties.begin(), boundary.ties.end());
  } else {
    boundary.least = smallest;
  }
  guess = nextGuess(guess, census, window, smallest, n);
  return boundary;
}

namespace {

struct Remembered {
  const void* address = nullptr;
  int64_t keep = 0;
  Guess guess;
};

// One place for many addresses: the later takes it, and the earlier is sampled anew.
constexpr size_t kPlaces = 4096;
std::mutex remembering;
Remembered places[kPlaces];

Remembered& placeOf(const void* address, int64_t keep) {
  const uint64_t mixed = (reinterpret_cast<uintptr_t>(address) / 64 + static_cast<uint64_t>(keep)) * 0x9e3779b97f4a7c15u;
  return places[mixed >> 52];
}

}  // namespace

Guess recall(const void* address, int64_t keep) {
  std::lock_guard<std::mutex> lock(remembering);
  const Remembered& place = placeOf(address, keep);
  return place.address == address && place.keep == keep ? place.guess : Guess();
}

void remember(const void* address, int64_t keep, const Guess& guess) {
  std::lock_guard<std::mutex> lock(remembering);
  placeOf(address, keep) = {address, keep, guess};
}

}  // namespace multiprize
