// The body of parallel_for: compiled once in the library, inline header-only.
#pragma once

#include <atomic>
#include <exception>

#include "strum/core/parallel.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace strum::inline STRUM_ABI {

STRUM_INLINE void parallel_for(Index count, const std::function<void(Index)>& body) {
#if defined(_OPENMP)
  if (count > 1 && omp_get_max_threads() > 1 && omp_in_parallel() == 0) {
    std::exception_ptr first;
    std::atomic<bool> failed = false;
#pragma omp parallel for schedule(dynamic)
    for (Index i = 0; i < count; ++i) {
      try {
        if (!failed.load(std::memory_order_relaxed)) body(i);
      } catch (...) {
        if (!failed.exchange(true)) first = std::current_exception();
      }
    }
    if (first) std::rethrow_exception(first);
    return;
  }
#endif
  for (Index i = 0; i < count; ++i) body(i);
}

}  // namespace strum::inline STRUM_ABI
