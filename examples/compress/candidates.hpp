// The structures that fit a budget, fitted.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"
#include "progress.hpp"
#include "strum/core/any_linear_op.hpp"

namespace compress {

/// A structured approximation of a matrix.
template <class S>
struct Candidate {
  std::string shape;  ///< in words, such as "rank 64"
  strum::AnyLinearOp<S> op;
  double relative_error;  ///< ‖W - op‖ / ‖W‖, Frobenius
};

/// The best of every structure in `options` within the budget, all of them for Monarch that are
/// worth showing. Empty if the matrix is so small that nothing fits.
template <class S>
std::vector<Candidate<S>> fit_candidates(const strum::MatrixView<const S>& w,
                                         const Options& options, Progress& progress);

/// For comparing errors: equal for those within about one per cent of each other, and for all that
/// are nothing but rounding of S. Smaller is better.
template <class S>
long error_grade(double relative_error);

}  // namespace compress
