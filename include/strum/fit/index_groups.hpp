// Which rows or columns of a matrix belong together.
#pragma once

#include <vector>

#include "strum/fit/fit.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The indices 0 ... n−1 dealt to groups, each index to one. A group may be empty.
using IndexGroups = std::vector<std::vector<Index>>;

/// Neighbours: the indices come in `parts` runs of size/parts, as a real DFT's rows come in cosines
/// and sines, and of each run group g takes the g-th piece of ⌈size/parts/groups⌉. Throws
/// ShapeError unless groups >= 1, parts >= 1 and parts divides size.
[[nodiscard]] STRUM_API IndexGroups contiguous_groups(Index size, Index groups, Index parts = 1);

/// Residues: of each run group g takes the indices f with f ≡ g (mod groups), counted from the
/// run's begin. Throws likewise.
[[nodiscard]] STRUM_API IndexGroups strided_groups(Index size, Index groups, Index parts = 1);

/// The columns of W in groups of equal size (⌈cols/groups⌉, the last ones smaller) that are
/// correlated: begins a group with the column of the largest norm that is left and adds, one by
/// one, the column whose entries' magnitudes have the greatest sum of cosines with those of the
/// group's. Finds the blocks of a block-diagonal matrix whose rows and columns were permuted if the
/// groups have as many columns as its blocks; a heuristic for all others. Of rows: of
/// w.transposed(). Throws ShapeError unless groups >= 1, ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API IndexGroups correlated_groups(MatrixView<const Scalar> w, Index groups);

/// The rows of W in as many groups as the columns: each to the one in whose columns it is largest.
/// Throws ValueError unless the groups deal out every column once, or if an entry is NaN or
/// infinite.
template <class Scalar>
[[nodiscard]] STRUM_API IndexGroups matching_groups(MatrixView<const Scalar> w,
                                                    const IndexGroups& col_groups);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] IndexGroups matching_groups(const W& w, const IndexGroups& col_groups) {
  return strum::detail::fit_view(w, [&](auto v) { return matching_groups(v, col_groups); });
}
template <strum::detail::FitInput W>
[[nodiscard]] IndexGroups correlated_groups(const W& w, Index groups) {
  return strum::detail::fit_view(w, [&](auto v) { return correlated_groups(v, groups); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/index_groups-inl.hpp"
#endif
