#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace multiprize {
namespace {

using Work = std::function<void(int64_t, int64_t, int)>;

// Looks at `holds` for some microseconds: going to sleep and being woken takes longer than the work often does.
template <typename F>
bool soon(F holds) {
  for (int i = 0; i < 2000; i++) {
    if (holds()) return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return holds();
}

// Threads that wait for work, one less than processors: whoever has work takes parts of it as well.
class Team {
 public:
  explicit Team(int helpers) {
    for (int i = 0; i < helpers; i++) std::thread([this] { help(); }).detach();
  }

  // Gives false, with nothing done, where the team is at work for another thread.
  bool run(int64_t n, int64_t parts, const Work& work) {
    std::unique_lock<std::mutex> mine(taken_, std::try_to_lock);
    if (!mine) return false;
    {
      std::lock_guard<std::mutex> lock(state_);
      work_ = &work;
      n_ = n;
      parts_ = parts;
      next_ = 0;
      left_ = parts;
      open_ = true;
    }
    wake_.notify_all();
    while (takePart()) {
    }
    const auto finished = [this] { return left_.load() == 0; };
    if (!soon(finished)) {
      std::unique_lock<std::mutex> lock(state_);
      done_.wait(lock, finished);
    }
    return true;
  }

 private:
  // Does one part; gives false where none was left to take.
  bool takePart() {
    const Work* work;
    int64_t n, part, parts;
    {
      std::lock_guard<std::mutex> lock(state_);
      if (next_ == parts_) return false;
      work = work_;
      n = n_;
      parts = parts_;
      part = next_++;
      if (next_ == parts) open_ = false;
    }
    (*work)(n * part / parts, n * (part + 1) / parts, static_cast<int>(part));
    if (left_.fetch_sub(1) == 1) {
      // Under the lock, or the one who waits could miss it between looking and sleeping.
      std::lock_guard<std::mutex> lock(state_);
      done_.notify_all();
    }
    return true;
  }

  void help() {
    for (;;) {
      const auto open = [this] { return open_.load(); };
      if (!soon(open)) {
        std::unique_lock<std::mutex> lock(state_);
        wake_.wait(lock, open);
      }
      takePart();
    }
  }

  std::mutex taken_;
  std::mutex state_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const Work* work_ = nullptr;
  int64_t n_ = 0;
  int64_t parts_ = 0;
  int64_t next_ = 0;
  std::atomic<int64_t> left_{0};
  std::atomic<bool> open_{false};
};

void run(int64_t n, int64_t count, const Work& work) {
  if (count <= 1) return work(0, n, 0);
  // Never destroyed: its threads wait until the process ends.
  static Team* team = new Team(parts() - 1);
  if (team->run(n, count, work)) return;
  for (int64_t part = 0; part < count; part++) {
    work(n * part / count, n * (part + 1) / count, static_cast<int>(part));
  }
}

}  // namespace

int parts() {
  static const int count = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  return count;
}

void parallel(int64_t n, const Work& work) { run(n, std::min<int64_t>(parts(), (n + kGrain - 1) / kGrain), work); }

void shareOut(int64_t count, const std::function<void(int64_t, int)>& job) {
  std::atomic<int64_t> next{0};
  run(count, std::min<int64_t>(parts(), count), [&](int64_t, int64_t, int part) {
    for (int64_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) job(i, part);
  });
}

}  // namespace multiprize
