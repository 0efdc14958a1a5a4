// The nearest block-diagonal matrix: its blocks.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/block_diagonal.hpp"

namespace strum::inline STRUM_ABI::fit {

/// Keeps the `blocks` diagonal blocks of W (m x n), ⌈m/blocks⌉ x ⌈n/blocks⌉ each, the last ones cut
/// where they do not divide. Nothing nearer to W has this support. Scalar is float or double.
/// Throws ValueError if an entry is NaN or infinite, ShapeError unless blocks >= 1.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<BlockDiagonal<Scalar>> block_diagonal(MatrixView<const Scalar> w,
                                                                  Index blocks);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto block_diagonal(const W& w, Index blocks) {
  return strum::detail::fit_view(w, [&](auto v) { return block_diagonal(v, blocks); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/block_diagonal-inl.hpp"
#endif
