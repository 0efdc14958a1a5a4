// Block-diagonal matrices, as they lie and with rows and columns reordered, for the search.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/calibrated.hpp"
#include "strum/fit/correlations.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/grouped_monarch.hpp"

namespace strum::inline STRUM_ABI::detail {

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_block_diagonals(
    const fit::SearchTarget<Scalar>& target) {
  // The correlations take the square of the columns times the rows.
  constexpr Index kReordered = 1024;
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  const Scaling scaling(w, "fit::search");
  std::optional<Correlations> correlations;
  if (std::max(m, n) <= kReordered) correlations.emplace(w, "fit::search");
  std::vector<fit::Proposal<Scalar>> proposals;
  for (Index blocks = 2; blocks <= std::min(m, n) / 2; blocks *= 2) {
    const BlockDiagonalShape shape = BlockDiagonalShape::layer(m, n, blocks);
    if (shape.parameter_count() > target.limit) continue;
    double all = 0, outside = 0;
    for (Index j = 0; j < n; ++j)
      for (Index i = 0; i < m; ++i) {
        const double squared = std::pow(static_cast<double>(w(i, j)) * scaling.matrix(), 2);
        all += squared;
        if (i / shape.block_rows != j / shape.block_cols) outside += squared;
      }
    proposals.push_back({std::to_string(blocks) + " blocks", shape.parameter_count(),
                         relative_error(outside, all), [w, blocks, x = target.calibration] {
                           return x == nullptr ? fit::any(fit::block_diagonal(w, blocks))
                                               : fit::any(fit::block_diagonal(w, blocks, *x));
                         }});
    if (!correlations) continue;
    const fit::IndexGroups cols = correlations->groups(blocks);
    const fit::IndexGroups rows = fit::matching_groups(w, cols);
    const auto fit = fit::grouped_block_diagonal(w, rows, cols);
    proposals.push_back({std::to_string(blocks) + " blocks, reordered", fit.parameter_count,
                         fit.relative_error,
                         [w, rows, cols] { return fit::grouped_block_diagonal(w, rows, cols); }});
  }
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
