// Filters on their way into products and out of their gradient's sums, whatever the stride: a 3×3 filter has kSide × kSide
// positions, by the one-dimensional transform that is given, first down and then across.
#pragma once
#include "parallel.h"
#include "winogradTiles.h"

namespace multiprize {

// G g Gᵀ of the filters that read one input channel; w is [3, 3, inputs, outputs], u has a row an input channel.
template <int kSide, auto transform>
void filterRow(int64_t inputs, int64_t outputs, const float* w, int64_t input, float* u) {
  for (int64_t k = 0; k < outputs; k += kWidth) {
    Vector half[kSide][kFilter];
    for (int j = 0; j < kFilter; j++) {
      Vector g[kFilter], o[kSide];
      for (int i = 0; i < kFilter; i++) g[i] = load(w + ((i * kFilter + j) * inputs + input) * outputs + k);
      transform(g, o);
      for (int i = 0; i < kSide; i++) half[i][j] = o[i];
    }
    float* to = u + inPanels(outputs, inputs, input, k);
    for (int i = 0; i < kSide; i++) {
      Vector o[kSide];
      transform(half[i], o);
      for (int j = 0; j < kSide; j++) store(to + (i * kSide + j) * inputs * outputs, o[j]);
    }
  }
}

// From one position's sums to the next: some lines of the cache more than they take, or all would share its sets.
inline int64_t sumsApart(int64_t inputs, int64_t outputs) { return inputs * outputs + 5 * 16; }

// Gᵀ s G: a vector of filters' gradient, whose taps are `tapsApart`, from sums whose positions are `apart` and which are
// those of `parts` buffers one after the other.
template <int kSide, auto transform>
void filterGradientOf(const float* s, int64_t apart, int64_t parts, float* dw, int64_t tapsApart) {
  Vector half[kFilter][kSide];
  for (int j = 0; j < kSide; j++) {
    Vector d[kSide], o[kFilter];
    for (int i = 0; i < kSide; i++) {
      const float* at = s + (i * kSide + j) * apart;
      d[i] = load(at);
      for (int64_t part = 1; part < parts; part++) d[i] += load(at + part * kSide * kSide * apart);
    }
    transform(d, o);
    for (int i = 0; i < kFilter; i++) half[i][j] = o[i];
  }
  for (int i = 0; i < kFilter; i++) {
    Vector o[kFilter];
    transform(half[i], o);
    for (int j = 0; j < kFilter; j++) store(dw + (i * kFilter + j) * tapsApart, o[j]);
  }
}

// The gradient of all filters, panel by panel, as their sums lie in memory.
template <int kSide, auto transform>
void filterGradients(int64_t inputs, int64_t outputs, const float* s, int64_t parts, float* dw) {
  const int64_t vectors = inputs / kWidth;
  shareOut(panelCount(outputs) * vectors, [&](int64_t job, int) {
    const int64_t panel = job / vectors, first = job % vectors * kWidth;
    for (int64_t input = first; input < first + kWidth; input++) {
      for (int64_t k = panel * kPanel; k < panel * kPanel + panelWidth(outputs, panel); k += kWidth) {
        filterGradientOf<kSide, transform>(s + inPanels(outputs, inputs, input, k), sumsApart(inputs, outputs), parts,
                                           dw + input * outputs + k, inputs * outputs);
      }
    }
  });
}

}  // namespace multiprize
