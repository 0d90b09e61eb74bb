// As many floats as one register of the processor holds, and the few operations the convolutions need on them.
#pragma once
#include <cstdint>
#if defined(__AVX512F__) || defined(__AVX__)
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

// Stores on a line's boundary that do not go through the cache, and so do not read what was there; a thread that made
// any ends with finishPast, or others might not see them.
inline void storePast(float* to, Vector value) {
#if defined(__AVX512F__)
  _mm512_stream_ps(to, (__m512)value);
#elif defined(__AVX__)
  _mm256_stream_ps(to, (__m256)value);
#else
  store(to, value);
#endif
}
inline void finishPast() {
#if defined(__AVX__)
  _mm_sfence();
#endif
}

// Whether results are written past the cache: they are on a line's boundary and too many to be there when they are read.
constexpr int64_t kPastCache = 1 << 22;
inline bool pastCache(const float* to, int64_t size) {
  return size >= kPastCache && reinterpret_cast<uintptr_t>(to) % (kWidth * sizeof(float)) == 0;
}

}  // namespace multiprize
