// What a chain of factors costs, and on how many threads it is worth running.
#pragma once

#include <algorithm>

#include "strum/core/parallel.hpp"
#include "strum/core/scalar.hpp"
#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The work of one factor, in single-precision real multiply-adds that run at the peak: 80 of them
/// a nanosecond on the AVX-512 core measured. Reading a weight from cache counts for three.
template <class Scalar, class Weight>
[[nodiscard]] double factor_work(const kernels::PackedFactor<Weight>& factor, Index batch) {
  const kernels::FactorShape& f = factor.shape;
  const auto weights = static_cast<double>(f.a * f.b * f.c * f.d);
  const double multiply_adds = kIsComplex<Scalar> ? 4 : 1;  // real ones of one of Scalar
  return weights * (static_cast<double>(batch) + 3) * multiply_adds *
         static_cast<double>(sizeof(Real<Scalar>)) / 4;
}

template <class Scalar, class Weight>
[[nodiscard]] double chain_work(const kernels::PackedFactor<Weight>* factors, Index count,
                                Index batch) {
  double work = 0;
  for (Index i = 0; i < count; ++i) work += factor_work<Scalar>(factors[i], batch);
  return work;
}

/// Pieces of least_work() or more that some work makes, `most` of them at most.
[[nodiscard]] inline Index pieces_of(double work, Index most) {
  const auto least = static_cast<double>(std::max(Index{1}, least_work().load()));
  if (work >= least * static_cast<double>(most)) return most;
  return std::max(Index{1}, static_cast<Index>(work / least));
}

/// Threads for a chain here and now. Asks how many there are only where the work is enough for two.
template <class Scalar, class Weight>
[[nodiscard]] Index threads_for(const kernels::PackedFactor<Weight>* factors, Index count,
                                Index batch) {
  const double work = chain_work<Scalar>(factors, count, batch);
  return pieces_of(work, 2) == 1 ? 1 : pieces_of(work, threads_here());
}

}  // namespace strum::inline STRUM_ABI::detail
