// Work shared out among the processors, by threads that stay.
#pragma once
#include <cstdint>
#include <functional>

namespace multiprize {

// Elements a thread takes at least: below this, waking one costs more than it brings.
constexpr int64_t kGrain = 1 << 16;

// work(begin, end, part) over [0, n) in as many parts as there are processors; where parts begin and end never depends
// on timing, only which thread takes which. Work may not call it again.
void parallel(int64_t n, const std::function<void(int64_t, int64_t, int)>& work);

// job(i, part) for each i in [0, count), each as soon as a thread is free: jobs that share a `part` never run at once.
void shareOut(int64_t count, const std::function<void(int64_t, int)>& job);

// The most parts that there can be: one a processor.
int parts();

}  // namespace multiprize
