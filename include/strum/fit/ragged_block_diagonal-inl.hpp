// The body of fit::ragged_block_diagonal: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "strum/algebra/product.hpp"
#include "strum/fit/co_clustering-inl.hpp"
#include "strum/fit/ragged_block_diagonal.hpp"
#include "strum/ops/permutation.hpp"
#include "strum/ops/ragged_block_diagonal.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Where the rows and columns of a ragged block-diagonal matrix come from, and its blocks.
template <class Scalar>
struct RaggedBlocks {
  std::vector<Index> rows, cols;
  std::vector<Tensor<Scalar>> blocks;

  /// Rows that are left out form a last block without columns, and the other way round.
  RaggedBlocks(const MatrixView<const Scalar>& w, const CoClusters& clusters) {
    for (const Index k : order(clusters)) {
      const std::vector<Index> r = members(clusters.rows, k), c = members(clusters.cols, k);
      if (k < 0) {
        blocks.push_back(Tensor<Scalar>({static_cast<Index>(r.size()), 0}));
        blocks.push_back(Tensor<Scalar>({0, static_cast<Index>(c.size())}));
      } else {
        Tensor<Scalar> block({static_cast<Index>(r.size()), static_cast<Index>(c.size())});
        Index next = 0;
        for (const Index i : r)
          for (const Index j : c) block[next++] = w(i, j);
        blocks.push_back(std::move(block));
      }
      rows.insert(rows.end(), r.begin(), r.end());
      cols.insert(cols.end(), c.begin(), c.end());
    }
  }

  template <class Real>
  [[nodiscard]] AnyLinearOp<Real> make() const {
    std::vector<Tensor<Real>> list;
    for (const Tensor<Scalar>& block : blocks) list.push_back(block.template cast<Real>());
    return Permutation<Real>(rows).inverse() * RaggedBlockDiagonal<Real>(list) *
           Permutation<Real>(cols);
  }

 private:
  /// Labels by their first row, then those that have columns only, then −1 if there is one.
  static std::vector<Index> order(const CoClusters& clusters) {
    std::vector<Index> list;
    bool dropped = false;
    for (const auto* labels : {&clusters.rows, &clusters.cols})
      for (const Index k : *labels) {
        dropped = dropped || k < 0;
        if (k >= 0 && std::find(list.begin(), list.end(), k) == list.end()) list.push_back(k);
      }
    if (dropped) list.push_back(-1);
    return list;
  }
  static std::vector<Index> members(const std::vector<Index>& labels, Index k) {
    std::vector<Index> list;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == k) list.push_back(static_cast<Index>(i));
    return list;
  }
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<AnyLinearOp<Scalar>> ragged_block_diagonal(MatrixView<const Scalar> w,
                                               const RaggedBlocksOptions& options) {
  const char* const where = "fit::ragged_block_diagonal";
  if (w.rows() < 1 || w.cols() < 1)
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols());
  if (options.blocks < 0 || options.max_parameters < 0)
    strum::detail::fail<ValueError>(where, ": ", options.blocks, " blocks, at most ",
                                    options.max_parameters, " parameters");
  const strum::detail::Scaling scaling(w, where);
  const Eigen::MatrixXd energy =
      strum::detail::rearranged(w, scaling, w.rows(), w.cols(), [](Index i, Index j) {
        return std::pair<Index, Index>(i, j);
      }).cwiseAbs2();
  const auto start =
      options.blocks == 0
          ? strum::detail::connected_components(energy)
          : strum::detail::spectral_clusters(energy, std::min(options.blocks, w.rows() + w.cols()));
  const auto clusters = strum::detail::improved(energy, start, options.max_parameters);
  const strum::detail::RaggedBlocks<Scalar> parts(w, clusters);
  return strum::detail::measured(w, scaling, parts.template make<Scalar>(),
                                 parts.template make<double>());
}

}  // namespace strum::inline STRUM_ABI::fit
