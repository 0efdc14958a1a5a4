// The search for the structure of a matrix, over all families.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "strum/fit/family.hpp"

namespace strum::inline STRUM_ABI::fit {

struct SearchProgress {
  std::string doing;  ///< such as "fitting Monarch, 32 x 32 groups of rank 2"
  Index done = 0, of = 0;
};

template <class Scalar>
struct SearchOptions {
  /// Parameters, at most, as a fraction of the dense matrix's.
  double budget = 0.25;
  /// If positive: families look for the fewest parameters that reach this relative error.
  double error = 0;
  /// Samples per product at which what was found is timed; none: nothing is.
  std::vector<Index> batches = {1, 16, 128};
  /// Proposals that are fitted, at most, beside the best of each family.
  Index most_fits = 16;
  std::uint64_t seed = 0;
  /// Inputs of W: fits that can use them do, and the error that counts is the one on them. Null:
  /// all inputs are alike.
  const Calibration* calibration = nullptr;
  std::vector<Family<Scalar>> families = fit::families<Scalar>();
  std::function<void(const SearchProgress&)> on_progress = {};
  /// Asked between two fits; the search ends with what it has if it returns true.
  std::function<bool()> cancelled = {};
};

template <class Scalar>
struct SearchCandidate {
  std::string structure;  ///< the family's name
  std::string shape;
  AnyLinearOp<Scalar> op;  ///< 0 x 0 for one that another candidate beats in everything
  double relative_error = 0;
  double calibrated_error = 0;  ///< ‖(W − op)·X‖ / ‖W·X‖; that of W itself without a calibration
  Index parameter_count = 0;
  /// Per sample, one thread, for every batch size.
  std::vector<double> microseconds = {};
  bool on_front = false;  ///< no other is better in something and worse in nothing
};

template <class Scalar>
struct SearchResult {
  /// All that were fitted, by parameters, then calibrated error.
  std::vector<SearchCandidate<Scalar>> candidates;
  std::vector<double> dense_microseconds;  ///< of strum::Dense, per sample
  Index proposed = 0;                      ///< of which those that were fitted are few
  bool complete = true;                    ///< it was not cancelled

  /// The candidates of the Pareto front of parameters, calibrated error (to one per cent) and time
  /// (geometric mean over the batch sizes, to five per cent), fewest parameters first.
  [[nodiscard]] std::vector<const SearchCandidate<Scalar>*> front() const {
    std::vector<const SearchCandidate<Scalar>*> list;
    for (const auto& candidate : candidates)
      if (candidate.on_front) list.push_back(&candidate);
    return list;
  }
  /// The one with the fewest parameters whose calibrated error is at most this, or null.
  [[nodiscard]] const SearchCandidate<Scalar>* smallest(double error) const {
    for (const auto& candidate : candidates)
      if (candidate.on_front && candidate.calibrated_error <= error) return &candidate;
    return nullptr;
  }
};

/// Which structures W has, or nearly has: every family proposes shapes within the budget with cheap
/// estimates of their errors, those that promise something are fitted, the results timed.
/// Candidates, operators and errors are the same for the same seed whatever the number of threads;
/// times are measurements, and with them which candidates are on the front.
///
/// Scalar is float or double. Beside a W of 4096 x 4096 it needs 325 MB (its sums are in double).
/// Throws ValueError if an entry is NaN or infinite, for a budget that is not in (0, 1], a negative
/// error, and a batch size below 1; ShapeError for a calibration of other features than W has
/// columns.
template <class Scalar>
[[nodiscard]] STRUM_API SearchResult<Scalar> search(MatrixView<const Scalar> w,
                                                    const SearchOptions<Scalar>& options = {});

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W, class Scalar = std::remove_const_t<typename W::Scalar>>
[[nodiscard]] SearchResult<Scalar> search(const W& w, const SearchOptions<Scalar>& options = {}) {
  return strum::detail::fit_view(w, [&](auto v) { return search(v, options); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/search-inl.hpp"
#endif
