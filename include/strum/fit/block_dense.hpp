// The nearest matrix that is a dense one behind a block-diagonal one.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/block_dense.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The BlockDense nearest to W (m x n) in the Frobenius norm. Column block κ of U·blkdiag is
/// columns [κ·(r/nb), (κ+1)·(r/nb)) of U times block κ, and no other block has a part in it: the
/// optimum is the truncated singular value decomposition of rank r/nb of every column block of W,
/// √σ on both sides, with nothing to iterate. For blocks = nb = 1 that is fit::low_rank.
///
/// Scalar is float or double. Throws ShapeError unless blocks >= 1 divides n and rank = r >= 1, and
/// ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<BlockDense<Scalar>> block_dense(MatrixView<const Scalar> w,
                                                            Index blocks, Index rank);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto block_dense(const W& w, Index blocks, Index rank) {
  return strum::detail::fit_view(w, [&](auto v) { return block_dense(v, blocks, rank); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/block_dense-inl.hpp"
#endif
