// The bodies of index_groups.hpp: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "strum/fit/correlations.hpp"
#include "strum/fit/index_groups.hpp"
#include "strum/fit/scaling.hpp"
#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI {
namespace detail {

/// The groups' indices one after the other. Throws ValueError unless each of 0 ... size−1 is there
/// once.
[[nodiscard]] inline std::vector<Index> checked_indices(const fit::IndexGroups& groups, Index size,
                                                        std::string_view where,
                                                        std::string_view what) {
  std::vector<Index> indices;
  for (const auto& group : groups) indices.insert(indices.end(), group.begin(), group.end());
  std::vector<Index> sorted = indices;
  std::sort(sorted.begin(), sorted.end());
  bool once = static_cast<Index>(sorted.size()) == size;
  for (Index i = 0; once && i < size; ++i) once = sorted[static_cast<std::size_t>(i)] == i;
  if (!once)
    fail<ValueError>(where, ": the groups of ", what, " do not deal out each of ", size, " once");
  return indices;
}

/// Deals index f of every run of size/parts to group group_of(f, length of a run).
template <class F>
[[nodiscard]] fit::IndexGroups deal(std::string_view where, Index size, Index groups, Index parts,
                                    const F& group_of) {
  if (size < 0 || groups < 1 || parts < 1 || size % parts != 0)
    fail<ShapeError>(where, ": ", size, " indices in ", groups, " groups and ", parts, " parts");
  fit::IndexGroups result(static_cast<std::size_t>(groups));
  const Index length = size / parts;
  for (Index i = 0; i < size; ++i)
    result[static_cast<std::size_t>(group_of(i % length, length))].push_back(i);
  return result;
}

}  // namespace detail

namespace fit {

STRUM_INLINE IndexGroups contiguous_groups(Index size, Index groups, Index parts) {
  return strum::detail::deal(
      "fit::contiguous_groups", size, groups, parts,
      [groups](Index f, Index length) { return f / strum::detail::ceil_div(length, groups); });
}

STRUM_INLINE IndexGroups strided_groups(Index size, Index groups, Index parts) {
  return strum::detail::deal("fit::strided_groups", size, groups, parts,
                             [groups](Index f, Index) { return f % groups; });
}

template <class Scalar>
IndexGroups correlated_groups(MatrixView<const Scalar> w, Index groups) {
  return strum::detail::Correlations(w, "fit::correlated_groups").groups(groups);
}

template <class Scalar>
IndexGroups matching_groups(MatrixView<const Scalar> w, const IndexGroups& col_groups) {
  const strum::detail::Scaling scaling(w, "fit::matching_groups");
  (void)strum::detail::checked_indices(col_groups, w.cols(), "fit::matching_groups", "columns");
  if (col_groups.empty())
    strum::detail::fail<ValueError>("fit::matching_groups: there are no groups");
  IndexGroups result(col_groups.size());
  for (Index i = 0; i < w.rows(); ++i) {
    std::size_t best = 0;
    double most = -1;
    for (std::size_t g = 0; g < col_groups.size(); ++g) {
      double share = 0;
      for (const Index j : col_groups[g]) {
        const double entry = static_cast<double>(w(i, j)) * scaling.matrix();
        share += entry * entry;
      }
      if (share > most) {
        most = share;
        best = g;
      }
    }
    result[best].push_back(i);
  }
  return result;
}

}  // namespace fit
}  // namespace strum::inline STRUM_ABI
