// Sums of two structures, and BLAST, for the search: fits that alternate. They take many passes
// over W, so only matrices that are not large are tried, and only the error of the fit is known.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "strum/fit/blast.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/sums.hpp"

namespace strum::inline STRUM_ABI::detail {

inline constexpr Index kLargestAlternating = Index{1} << 18;  // entries of W: 512 x 512

/// A search compares; who wants the last digit fits again with more steps.
[[nodiscard]] inline fit::AlternatingOptions few_steps(std::uint64_t seed) {
  return {.max_steps = 40, .tolerance = 1e-3, .seed = seed};
}

/// Half of the limit for the low rank, half for what is added.
template <class Scalar>
[[nodiscard]] Index half_rank(const fit::SearchTarget<Scalar>& target) {
  const Index m = target.w.rows(), n = target.w.cols();
  if (m == 0 || n == 0 || target.w.size() > kLargestAlternating) return 0;
  return std::min({target.limit / 2 / (m + n), m, n});
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_sparse_sums(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index rank = half_rank(target);
  if (rank == 0) return {};
  const Index entries = target.limit - rank * (w.rows() + w.cols());
  return {{"rank " + std::to_string(rank) + " and " + std::to_string(entries) + " entries",
           target.limit, fit::kUnknownError, [w, rank, entries, seed = target.seed] {
             return fit::low_rank_plus_sparse(w, rank, entries, few_steps(seed));
           }}};
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_diagonal_sums(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  if (m != n || half_rank(target) == 0) return {};
  std::vector<fit::Proposal<Scalar>> proposals;
  for (Index rank = 1; n + rank * 2 * n <= target.limit; rank *= 8)
    proposals.push_back({"diagonal and rank " + std::to_string(rank), n + rank * 2 * n,
                         fit::kUnknownError, [w, rank, seed = target.seed] {
                           return fit::diagonal_plus_low_rank(w, rank, few_steps(seed));
                         }});
  return proposals;
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_block_sums(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols(), rank = half_rank(target);
  if (rank == 0) return {};
  const Index left = target.limit - rank * (m + n);
  Index blocks = 2;
  while (blocks < std::min(m, n) &&
         BlockDiagonalShape::layer(m, n, blocks).parameter_count() > left)
    blocks *= 2;
  const Index count = rank * (m + n) + BlockDiagonalShape::layer(m, n, blocks).parameter_count();
  return {{"rank " + std::to_string(rank) + " and " + std::to_string(blocks) + " blocks", count,
           fit::kUnknownError, [w, rank, blocks, seed = target.seed] {
             return fit::low_rank_plus_block_diagonal(w, rank, blocks, few_steps(seed));
           }}};
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_monarch_sums(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols(), most = half_rank(target);
  Index k = 2;
  while (k * k < n) k *= 2;  // about √n blocks
  const Index monarch = k * (m + n);
  if (most == 0 || k > m || monarch >= target.limit) return {};
  const Index rank = std::min((target.limit - monarch) / (m + n), std::min(m, n));
  if (rank == 0) return {};
  const MonarchShape shape = MonarchShape::of_rank(m, n, k, k, 1);
  return {{std::to_string(k) + " blocks and rank " + std::to_string(rank),
           shape.parameter_count() + rank * (m + n), fit::kUnknownError,
           [w, shape, rank, seed = target.seed] {
             return fit::monarch_plus_low_rank(w, shape, rank, few_steps(seed));
           }}};
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_blasts(
    const fit::SearchTarget<Scalar>& target) {
  constexpr Index kBlocks = 4;  // a side: the shared factors' weight is in few blocks
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  if (half_rank(target) == 0 || m % kBlocks != 0 || n % kBlocks != 0) return {};
  const Index per_rank = m + n + kBlocks * kBlocks;
  const Index rank = std::min({target.limit / per_rank, m, n});
  if (rank == 0) return {};
  return {{"4 x 4 blocks of rank " + std::to_string(rank), rank * per_rank, fit::kUnknownError,
           [w, rank, seed = target.seed] {
             return fit::any(fit::blast(w, {kBlocks, kBlocks, rank}, few_steps(seed)));
           }}};
}

}  // namespace strum::inline STRUM_ABI::detail
