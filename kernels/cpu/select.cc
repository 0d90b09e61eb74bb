// W_eff from scores and weights in one operation: the boundary of the `keep` largest |s|, ties to the lower index, the
// gain in doubles, then the values. Twin: core/select, core/mask, core/gain and core/quantize.
#include <cmath>
#include <cstring>
#include <memory>

#include "boundary.h"
#include "operation.h"

namespace multiprize {
namespace {

constexpr uint32_t kSign = 0x80000000u;

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

constexpr int kLanes = 8;
constexpr int64_t kSumBlock = 1 << 16;
// A piece small enough for the nearest cache.
constexpr int64_t kPiece = 1024;
typedef float Floats __attribute__((vector_size(kLanes * sizeof(float))));
typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
typedef uint32_t Words __attribute__((vector_size(kLanes * sizeof(uint32_t))));

// All bits set, or none: a choice without a branch.
inline uint32_t ones(bool chosen) { return -static_cast<uint32_t>(chosen); }

// sign(w) of a kept weight in a byte: 0 for 0, 1 for +1, 0x81 for −1. What is not kept is 0 too.
inline uint8_t code(bool kept, uint32_t weight) {
  return static_cast<uint8_t>((weight >> 31 << 7 | 1) & ones(kept) & ones((weight & kMagnitude) != 0));
}

// `restrict` and bounds in registers let the compiler take many at once.
void encode(const uint32_t* __restrict scores, const uint32_t* __restrict weights, int64_t n, uint32_t least,
            uint8_t* __restrict codes) {
  for (int64_t i = 0; i < n; i++) codes[i] = code((scores[i] & kMagnitude) >= least, weights[i]);
}

// value · sign, as bits.
inline uint32_t signedValue(uint32_t value, uint8_t code) {
  return (value & -static_cast<uint32_t>(code & 1)) | static_cast<uint32_t>(code & 0x80) << 24;
}

inline float magnitudeOf(uint32_t weight) {
  const uint32_t magnitude = weight & kMagnitude;
  float value;
  std::memcpy(&value, &magnitude, sizeof value);
  return value;
}

// Adds to eight running sums, by index mod 8, |w| of the kept, or w² where `squared`.
template <bool squared>
void addKept(const uint32_t* scores, const uint32_t* weights, int64_t n, uint32_t least, double* sums) {
  Doubles lanes;
  std::memcpy(&lanes, sums, sizeof lanes);
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
  std::memcpy(sums, &lanes, sizeof lanes);
  for (; i < n; i++) {
    if ((scores[i] & kMagnitude) < least) continue;
    const double wide = magnitudeOf(weights[i]);
    sums[i % kLanes] += squared ? wide * wide : wide;
  }
}

// The codes of all weights, and the sum over the kept: blocks of 65,536 in order, each as eight running sums by index
// mod 8, then the ties. core/gain adds in the same order.
template <bool squared>
double encodeAndSum(const uint32_t* scores, const uint32_t* weights, int64_t n, const Boundary& boundary,
                    uint8_t* codes) {
  const uint32_t least = boundary.least;
  const int64_t blocks = (n + kSumBlock - 1) / kSumBlock;
  std::vector<double> totals(blocks);
  parallel(n, [&](int64_t begin, int64_t end, int) {
    for (int64_t block = (begin + kSumBlock - 1) / kSumBlock; block < blocks && block * kSumBlock < end; block++) {
      const int64_t blockEnd = std::min((block + 1) * kSumBlock, n);
      double sums[kLanes] = {};
      for (int64_t at = block * kSumBlock; at < blockEnd; at += kPiece) {
        const int64_t size = std::min(kPiece, blockEnd - at);
        encode(scores + at, weights + at, size, least, codes + at);
        addKept<squared>(scores + at, weights + at, size, least, sums);
      }
      totals[block] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
  });
  double total = 0;
  for (const double each : totals) total += each;
  for (const int64_t tie : boundary.ties) {
    codes[tie] = code(true, weights[tie]);
    const double wide = magnitudeOf(weights[tie]);
    total += squared ? wide * wide : wide;
  }
  return total;
}

// Weights and scores of one layer, as bits, and what is kept of them.
struct Layer {
  const uint32_t* scores;
  const uint32_t* weights;
  int64_t n;
  const Boundary& boundary;
  int64_t kept;
};

void write(const Layer& layer, const Settings& settings, int64_t denominator, uint32_t* __restrict out) {
  const auto& [s, w, n, boundary, kept] = layer;
  if (settings.gain == kNone || settings.gain == kGiven) {
    uint32_t value;
    std::memcpy(&value, &settings.given, sizeof value);
    const bool pruneOnly = settings.gain == kNone;
    const auto chosen = [=](bool kept, uint32_t weight) {
      return pruneOnly ? weight & ones(kept) : signedValue(value, code(kept, weight));
    };
    parallel(n, [=, least = boundary.least, s = s, w = w](int64_t begin, int64_t end, int) {
      for (int64_t i = begin; i < end; i++) out[i] = chosen((s[i] & kMagnitude) >= least, w[i]);
    });
    for (const int64_t tie : boundary.ties) out[tie] = chosen(true, w[tie]);
    return;
  }
  const std::unique_ptr<uint8_t[]> memory(new uint8_t[n]);
  uint8_t* codes = memory.get();
  const double gain = settings.gain == kMeanKept
                          ? encodeAndSum<false>(s, w, n, boundary, codes) / denominator
                          : std::sqrt(encodeAndSum<true>(s, w, n, boundary, codes) / kept);
  const auto rounded = static_cast<float>(gain);
  uint32_t value;
  std::memcpy(&value, &rounded, sizeof value);
  parallel(n, [=](int64_t begin, int64_t end, int) {
    for (int64_t i = begin; i < end; i++) out[i] = signedValue(value, codes[i]);
  });
}

// Layerwise: the boundary is sought among the layer's own scores.
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
  // A layer's weights stay where they are from step to step, and its boundary moves little.
  Guess guess = recall(w, settings.keep);
  const Boundary boundary = boundaryOf({{s, n}}, settings.keep, guess);
  if (!run.requireNumbers(boundary.least <= kInfinity + 1)) return;
  remember(w, settings.keep, guess);
  uint32_t* out = run.output<uint32_t>(0, TF_FLOAT, scores, effective);
  write({s, w, n, boundary, settings.keep}, settings, settings.denominator, out);
}

// The boundary is given, as MultiprizeGlobalBoundary gives it: least, ties and kept count of this layer.
void computeAt(void* kernel, TF_OpKernelContext* context) {
  const auto& settings = *static_cast<Settings*>(kernel);
  Run run(context);
  Tensor scores, weights, given, effective;
  run.input(0, scores);
  run.input(1, weights);
  run.input(2, given);
  const int64_t n = scores.size();
  if (!run.require(weights.size() == n, "scores and weights differ in size")) return;
  if (!run.require(given.size() == 3, "a boundary is three numbers")) return;
  const uint32_t* s = scores.data<uint32_t>();
  Boundary boundary;
  boundary.least = given.data<uint32_t>()[0];
  const int64_t ties = given.data<int32_t>()[1], kept = given.data<int32_t>()[2];
  for (int64_t i = 0; i < n && static_cast<int64_t>(boundary.ties.size()) < ties; i++) {
    if ((s[i] & kMagnitude) == boundary.least - 1) boundary.ties.push_back(i);
  }
  uint32_t* out = run.output<uint32_t>(0, TF_FLOAT, scores, effective);
  write({s, weights.data<uint32_t>(), n, boundary, kept}, settings, kept, out);
}

}  // namespace

bool registerSelect() {
  const auto destroy = [](void* kernel) { delete static_cast<Settings*>(kernel); };
  return registerOperation("MultiprizeSelect",
                           {"scores: float", "weights: float", ">effective: float", "@keep: int", "@gain: int",
                            "@denominator: int", "@given: float"},
                           create, compute, destroy) &&
         registerOperation("MultiprizeSelectAt",
                           {"scores: float", "weights: float", "boundary: int32", ">effective: float", "@keep: int",
                            "@gain: int", "@denominator: int", "@given: float"},
                           create, computeAt, destroy);
}

}  // namespace multiprize
