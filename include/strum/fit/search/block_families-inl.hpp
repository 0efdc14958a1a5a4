// Matrices of blocks for the search: block-diagonal, as they lie and with rows and columns
// reordered, and blocks of low rank.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "strum/fit/block_dense.hpp"
#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/block_low_rank.hpp"
#include "strum/fit/calibrated.hpp"
#include "strum/fit/correlations.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/grouped_monarch.hpp"
#include "strum/fit/ragged_block_diagonal.hpp"

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

/// Blocks of any sizes behind permutations, where the matrix has them: the connected components of
/// its entries.
template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_ragged_blocks(
    const fit::SearchTarget<Scalar>& target) {
  constexpr Index kLargest = Index{1} << 20;  // entries; few of them may differ from 0
  const MatrixView<const Scalar> w = target.w;
  if (w.size() == 0 || w.size() > kLargest) return {};
  Index nonzeros = 0;
  for (Index j = 0; j < w.cols(); ++j)
    for (Index i = 0; i < w.rows(); ++i) nonzeros += w(i, j) != Scalar(0) ? 1 : 0;
  if (nonzeros > target.limit) return {};
  const auto fit = fit::ragged_block_diagonal(w, fit::RaggedBlocksOptions{});
  return {{"connected blocks", fit.parameter_count, fit.relative_error,
           [w] { return fit::ragged_block_diagonal(w, fit::RaggedBlocksOptions{}); }}};
}

/// A dense matrix behind blocks: low rank of every column block, each of its own.
template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_block_denses(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  std::vector<fit::Proposal<Scalar>> proposals;
  if (std::max(m, n) > 1024) return {};  // exact decompositions of blocks as high as W
  for (Index blocks = 2; blocks <= 16; blocks *= 2) {
    // Rank r/blocks of each: n·r/blocks + m·r parameters.
    const Index each = std::min(target.limit / (n + m * blocks), std::min(m, n / blocks));
    if (n % blocks != 0 || each < 1) continue;
    proposals.push_back({std::to_string(blocks) + " blocks of rank " + std::to_string(each),
                         each * (n + m * blocks), fit::kUnknownError, [w, blocks, each] {
                           return fit::any(fit::block_dense(w, blocks, blocks * each));
                         }});
  }
  return proposals;
}

/// Low rank of every block of a grid.
template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_block_low_ranks(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  std::vector<fit::Proposal<Scalar>> proposals;
  if (std::max(m, n) > 2048) return {};
  for (Index blocks = 2; blocks <= 16; blocks *= 2) {
    const Index rank = target.limit / (m + n) / blocks * blocks;
    if (m % blocks != 0 || n % blocks != 0 || rank < blocks ||
        rank / blocks > std::min(m, n) / blocks)
      continue;
    proposals.push_back({std::to_string(blocks) + " x " + std::to_string(blocks) +
                             " blocks of rank " + std::to_string(rank / blocks),
                         rank * (m + n), fit::kUnknownError, [w, blocks, rank] {
                           return fit::any(fit::block_low_rank(w, blocks, rank));
                         }});
  }
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
