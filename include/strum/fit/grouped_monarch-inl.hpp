// The bodies of grouped_monarch.hpp: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/algebra/product.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/grouped_monarch.hpp"
#include "strum/fit/index_groups-inl.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/permutation.hpp"
#include "strum/ops/ragged_block_diagonal.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Of group g.
[[nodiscard]] inline Index size_of(const fit::IndexGroups& groups, Index g) {
  return static_cast<Index>(groups[static_cast<std::size_t>(g)].size());
}

[[nodiscard]] inline bool equal_sizes(const fit::IndexGroups& groups) {
  return std::all_of(groups.begin(), groups.end(),
                     [&](const auto& group) { return group.size() == groups[0].size(); });
}

/// The factors of a product, the one applied first in front, without permutations that move
/// nothing.
template <class Scalar>
class FactorList {
 public:
  void add(AnyLinearOp<Scalar> op) { ops_.insert(ops_.begin(), std::move(op)); }
  void add(const Permutation<Scalar>& permutation) {
    if (permutation.block() != permutation.rows()) add(AnyLinearOp<Scalar>(permutation));
  }
  void add_blocks(const std::vector<Tensor<Scalar>>& blocks) {
    const Shape& shape = blocks[0].shape();
    if (std::any_of(blocks.begin(), blocks.end(),
                    [&](const Tensor<Scalar>& block) { return block.shape() != shape; }))
      return add(AnyLinearOp<Scalar>(RaggedBlockDiagonal<Scalar>(blocks)));
    Tensor<Scalar> all({static_cast<Index>(blocks.size()), shape[0], shape[1]});
    Scalar* to = all.data();
    for (const Tensor<Scalar>& block : blocks) to = std::copy_n(block.data(), block.size(), to);
    add(AnyLinearOp<Scalar>(BlockDiagonal<Scalar>(all)));
  }
  [[nodiscard]] AnyLinearOp<Scalar> take() {
    return ops_.size() == 1 ? std::move(ops_[0]) : product(std::move(ops_));
  }

 private:
  std::vector<AnyLinearOp<Scalar>> ops_;
};

/// Fits the sub-matrices of k column groups κ and l row groups λ, each on its own. Hidden value
/// (κ, a, λ) is the a-th of the pair.
template <class Scalar>
class GroupedMonarch {
 public:
  GroupedMonarch(const MatrixView<const Scalar>& w, const fit::IndexGroups& rows,
                 const fit::IndexGroups& cols, Index rank, std::string_view where)
      : w_(w),
        scaling_(w, where),
        rows_(rows),
        cols_(cols),
        row_indices_(checked_indices(rows, w.rows(), where, "rows")),
        col_indices_(checked_indices(cols, w.cols(), where, "columns")),
        k_(static_cast<Index>(cols.size())),
        l_(static_cast<Index>(rows.size())),
        rank_(rank),
        norms_(static_cast<std::size_t>(checked_product(k_, l_, where))) {
    if (rank < 1) fail<ValueError>(where, ": rank ", rank);
    if (k_ == 0 || l_ == 0) fail<ValueError>(where, ": no groups");
    const Index hidden = checked_product(l_, rank, where);
    for (Index kappa = 0; kappa < k_; ++kappa)
      first_.push_back(Tensor<Scalar>({hidden, size_of(cols, kappa)}));
    for (Index lambda = 0; lambda < l_; ++lambda)
      second_.push_back(Tensor<Scalar>({size_of(rows, lambda), k_ * rank}));
  }

  fit::Fit<AnyLinearOp<Scalar>> operator()() {
    parallel_for(k_ * l_, [&](Index i) {
      const OneThread one_thread;
      fit_pair(i / l_, i % l_);
    });
    double error = 0, norm = 0;
    for (const auto& [pair_error, pair_norm] : norms_) {
      error += pair_error;
      norm += pair_norm;
    }
    AnyLinearOp<Scalar> op = assembled();
    const Index parameters = op.parameter_count();
    return {std::move(op), relative_error(error, norm), parameters};
  }

 private:
  void fit_pair(Index kappa, Index lambda) {
    const Eigen::MatrixXd sub = sub_matrix(w_, scaling_, rows_[static_cast<std::size_t>(lambda)],
                                           cols_[static_cast<std::size_t>(kappa)]);
    const auto triples = leading_triples_of(sub, rank_);
    Tensor<Scalar>& w1 = first_[static_cast<std::size_t>(kappa)];
    Tensor<Scalar>& w2 = second_[static_cast<std::size_t>(lambda)];
    Eigen::MatrixXd rest = sub;
    for (Index a = 0; a < triples.count; ++a) {
      Eigen::VectorXd u(sub.rows()), v(sub.cols());  // as stored
      for (Index i = 0; i < v.size(); ++i)
        v(i) = store(triples.right, a * v.size() + i, w1[(a * l_ + lambda) * v.size() + i]);
      for (Index i = 0; i < u.size(); ++i)
        u(i) = store(triples.left, a * u.size() + i, w2[i * k_ * rank_ + kappa * rank_ + a]);
      rest.noalias() -= u * v.transpose();
    }
    norms_[static_cast<std::size_t>(kappa * l_ + lambda)] = {rest.squaredNorm(), sub.squaredNorm()};
  }

  double store(const std::vector<double>& factor, Index i, Scalar& to) const {
    to = stored_entry<Scalar>(factor, i, scaling_);
    return static_cast<double>(to) * scaling_.inverse_factor();
  }

  [[nodiscard]] AnyLinearOp<Scalar> assembled() const {
    FactorList<Scalar> list;
    list.add(Permutation<Scalar>(col_indices_));
    list.add_blocks(first_);
    std::vector<Index> at(static_cast<std::size_t>(w_.rows()));  // of row i in what comes out
    if (equal_sizes(rows_)) {  // y'[σ·l + λ]: no reordering of the hidden values
      const Index s = size_of(rows_, 0);
      Tensor<Scalar> factor({1, s, k_ * rank_, l_});
      for (Index lambda = 0; lambda < l_; ++lambda)
        for (Index i = 0; i < s * k_ * rank_; ++i)
          factor[i * l_ + lambda] = second_[static_cast<std::size_t>(lambda)][i];
      list.add(AnyLinearOp<Scalar>(KroneckerSparse<Scalar>(factor)));
      for (Index i = 0; i < w_.rows(); ++i)
        at[static_cast<std::size_t>(row_indices_[static_cast<std::size_t>(i)])] =
            i % s * l_ + i / s;
    } else {
      list.add(Permutation<Scalar>::stride(k_ * rank_, l_));
      list.add_blocks(second_);
      for (Index i = 0; i < w_.rows(); ++i)
        at[static_cast<std::size_t>(row_indices_[static_cast<std::size_t>(i)])] = i;
    }
    list.add(Permutation<Scalar>(at));
    return list.take();
  }

  MatrixView<const Scalar> w_;
  Scaling scaling_;
  const fit::IndexGroups& rows_;
  const fit::IndexGroups& cols_;
  std::vector<Index> row_indices_, col_indices_;
  Index k_, l_, rank_;
  std::vector<Tensor<Scalar>> first_, second_;
  std::vector<std::pair<double, double>> norms_;  // of every pair: error and sub-matrix, squared
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<AnyLinearOp<Scalar>> grouped_monarch(MatrixView<const Scalar> w, const IndexGroups& row_groups,
                                         const IndexGroups& col_groups, Index rank) {
  return strum::detail::GroupedMonarch<Scalar>(w, row_groups, col_groups, rank,
                                               "fit::grouped_monarch")();
}

template <class Scalar>
Fit<AnyLinearOp<Scalar>> grouped_block_diagonal(MatrixView<const Scalar> w,
                                                const IndexGroups& row_groups,
                                                const IndexGroups& col_groups) {
  const char* const where = "fit::grouped_block_diagonal";
  if (row_groups.size() != col_groups.size())
    strum::detail::fail<ShapeError>(where, ": ", row_groups.size(), " groups of rows, ",
                                    col_groups.size(), " of columns");
  const strum::detail::Scaling scaling(w, where);
  const std::vector<Index> rows =
      strum::detail::checked_indices(row_groups, w.rows(), where, "rows");
  const std::vector<Index> cols =
      strum::detail::checked_indices(col_groups, w.cols(), where, "columns");
  if (row_groups.empty()) strum::detail::fail<ValueError>(where, ": no groups");
  std::vector<std::size_t> group_of_row(rows.size());
  for (std::size_t g = 0; g < row_groups.size(); ++g)
    for (const Index i : row_groups[g]) group_of_row[static_cast<std::size_t>(i)] = g;
  double error = 0, norm = 0;
  for (std::size_t g = 0; g < col_groups.size(); ++g)
    for (const Index j : col_groups[g])
      for (Index i = 0; i < w.rows(); ++i) {
        const double entry = static_cast<double>(w(i, j)) * scaling.matrix();
        norm += entry * entry;
        if (group_of_row[static_cast<std::size_t>(i)] != g) error += entry * entry;
      }
  std::vector<Tensor<Scalar>> blocks;
  for (std::size_t g = 0; g < row_groups.size(); ++g) {
    const auto &rows_g = row_groups[g], &cols_g = col_groups[g];
    Tensor<Scalar> block({static_cast<Index>(rows_g.size()), static_cast<Index>(cols_g.size())});
    Scalar* to = block.data();
    for (const Index i : rows_g)
      for (const Index j : cols_g) *to++ = w(i, j);
    blocks.push_back(std::move(block));
  }
  strum::detail::FactorList<Scalar> list;
  list.add(Permutation<Scalar>(cols));
  list.add_blocks(blocks);
  list.add(Permutation<Scalar>(rows).inverse());
  AnyLinearOp<Scalar> op = list.take();
  const Index parameters = op.parameter_count();
  return {std::move(op), strum::detail::relative_error(error, norm), parameters};
}

}  // namespace strum::inline STRUM_ABI::fit
