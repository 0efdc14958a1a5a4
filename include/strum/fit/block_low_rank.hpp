// The nearest matrix whose blocks have low rank.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/block_low_rank.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The BlockLowRank nearest to W (m x n) in the Frobenius norm: every block of a blocks x blocks
/// grid is the truncated singular value decomposition of W's, of rank ρ = rank/blocks (the
/// parameters of GraLoRA, Jung et al. 2025). alpha = rank, so that the scale alpha/r is 1.
///
/// Scalar is float or double. Throws ShapeError unless blocks >= 1 divides m, n and rank >= 1, and
/// ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<BlockLowRank<Scalar>> block_low_rank(MatrixView<const Scalar> w,
                                                                 Index blocks, Index rank);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto block_low_rank(const W& w, Index blocks, Index rank) {
  return strum::detail::fit_view(w, [&](auto v) { return block_low_rank(v, blocks, rank); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/block_low_rank-inl.hpp"
#endif
