// Blocks along the diagonal of a matrix whose rows and columns are out of order.
#pragma once

#include "strum/core/any_linear_op.hpp"
#include "strum/fit/fit.hpp"

namespace strum::inline STRUM_ABI::fit {

struct RaggedBlocksOptions {
  /// Of rows and columns that belong together. 0: the connected components of the entries that are
  /// not 0, which are the blocks wherever there are exact ones.
  Index blocks = 0;
  /// The most weights that the operator may have; 0: no limit.
  Index max_parameters = 0;
};

/// W as Permutation · RaggedBlockDiagonal · Permutation: every row and every column goes to one of
/// the blocks, which keep W's entries; what joins different blocks is lost.
///
/// Rows and columns are the nodes of a graph whose edges weigh w². A given number of blocks is
/// found by spectral clustering: the leading singular vectors of D_r^{−1/2}·(w²)·D_c^{−1/2} as
/// coordinates (Dhillon 2001), and k-means on them, from centres as far apart as can be, with
/// nothing random. Then rows and columns are put by turns where the squares of their entries are
/// the largest sum, minus a price for every weight: a price that makes the error smaller with no
/// more weights than before or, if max_parameters demands it, the least price that keeps to it; at
/// such prices rows and columns may be left out. A heuristic (the problem is NP-hard) that finds
/// exact blocks, and those under noise well below their entries.
///
/// Scalar is float or double. Blocks come in the order of their first row, or that of their columns
/// where they have none. Throws ShapeError if W is empty, and ValueError unless 0 <= blocks and
/// 0 <= max_parameters or if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> ragged_block_diagonal(
    MatrixView<const Scalar> w, const RaggedBlocksOptions& options);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto ragged_block_diagonal(const W& w, const RaggedBlocksOptions& options = {}) {
  return strum::detail::fit_view(w, [&](auto v) { return ragged_block_diagonal(v, options); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/ragged_block_diagonal-inl.hpp"
#endif
