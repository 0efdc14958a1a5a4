// Monarch matrices whose rows and columns are grouped in any way.
#pragma once

#include "strum/core/any_linear_op.hpp"
#include "strum/fit/fit.hpp"
#include "strum/fit/index_groups.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The nearest matrix to W whose sub-matrix at the rows of every row group and the columns of every
/// column group has rank at most `rank`: the truncated singular value decomposition of each. A
/// Monarch between two permutations; with strided row groups and contiguous or strided column
/// groups of equal sizes it is fit::monarch's. k column and l row groups: rank·(n·l + m·k)
/// parameters, whatever the groups' sizes.
///
/// The operator is a product of Permutation (where a group does not lie in place), BlockDiagonal
/// or RaggedBlockDiagonal, and KroneckerSparse where all row groups have the same size.
///
/// Scalar is float or double. Throws ValueError unless the groups deal out every row and every
/// column once, for a rank below 1, and if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> grouped_monarch(MatrixView<const Scalar> w,
                                                                 const IndexGroups& row_groups,
                                                                 const IndexGroups& col_groups,
                                                                 Index rank);

/// The blocks of W at the g-th row group and the g-th column group; all else is dropped: a
/// block-diagonal matrix between two permutations, Permutation · BlockDiagonal (or
/// RaggedBlockDiagonal) · Permutation. Throws likewise, and ShapeError unless there are as many row
/// groups as column groups.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> grouped_block_diagonal(
    MatrixView<const Scalar> w, const IndexGroups& row_groups, const IndexGroups& col_groups);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto grouped_monarch(const W& w, const IndexGroups& row_groups,
                                   const IndexGroups& col_groups, Index rank) {
  return strum::detail::fit_view(
      w, [&](auto v) { return grouped_monarch(v, row_groups, col_groups, rank); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto grouped_block_diagonal(const W& w, const IndexGroups& row_groups,
                                          const IndexGroups& col_groups) {
  return strum::detail::fit_view(
      w, [&](auto v) { return grouped_block_diagonal(v, row_groups, col_groups); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/grouped_monarch-inl.hpp"
#endif
