// As many floats as one register of the processor holds, and the few operations the convolutions need on them.
#pragma once
#if defined(__AVX512F__) || defined(__FMA__)
#include <immintrin.h>
#endif

namespace multiprize {

// kRows: rows of a matrix product that are summed in registers at once, two vectors each; so many that the sums, one
// broadcast and two loads fill the register file.
#if defined(__AVX512F__)
constexpr int kWidth = 16;
constexpr int kRows = 14;
#elif defined(__AVX__)
constexpr int kWidth = 8;
constexpr int kRows = 6;
#else
constexpr int kWidth = 4;
constexpr int kRows = 6;
#endif

// Whether the processor multiplies pairs of 16-bit numbers, int16 and bfloat16, and adds both products to a sum of 32.
#if defined(__AVX512VNNI__) && defined(__AVX512BF16__) && defined(__AVX512BW__)
#define MULTIPRIZE_SIXTEEN_BITS 1
#else
#define MULTIPRIZE_SIXTEEN_BITS 0
#endif

typedef float Vector __attribute__((vector_size(kWidth * sizeof(float))));
typedef float UnalignedVector __attribute__((vector_size(kWidth * sizeof(float)), aligned(sizeof(float)), may_alias));

inline Vector load(const float* from) { return *reinterpret_cast<const UnalignedVector*>(from); }
inline void store(float* to, Vector value) { *reinterpret_cast<UnalignedVector*>(to) = value; }
inline Vector broadcast(float value) { return Vector{} + value; }

// a·b + sum, rounded once where the processor can.
inline Vector multiplyAdd(Vector a, Vector b, Vector sum) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, sum);
#elif defined(__AVX__) && defined(__FMA__)
  return _mm256_fmadd_ps(a, b, sum);
#else
  return a * b + sum;
#endif
}

inline Vector multiplyAdd(float a, Vector b, Vector sum) { return multiplyAdd(broadcast(a), b, sum); }

}  // namespace multiprize
