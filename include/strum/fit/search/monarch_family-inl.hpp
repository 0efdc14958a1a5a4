// Monarchs of every order of rows and columns, for the search.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "strum/fit/calibrated.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/grouped_monarch.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/fit/search/sampled_error-inl.hpp"
#include "strum/fit/two_core_block_tensor_train.hpp"

namespace strum::inline STRUM_ABI::detail {

/// How rows or columns are dealt to groups.
struct GroupOrder {
  bool strided;
  Index parts;

  [[nodiscard]] fit::IndexGroups groups(Index size, Index count) const {
    return strided ? fit::strided_groups(size, count, parts)
                   : fit::contiguous_groups(size, count, parts);
  }
  /// "16 strided groups of rows in 2 parts".
  [[nodiscard]] std::string text(Index count, const char* what) const {
    std::string words = std::to_string(count) + (strided ? " strided" : "") + " groups of " + what;
    if (parts > 1) words += " in " + std::to_string(parts) + " parts";
    return words;
  }
};

/// The orders that differ in their groups. Matrices whose halves belong together (a real DFT's
/// cosines and sines) come in two parts.
[[nodiscard]] inline std::vector<std::pair<GroupOrder, fit::IndexGroups>> group_orders(
    Index size, Index count) {
  std::vector<std::pair<GroupOrder, fit::IndexGroups>> list;
  for (const Index parts : {1, 2})
    for (const bool strided : {true, false}) {
      if (size % parts != 0 || size / parts < count) continue;
      const GroupOrder order = {strided, parts};
      fit::IndexGroups groups = order.groups(size, count);
      if (std::none_of(list.begin(), list.end(),
                       [&](const auto& other) { return other.second == groups; }))
        list.emplace_back(order, std::move(groups));
    }
  return list;
}

/// Numbers k of column groups and l of row groups worth trying for an m x n matrix: powers of two
/// and small divisors of the sizes, such that both factors have about as many parameters and the
/// sub-matrices are small enough for a decomposition to take about a millisecond.
[[nodiscard]] inline std::vector<std::pair<Index, Index>> group_counts(Index m, Index n,
                                                                       Index limit) {
  constexpr double kUnbalanced = 2.5;
  constexpr Index kLargestSide = 128, kLargestDivisor = 64;
  const auto counts = [](Index size) {
    std::vector<Index> list;
    for (Index c = 2; c <= size / 2; ++c)
      if ((c & (c - 1)) == 0 || (size % c == 0 && c <= kLargestDivisor)) list.push_back(c);
    return list;
  };
  std::vector<std::pair<Index, Index>> pairs;
  for (const Index k : counts(n))
    for (const Index l : counts(m)) {
      const double first = static_cast<double>(n * l), second = static_cast<double>(m * k);
      if (first + second <= static_cast<double>(limit) && first <= kUnbalanced * second &&
          second <= kUnbalanced * first && std::min(n / k, m / l) <= kLargestSide)
        pairs.emplace_back(k, l);
    }
  return pairs;
}

template <class Scalar>
[[nodiscard]] fit::Fit<AnyLinearOp<Scalar>> fit_in_order(const MatrixView<const Scalar>& w,
                                                         const fit::Calibration* calibration,
                                                         const GroupOrder& rows,
                                                         const GroupOrder& cols, Index k, Index l,
                                                         Index rank) {
  // Most of what the inputs bring is in the start and the first steps.
  const fit::AlternatingOptions steps = {.max_steps = 10};
  const Index m = w.rows(), n = w.cols();
  if (rows.strided && rows.parts == 1 && cols.parts == 1) {
    const auto shape = MonarchShape::of_rank(
        m, n, k, l, rank, cols.strided ? MonarchInput::strided : MonarchInput::in_order);
    return calibration != nullptr ? fit::any(fit::monarch(w, shape, *calibration, steps))
                                  : fit::any(fit::monarch(w, shape));
  }
  if (!rows.strided && !cols.strided && rows.parts == 1 && cols.parts == 1 && m % l == 0 &&
      n % k == 0) {
    const TwoCoreShape shape = {k, n / k, l, m / l, rank};
    return calibration != nullptr
               ? fit::any(fit::two_core_block_tensor_train(w, shape, *calibration, steps))
               : fit::any(fit::two_core_block_tensor_train(w, shape));
  }
  return fit::grouped_monarch(w, rows.groups(m, l), cols.groups(n, k), rank);
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_monarchs(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols();
  const Scaling scaling(w, "fit::search");
  struct Trial {
    Index k, l;
    GroupOrder rows, cols;
    fit::IndexGroups row_groups, col_groups;
    Index most_rank;
    std::vector<double> errors;
  };
  std::vector<Trial> trials;
  for (const auto& [k, l] : group_counts(m, n, target.limit))
    for (const auto& [rows, row_groups] : group_orders(m, l))
      for (const auto& [cols, col_groups] : group_orders(n, k)) {
        const Index full = std::min(ceil_div(m, l), ceil_div(n, k));
        trials.push_back({k,
                          l,
                          rows,
                          cols,
                          row_groups,
                          col_groups,
                          std::min(target.limit / (n * l + m * k), full),
                          {}});
      }
  parallel_for(static_cast<Index>(trials.size()), [&](Index i) {
    const OneThread one_thread;
    Trial& t = trials[static_cast<std::size_t>(i)];
    t.errors = sampled_errors(w, scaling, t.row_groups, t.col_groups, t.most_rank, target.seed);
  });
  std::vector<fit::Proposal<Scalar>> proposals;
  for (const Trial& t : trials)
    for (const Index rank : ranks_to_try(t.errors, t.most_rank, target.error))
      proposals.push_back({t.rows.text(t.l, "rows") + ", " + t.cols.text(t.k, "columns") +
                               ", rank " + std::to_string(rank),
                           rank * (n * t.l + m * t.k), t.errors[static_cast<std::size_t>(rank)],
                           [w, x = target.calibration, rows = t.rows, cols = t.cols, k = t.k,
                            l = t.l, rank] { return fit_in_order(w, x, rows, cols, k, l, rank); }});
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
