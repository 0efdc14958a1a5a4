// Sums of a low-rank matrix and a structured one.
#pragma once

#include "strum/algebra/sum.hpp"
#include "strum/fit/alternating.hpp"
#include "strum/fit/fit.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/sparse.hpp"

namespace strum::inline STRUM_ABI::fit {

// All four alternate: the low-rank matrix is improved given the other, the other is the nearest one
// given the low-rank matrix. Such steps take a fraction off the distance to where they lead, often
// a small one; the next is therefore begun where Anderson's extrapolation of the last six says
// (Walker and Ni 2011), and begun again from where it was if that made the error larger: planted
// sums that took 60 to 450 plain steps to 1e-15 take 20 to 90. Neither the rank's nor the other's
// best matrix being a convex choice, the result is a minimum nearby, not always the least one. At
// last the low-rank matrix is the truncated singular value decomposition of what the other leaves.
//
// Scalar is float or double. They throw ValueError if an entry is NaN or infinite, for a rank
// outside [0, min(m, n)] and unless options.max_steps >= 1.

/// L + S near W, L of rank `rank` and S with `nonzeros` entries at the best places: (LowRank +
/// Sparse). Given L, S is the entries of W − L of the largest magnitudes. The start is made by 30
/// steps in which S has more entries, shrunk towards 0 by the largest magnitude left out, which
/// makes L a robust fit of W (Huber's). Of planted sums, n = 48 and 128, ranks 3 and 8, where S's
/// entries are as large as L's, that finds all if S is a tenth of W and nine in ten if it is a
/// fifth, where the largest entries of W to begin with led to 7 in ten and 2 in ten; entries a
/// third as large it finds all of if S is a twentieth, 8 in ten if it is a tenth, 4 in ten if a
/// fifth. Throws ValueError for `nonzeros` outside [0, m·n] too.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> low_rank_plus_sparse(
    MatrixView<const Scalar> w, Index rank, Index nonzeros, const AlternatingOptions& options = {});

/// L + B near W, B block-diagonal with `blocks` blocks as in fit::block_diagonal: (LowRank +
/// BlockDiagonal). Throws ShapeError unless blocks >= 1.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> low_rank_plus_block_diagonal(
    MatrixView<const Scalar> w, Index rank, Index blocks, const AlternatingOptions& options = {});

/// D + L near W, n x n, D diagonal: (Diagonal + LowRank), which factorize() solves with. Throws
/// ShapeError unless W is square.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> diagonal_plus_low_rank(
    MatrixView<const Scalar> w, Index rank, const AlternatingOptions& options = {});

/// M + L near W, M a Monarch matrix of this shape as in fit::monarch: (Monarch + LowRank). Throws
/// ShapeError if W does not have the shape's size or the shape does not fit together.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> monarch_plus_low_rank(
    MatrixView<const Scalar> w, const MonarchShape& shape, Index rank,
    const AlternatingOptions& options = {});

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto low_rank_plus_sparse(const W& w, Index rank, Index nonzeros,
                                        const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(
      w, [&](auto v) { return low_rank_plus_sparse(v, rank, nonzeros, options); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto low_rank_plus_block_diagonal(const W& w, Index rank, Index blocks,
                                                const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(
      w, [&](auto v) { return low_rank_plus_block_diagonal(v, rank, blocks, options); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto diagonal_plus_low_rank(const W& w, Index rank,
                                          const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(w,
                                 [&](auto v) { return diagonal_plus_low_rank(v, rank, options); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto monarch_plus_low_rank(const W& w, const MonarchShape& shape, Index rank,
                                         const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(
      w, [&](auto v) { return monarch_plus_low_rank(v, shape, rank, options); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/sums-inl.hpp"
#endif
