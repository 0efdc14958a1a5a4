// FFTW as its manual says it is used for speed: plans measured once (FFTW_MEASURE), many signals in
// one plan, arrays that it allocated.
#pragma once

#include "strum/core/config.hpp"

namespace bench::fftw {

using strum::Index;

/// Whether the program was built with it. If not, the rest is not there.
[[nodiscard]] bool found();
[[nodiscard]] const char* version();

/// How `batch` signals of n elements lie: one after the other, or side by side.
enum class Layout { columns, rows };

/// Transforms of single-precision signals, out of place; what goes in and out is its own.
class Transforms {
 public:
  Transforms(Index n, Index batch, Layout layout, bool real);
  ~Transforms();
  Transforms(const Transforms&) = delete;
  Transforms& operator=(const Transforms&) = delete;
  void run() const;

 private:
  struct State;
  State* state_;
};

/// Convolutions of real signals, cyclic of length n: padded copy, forward transform, product with
/// the filter's spectrum, inverse, copy of what is wanted. Filters are transformed once.
class Convolutions {
 public:
  /// `filters` filters of `taps` elements.
  Convolutions(Index n, Index filters, Index taps, const float* k);
  ~Convolutions();
  Convolutions(const Convolutions&) = delete;
  Convolutions& operator=(const Convolutions&) = delete;
  /// y[0 … length − 1] of one signal of that length.
  void run(Index filter, Index length, const float* x, float* y) const;

 private:
  struct State;
  State* state_;
};

}  // namespace bench::fftw
