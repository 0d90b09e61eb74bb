// Memory that is kept from run to run: fresh pages cost as much as the sums that go into them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace multiprize {

class Buffer {
 public:
  // At least `size` numbers, on a boundary of the cache's lines; what was there before is lost.
  float* of(int64_t size) {
    if (size > size_) {
      const size_t bytes = (static_cast<size_t>(size) * sizeof(float) + kLine - 1) / kLine * kLine;
      values_.reset(static_cast<float*>(std::aligned_alloc(kLine, bytes)));
      size_ = size;
    }
    return values_.get();
  }

  // The same of words.
  int32_t* words(int64_t size) { return reinterpret_cast<int32_t*>(of(size)); }

  float* zeros(int64_t size) {
    float* values = of(size);
    std::fill(values, values + size, 0.0f);
    return values;
  }

 private:
  static constexpr size_t kLine = 64;
  struct Free {
    void operator()(float* values) const { std::free(values); }
  };
  std::unique_ptr<float, Free> values_;
  int64_t size_ = 0;
};

}  // namespace multiprize
