// Filters on their way into products and out of their gradient's sums, whatever the stride: a 3×3 filter has kSide × kSide
// positions, by the one-dimensional transform that is given, first down and then across.
#pragma once
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

// Gᵀ s G: the gradient of the filters that read one input channel, from its row of s, which is the sum of `parts`
// buffers one after the other.
template <int kSide, auto transform>
void filterGradientRow(int64_t inputs, int64_t outputs, const float* s, int64_t parts, int64_t input, float* dw) {
  for (int64_t k = 0; k < outputs; k += kWidth) {
    const float* from = s + inPanels(outputs, inputs, input, k);
    Vector half[kFilter][kSide];
    for (int j = 0; j < kSide; j++) {
      Vector d[kSide], o[kFilter];
      for (int i = 0; i < kSide; i++) {
        const float* at = from + (i * kSide + j) * inputs * outputs;
        d[i] = load(at);
        for (int64_t part = 1; part < parts; part++) d[i] += load(at + part * kSide * kSide * inputs * outputs);
      }
      transform(d, o);
      for (int i = 0; i < kFilter; i++) half[i][j] = o[i];
    }
    for (int i = 0; i < kFilter; i++) {
      Vector o[kFilter];
      transform(half[i], o);
      for (int j = 0; j < kFilter; j++) store(dw + ((i * kFilter + j) * inputs + input) * outputs + k, o[j]);
    }
  }
}

}  // namespace multiprize
