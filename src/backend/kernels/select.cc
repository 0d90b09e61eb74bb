// W_eff from scores and weights in one operation: the boundary of the `keep` largest |s|, ties to the lower index, the
// gain in doubles, then the values. Twin: core/select, core/mask, core/gain and core/quantize.
//
// A float's magnitude bits order like the float, so all comparisons are of integers.
#include <cmath>
#include <cstring>

#include "operation.h"

namespace multiprize {
namespace {

constexpr uint32_t kMagnitude = 0x7fffffffu;
constexpr uint32_t kSign = 0x80000000u;
constexpr uint32_t kInfinity = 0x7f800000u;
constexpr int64_t kSamples = 1 << 15;
constexpr int64_t kBlock = 4096;

// How the gain comes about; `gainRules` in core/gain has the formulas.
enum Gain : int64_t { kMeanKept = 0, kRmsKept = 1, kGiven = 2, kNone = 3 };

struct Settings {
  int64_t keep;
  int64_t gain;
  int64_t denominator;
  float given;
};

void* create(TF_OpKernelConstruction* construction) {
  auto* settings = new Settings;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "keep", &settings->keep, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "gain", &settings->gain, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "denominator", &settings->denominator, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "given", &settings->given, status);
  TF_DeleteStatus(status);
  return settings;
}

// Magnitudes from `least` on are kept, and besides them the first `ties` equal to `least` − 1.
struct Boundary {
  uint32_t least;
  int64_t ties;
};

// What lies above and inside a window of magnitudes [low, high], and the largest magnitude of all.
struct Census {
  int64_t above = 0;
  uint32_t largest = 0;
  std::vector<uint32_t> inside;
};

Census take(const uint32_t* scores, int64_t n, uint32_t low, uint32_t high) {
  std::vector<Census> partial(parts());
  parallel(n, [&](int64_t begin, int64_t end, int part) {
    Census census;
    std::vector<uint32_t> found(kBlock + 1);
    for (int64_t at = begin; at < end; at += kBlock) {
      const int64_t size = std::min(kBlock, end - at);
      uint32_t largest = 0;
      uint32_t above = 0;
      for (int64_t i = 0; i < size; i++) {
        const uint32_t magnitude = scores[at + i] & kMagnitude;
        largest = std::max(largest, magnitude);
        above += magnitude > high;
      }
      // Every magnitude is written, and the place moves on for those inside: a branch would be guessed wrong too often.
      int64_t count = 0;
      for (int64_t i = 0; i < size; i++) {
        const uint32_t magnitude = scores[at + i] & kMagnitude;
        found[count] = magnitude;
        count += magnitude - low <= high - low;
      }
      census.above += above;
      census.largest = std::max(census.largest, largest);
      census.inside.insert(census.inside.end(), found.begin(), found.begin() + count);
    }
    partial[part] = std::move(census);
  });
  Census whole;
  for (const Census& census : partial) {
    whole.above += census.above;
    whole.largest = std::max(whole.largest, census.largest);
    whole.inside.insert(whole.inside.end(), census.inside.begin(), census.inside.end());
  }
  return whole;
}

// A window that holds the boundary almost surely, from a regular sample; all magnitudes where there are few.
void windowOf(const uint32_t* scores, int64_t n, int64_t keep, uint32_t& low, uint32_t& high) {
  low = 0;
  high = kMagnitude;
  if (n < 4 * kSamples) return;
  std::vector<uint32_t> sample(kSamples);
  for (int64_t i = 0; i < kSamples; i++) sample[i] = scores[i * n / kSamples] & kMagnitude;
  const double share = static_cast<double>(keep) / n;
  const double middle = share * kSamples;
  const double margin = 8 + 5 * std::sqrt(kSamples * share * (1 - share));
  const auto ranked = [&](double rank) {
    const auto at = sample.begin() + static_cast<int64_t>(rank);
    std::nth_element(sample.begin(), at, sample.end(), std::greater<uint32_t>());
    return *at;
  };
  if (middle - margin >= 0) high = ranked(middle - margin);
  if (middle + margin < kSamples) low = ranked(middle + margin);
}

// The boundary, or a magnitude beyond infinity's where a score is not a number.
Boundary boundaryOf(const uint32_t* scores, int64_t n, int64_t keep) {
  uint32_t low, high;
  windowOf(scores, n, keep, low, high);
  Census census = take(scores, n, low, high);
  if (census.largest > kInfinity) return {census.largest, 0};
  if (keep <= census.above || keep > census.above + static_cast<int64_t>(census.inside.size())) {
    census = take(scores, n, 0, kMagnitude);
  }
  auto& inside = census.inside;
  const int64_t rank = keep - census.above - 1;
  std::nth_element(inside.begin(), inside.begin() + rank, inside.end(), std::greater<uint32_t>());
  const uint32_t smallest = inside[rank];
  const int64_t larger = census.above + std::count_if(inside.begin(), inside.end(), [&](uint32_t m) { return m > smallest; });
  const int64_t equal = std::count(inside.begin(), inside.end(), smallest);
  if (keep - larger == equal) return {smallest, 0};
  return {smallest + 1, keep - larger};
}

// The first `ties` indices whose magnitude is just below the boundary: seldom any.
std::vector<int64_t> tiesOf(const uint32_t* scores, int64_t n, const Boundary& boundary) {
  std::vector<int64_t> indices;
  for (int64_t i = 0; i < n && static_cast<int64_t>(indices.size()) < boundary.ties; i++) {
    if ((scores[i] & kMagnitude) == boundary.least - 1) indices.push_back(i);
  }
  return indices;
}

constexpr int kLanes = 8;
constexpr int64_t kSumBlock = 1 << 16;
typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));
typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
typedef uint32_t Words __attribute__((vector_size(kLanes * sizeof(uint32_t))));

// Sum over the kept of one block of |w|, or of w² where `squared`: eight running sums by index mod 8.
double blockSum(const uint32_t* scores, const uint32_t* weights, int64_t n, uint32_t least, bool squared) {
  double sums[kLanes] = {};
  Doubles lanes = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    Words s, w;
    std::memcpy(&s, scores + i, sizeof s);
    std::memcpy(&w, weights + i, sizeof w);
    const Words kept = reinterpret_cast<Words>((s & kMagnitude) >= least) & w & kMagnitude;
    Floats magnitude;
    std::memcpy(&magnitude, &kept, sizeof magnitude);
    const Doubles wide = __builtin_convertvector(magnitude, Doubles);
    lanes += squared ? wide * wide : wide;
  }
  std::memcpy(sums, &lanes, sizeof sums);
  for (; i < n; i++) {
    if ((scores[i] & kMagnitude) < least) continue;
    float weight;
    std::memcpy(&weight, weights + i, sizeof weight);
    const double wide = std::fabs(static_cast<double>(weight));
    sums[i % kLanes] += squared ? wide * wide : wide;
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// The sum over all kept: blocks of 65,536 in order, then the ties. core/gain adds in the same order.
double keptSum(const uint32_t* scores, const uint32_t* weights, int64_t n, const Boundary& boundary,
               const std::vector<int64_t>& ties, bool squared) {
  const int64_t blocks = (n + kSumBlock - 1) / kSumBlock;
  std::vector<double> sums(blocks);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t block = (begin + kSumBlock - 1) / kSumBlock; block < blocks && block * kSumBlock < end; block++) {
      const int64_t at = block * kSumBlock;
      sums[block] = blockSum(scores + at, weights + at, std::min(kSumBlock, n - at), boundary.least, squared);
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  for (const int64_t tie : ties) {
    float weight;
    std::memcpy(&weight, weights + tie, sizeof weight);
    const double wide = std::fabs(static_cast<double>(weight));
    total += squared ? wide * wide : wide;
  }
  return total;
}

// All bits set, or none: a choice without a branch.
inline uint32_t ones(bool chosen) { return -static_cast<uint32_t>(chosen); }

// value · sign(w), sign(0) = 0, as bits.
inline uint32_t signedValue(uint32_t value, uint32_t weight) {
  return (value | (weight & kSign)) & ones((weight & kMagnitude) != 0);
}

void compute(void* kernel, TF_OpKernelContext* context) {
  const auto& settings = *static_cast<Settings*>(kernel);
  Run run(context);
  Tensor scores, weights, effective;
  run.input(0, scores);
  run.input(1, weights);
  const int64_t n = scores.size();
  if (!run.require(weights.size() == n, "scores and weights differ in size")) return;
  if (!run.require(settings.keep > 0 && settings.keep <= n, "keep must be from 1 to the number of scores")) return;
  const uint32_t* s = scores.data<uint32_t>();
  const uint32_t* w = weights.data<uint32_t>();
  const Boundary boundary = boundaryOf(s, n, settings.keep);
  if (!run.require(boundary.least <= kInfinity + 1,
                   "scores contain NaN: the search has diverged; use a smaller learning rate")) {
    return;
  }
  const std::vector<int64_t> ties = tiesOf(s, n, boundary);
  const uint32_t least = boundary.least;

  uint32_t* out = run.output<uint32_t>(0, TF_FLOAT, scores, effective);
  if (settings.gain == kNone) {
    parallel(n, [&](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; i++) out[i] = w[i] & ones((s[i] & kMagnitude) >= least);
    });
    for (const int64_t tie : ties) out[tie] = w[tie];
    return;
  }
  double gain = settings.given;
  if (settings.gain == kMeanKept) {
    gain = keptSum(s, w, n, boundary, ties, false) / settings.denominator;
  } else if (settings.gain == kRmsKept) {
    gain = std::sqrt(keptSum(s, w, n, boundary, ties, true) / settings.keep);
  }
  const auto rounded = static_cast<float>(gain);
  uint32_t value;
  std::memcpy(&value, &rounded, sizeof value);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) {
      out[i] = signedValue(value, w[i]) & ones((s[i] & kMagnitude) >= least);
    }
  });
  for (const int64_t tie : ties) out[tie] = signedValue(value, w[tie]);
}

}  // namespace

bool registerSelect() {
  return registerOperation(
      "MultiprizeSelect",
      {"scores: float", "weights: float", ">effective: float", "@keep: int", "@gain: int", "@denominator: int",
       "@given: float"},
      create, compute, [](void* kernel) { delete static_cast<Settings*>(kernel); });
}

}  // namespace multiprize
