// One boundary for the scores of many layers: of all scores together the `keep` largest |s| are kept, ties going to the
// earlier layer and lower index. Gives `least` and then, for each layer, how many of those equal to `least` − 1 it
// keeps (its first ones) and how many scores it keeps in all. Twin: globalTopKMasks in core/mask.
#include "boundary.h"
#include "operation.h"

namespace multiprize {
namespace {

void* create(TF_OpKernelConstruction* construction) {
  auto* keep = new int64_t;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "keep", keep, status);
  TF_DeleteStatus(status);
  return keep;
}

int64_t countFrom(const Span& scores, uint32_t least) {
  std::vector<int64_t> counts(parts());
  parallel(scores.size, [&](int64_t begin, int64_t end, int part) {
    int64_t count = 0;
    for (int64_t i = begin; i < end; i++) count += (scores.data[i] & kMagnitude) >= least;
    counts[part] = count;
  });
  int64_t total = 0;
  for (const int64_t count : counts) total += count;
  return total;
}

void compute(void* kernel, TF_OpKernelContext* context) {
  const int64_t keep = *static_cast<int64_t*>(kernel);
  Run run(context);
  const int layers = TF_NumInputs(context);
  std::vector<Tensor> inputs(layers);
  std::vector<Span> scores;
  int64_t n = 0;
  for (int layer = 0; layer < layers; layer++) {
    run.input(layer, inputs[layer]);
    scores.push_back({inputs[layer].data<uint32_t>(), inputs[layer].size()});
    n += scores.back().size;
  }
  if (!run.require(keep > 0 && keep <= n, "keep must be from 1 to the number of scores")) return;
  if (!run.require(n < int64_t{1} << 32, "there are more scores than can be counted")) return;
  // The scores' own addresses change from step to step; networks of equal size may share the guess.
  const void* place = reinterpret_cast<const void*>(n);
  Guess guess = recall(place, keep);
  const Boundary boundary = boundaryOf(scores, keep, guess);
  if (!run.requireNumbers(boundary.least <= kInfinity + 1)) return;
  remember(place, keep, guess);

  Tensor counts;
  int32_t* out = run.output<int32_t>(0, TF_INT32, {1 + 2 * int64_t{layers}}, counts);
  *out++ = static_cast<int32_t>(boundary.least);
  auto tie = boundary.ties.begin();
  int64_t first = 0;
  for (const Span& span : scores) {
    first += span.size;
    int32_t ties = 0;
    for (; tie != boundary.ties.end() && *tie < first; tie++) ties++;
    *out++ = ties;
    *out++ = static_cast<int32_t>(countFrom(span, boundary.least) + ties);
  }
}

}  // namespace

bool registerGlobalBoundary() {
  return registerOperation("MultiprizeGlobalBoundary",
                           {"scores: count * float", ">boundary: int32", "@count: int >= 1", "@keep: int"}, create,
                           compute, [](void* kernel) { delete static_cast<int64_t*>(kernel); });
}

}  // namespace multiprize
