// Pools for set_parallel_for: threads of a test's own, and none at all.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "strum/core/parallel.hpp"

namespace strum::test {

/// Threads that wait for work, one call at a time; further callers wait for their turn.
class ThreadPool {
 public:
  explicit ThreadPool(int threads) {
    for (int t = 0; t + 1 < threads; ++t) threads_.emplace_back([this] { serve(); });
  }
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void run(Index count, const std::function<void(Index)>& body) {
    const std::lock_guard turn(turn_);
    {
      const std::lock_guard lock(mutex_);
      body_ = &body;
      count_ = count;
      next_ = 0;
      done_ = 0;
    }
    wake_.notify_all();
    std::unique_lock lock(mutex_);
    while (take(lock)) {
    }
    finished_.wait(lock, [&] { return done_ == count_; });
    body_ = nullptr;
  }

 private:
  /// Runs one piece if there is one.
  bool take(std::unique_lock<std::mutex>& lock) {
    if (body_ == nullptr || next_ == count_) return false;
    const std::function<void(Index)>& body = *body_;
    const Index i = next_++;
    lock.unlock();
    body(i);
    lock.lock();
    if (++done_ == count_) finished_.notify_all();
    return true;
  }

  void serve() {
    std::unique_lock lock(mutex_);
    while (!stop_)
      if (!take(lock)) wake_.wait(lock);
  }

  std::mutex turn_, mutex_;
  std::condition_variable wake_, finished_;
  std::vector<std::thread> threads_;
  const std::function<void(Index)>* body_ = nullptr;
  Index count_ = 0, next_ = 0, done_ = 0;
  bool stop_ = false;
};

/// Runs the last piece first, on the calling thread: finds a piece that needs an earlier one.
inline void run_backwards(Index count, const std::function<void(Index)>& body) {
  while (count-- > 0) body(count);
}

/// While it lives, strum cuts products of any size into `threads` pieces. An empty pool is the
/// built-in one.
class CutAlways {
 public:
  CutAlways(int threads, ParallelFor pool) : least_(detail::least_work().exchange(0)) {
    if (pool)
      set_parallel_for(std::move(pool), threads);
    else
      set_num_threads(threads);
  }
  ~CutAlways() {
    set_parallel_for(nullptr);
    set_num_threads(0);
    detail::least_work() = least_;
  }
  CutAlways(const CutAlways&) = delete;
  CutAlways& operator=(const CutAlways&) = delete;

 private:
  Index least_;
};

}  // namespace strum::test
