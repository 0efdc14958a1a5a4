// Keeps Eigen's products on the calling thread.
#pragma once

#include "strum/core/config.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace strum::inline STRUM_ABI::detail {

/// While it lives, the calling thread opens no parallel region of more than one thread. Eigen cuts
/// a product by the number of threads, and with the cuts the order of its sums: without this a fit
/// would have other bits on another machine.
class OneThread {
 public:
#if defined(_OPENMP)
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
#else
  OneThread() = default;
  ~OneThread() {}
#endif
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
#if defined(_OPENMP)
  int before_;
#endif
};

}  // namespace strum::inline STRUM_ABI::detail
