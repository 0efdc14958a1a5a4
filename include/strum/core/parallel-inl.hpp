// The bodies of core/parallel.hpp: compiled once in the library, inline header-only.
#pragma once

#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "strum/core/error.hpp"
#include "strum/core/parallel.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace strum::inline STRUM_ABI {
namespace detail {

/// A function given to set_parallel_for().
struct Pool {
  ParallelFor run;
  int threads;
};

/// What the setters set. One per program (header-only: one per set of flags).
struct ParallelState {
  std::atomic<int> chosen_threads = 0;  // by set_num_threads(), 0 if not
  std::atomic<bool> has_pool = false;   // spares the lock where there is none
  std::mutex mutex;                     // guards pool
  std::shared_ptr<const Pool> pool;
  std::atomic<bool> cores_taken = false;  // a parallel_for runs on OpenMP's threads
};

STRUM_INLINE ParallelState& parallel_state() {
  static ParallelState state;
  return state;
}

STRUM_INLINE std::shared_ptr<const Pool> current_pool() {
  ParallelState& state = parallel_state();
  if (!state.has_pool.load(std::memory_order_acquire)) return nullptr;
  const std::lock_guard lock(state.mutex);
  return state.pool;
}

/// Whether this thread is in a body of parallel_for().
STRUM_INLINE bool& in_body() {
  static thread_local bool inside = false;
  return inside;
}

STRUM_INLINE bool stay_on_thread(bool stay) { return std::exchange(in_body(), stay); }

/// What OpenMP would take for a region opened here; 1 without it.
STRUM_INLINE int openmp_threads() {
#if defined(_OPENMP)
  return omp_get_max_threads();
#else
  return 1;
#endif
}

STRUM_INLINE bool in_parallel() {
#if defined(_OPENMP)
  if (omp_in_parallel() != 0) return true;
#endif
  return in_body();
}

/// num_threads() where this pool is the current one.
STRUM_INLINE int threads_of(const Pool* pool) {
#if !defined(_OPENMP)
  if (pool == nullptr) return 1;
#endif
  const int chosen = parallel_state().chosen_threads.load(std::memory_order_relaxed);
  if (chosen > 0) return chosen;
  return pool != nullptr ? pool->threads : openmp_threads();
}

/// One call of parallel_for: what its pieces share.
class ParallelRun {
 public:
  explicit ParallelRun(const std::function<void(Index)>& body) : body_(body) {}

  void piece(Index i) noexcept {
    const bool before = std::exchange(in_body(), true);
    try {
      if (!failed_.load(std::memory_order_relaxed)) body_(i);
    } catch (...) {
      if (!failed_.exchange(true)) first_ = std::current_exception();
    }
    in_body() = before;
    done_.fetch_add(1, std::memory_order_release);
  }

  [[nodiscard]] Index done() const { return done_.load(std::memory_order_acquire); }
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  const std::function<void(Index)>& body_;
  std::atomic<Index> done_ = 0;
  std::atomic<bool> failed_ = false;
  std::exception_ptr first_;
};

STRUM_INLINE void run_in_pool(const Pool& pool, Index count, ParallelRun& run) {
  pool.run(count, [&run](Index i) { run.piece(i); });
  if (run.done() != count)
    fail<ValueError>("set_parallel_for: the function returned after ", run.done(), " of ", count,
                     " pieces");
}

/// False where the cores are taken.
STRUM_INLINE bool run_on_openmp([[maybe_unused]] Index count, [[maybe_unused]] int threads,
                                [[maybe_unused]] ParallelRun& run) {
#if defined(_OPENMP)
  std::atomic<bool>& taken = parallel_state().cores_taken;
  if (taken.exchange(true, std::memory_order_acquire)) return false;
  // All threads even for fewer pieces: GNU's OpenMP allocates a team anew when its size changes.
  // And no schedule(dynamic): LLVM's allocates for one in every region.
  std::atomic<Index> next = 0;
#pragma omp parallel num_threads(threads)
  for (Index i = 0; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) run.piece(i);
  taken.store(false, std::memory_order_release);
  return true;
#else
  return false;
#endif
}

STRUM_INLINE int threads_here() {
  const std::shared_ptr<const Pool> pool = current_pool();
  const int threads = threads_of(pool.get());
  // First of all, because LLVM's OpenMP allocates when a thread asks it for the first time.
  if (threads == 1 || in_parallel()) return 1;
  if (!pool && parallel_state().cores_taken.load(std::memory_order_relaxed)) return 1;
  return threads;
}

STRUM_INLINE std::atomic<Index>& least_work() {
  // Of a piece: 15 to 25 µs of the fastest instruction set measured, for two cores. A region on
  // OpenMP's threads costs 0.5 to 1.5 µs while they wait awake, as they do for some milliseconds
  // after the last one: a dense 256 x 256 product of 64 samples, just above two pieces, then takes
  // 21 µs instead of 33. Threads that sleep take 30 to 40 µs to wake: 88 µs instead of 56, and a
  // gain from 100 µs on. A product that comes once in 10 ms has that time to spare.
  static std::atomic<Index> work = 2'000'000;
  return work;
}

}  // namespace detail

STRUM_INLINE int num_threads() { return detail::threads_of(detail::current_pool().get()); }

STRUM_INLINE void set_num_threads(int count) {
  if (count < 0) detail::fail<ValueError>("set_num_threads: ", count, " threads");
  detail::parallel_state().chosen_threads.store(count, std::memory_order_relaxed);
}

STRUM_INLINE void set_parallel_for(ParallelFor pool, int threads) {
  std::shared_ptr<const detail::Pool> next;  // the one before it is destroyed behind the lock
  if (pool) {
    if (threads < 1) detail::fail<ValueError>("set_parallel_for: a pool of ", threads, " threads");
    next = std::make_shared<const detail::Pool>(detail::Pool{std::move(pool), threads});
  }
  detail::ParallelState& state = detail::parallel_state();
  const std::lock_guard lock(state.mutex);
  state.has_pool.store(next != nullptr, std::memory_order_release);
  state.pool.swap(next);
}

STRUM_INLINE void parallel_for(Index count, const std::function<void(Index)>& body) {
  if (count > 1 && !detail::in_parallel()) {
    const std::shared_ptr<const detail::Pool> pool = detail::current_pool();
    const int threads = detail::threads_of(pool.get());
    if (threads > 1) {
      detail::ParallelRun run(body);
      if (pool)
        detail::run_in_pool(*pool, count, run);
      else if (!detail::run_on_openmp(count, threads, run))
        for (Index i = 0; i < count; ++i) run.piece(i);
      return run.rethrow();
    }
  }
  for (Index i = 0; i < count; ++i) body(i);
}

}  // namespace strum::inline STRUM_ABI
