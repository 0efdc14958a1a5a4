// Entries of Kronecker-sparse factors by row and column, and what follows from them for a product
// of two.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "strum/algebra/operator_blocks.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A factor with the place of every row and column in its blocks.
template <class Scalar>
class FactorEntries {
 public:
  /// Block α·d + δ, and the index β or γ within it. −1 where no block reaches.
  struct Place {
    Index block = -1, index = 0;
  };

  explicit FactorEntries(LooseFactor<Scalar> factor)
      : factor_(std::move(factor)),
        rows_(static_cast<std::size_t>(shape().rows)),
        cols_(static_cast<std::size_t>(shape().cols)) {
    const FactorShape& f = shape();
    for (Index alpha = 0; alpha < f.a; ++alpha)
      for (Index delta = 0; delta < f.d; ++delta) {
        const Index block = alpha * f.d + delta;
        for (Index beta = 0; beta < kernels::row_count(f, alpha, delta); ++beta)
          rows_[static_cast<std::size_t>(alpha * f.y_alpha + beta * f.y_beta + delta)] = {block,
                                                                                          beta};
        for (Index gamma = 0; gamma < kernels::inner_size(f, alpha, delta); ++gamma)
          cols_[static_cast<std::size_t>(alpha * f.x_alpha + gamma * f.x_gamma + delta)] = {block,
                                                                                            gamma};
      }
  }

  [[nodiscard]] const FactorShape& shape() const { return factor_.shape; }
  [[nodiscard]] Place row(Index i) const { return rows_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Place col(Index j) const { return cols_[static_cast<std::size_t>(j)]; }
  [[nodiscard]] Index col_of(Index block, Index gamma) const {
    const FactorShape& f = shape();
    return block / f.d * f.x_alpha + gamma * f.x_gamma + block % f.d;
  }
  /// How many inputs and outputs of a block exist.
  [[nodiscard]] Index inner_size(Index block) const {
    return kernels::inner_size(shape(), block / shape().d, block % shape().d);
  }
  [[nodiscard]] Index row_count(Index block) const {
    return kernels::row_count(shape(), block / shape().d, block % shape().d);
  }

  /// Of a block.
  [[nodiscard]] BlockScalar<Scalar> entry(Index block, Index beta, Index gamma) const {
    const FactorShape& f = shape();
    return static_cast<BlockScalar<Scalar>>(factor_.weights[static_cast<std::size_t>(
        ((block / f.d * f.b + beta) * f.c + gamma) * f.d + block % f.d)]);
  }
  /// Of the matrix.
  [[nodiscard]] BlockScalar<Scalar> operator()(Index i, Index j) const {
    const Place r = row(i), c = col(j);
    if (r.block < 0 || r.block != c.block) return BlockScalar<Scalar>(0);
    return entry(r.block, r.index, c.index);
  }

 private:
  LooseFactor<Scalar> factor_;
  std::vector<Place> rows_, cols_;
};

/// (F·G)_ii = Σ_h F_ih·G_hi, h over the columns of one block.
template <class Scalar>
[[nodiscard]] BlockScalar<Scalar> product_entry(const FactorEntries<Scalar>& f,
                                                const FactorEntries<Scalar>& g, Index i) {
  BlockScalar<Scalar> sum(0);
  const auto row = f.row(i);
  if (row.block < 0) return sum;
  for (Index gamma = 0; gamma < f.inner_size(row.block); ++gamma)
    sum += f.entry(row.block, row.index, gamma) * g(f.col_of(row.block, gamma), i);
  return sum;
}

/// ‖F·G‖_F² = Σ_hh' (FᴴF)_hh'·(G·Gᴴ)_h'h: only those h, h' count that meet in a block of F and in
/// one of G. In long double: the terms of a small norm may be large.
template <class Scalar>
[[nodiscard]] long double squared_norm_of_product(const FactorEntries<Scalar>& f,
                                                  const FactorEntries<Scalar>& g) {
  using Wide = Wider<BlockScalar<Scalar>>;
  std::vector<std::array<Index, 3>> hidden;  // block of F, block of G, h
  for (Index h = 0; h < f.shape().cols; ++h)
    if (f.col(h).block >= 0 && g.row(h).block >= 0)
      hidden.push_back({f.col(h).block, g.row(h).block, h});
  std::sort(hidden.begin(), hidden.end());
  long double sum = 0;
  for (const auto& [fb, gb, h] : hidden) {
    const std::array<Index, 3> first = {fb, gb, 0}, last = {fb, gb, f.shape().cols};
    const auto end = std::upper_bound(hidden.begin(), hidden.end(), last);
    for (auto other = std::lower_bound(hidden.begin(), hidden.end(), first); other != end;
         ++other) {
      const Index p = f.col(h).index, q = f.col((*other)[2]).index;
      const Index r = g.row(h).index, s = g.row((*other)[2]).index;
      Wide columns(0), rows(0);
      for (Index beta = 0; beta < f.row_count(fb); ++beta)
        columns += Eigen::numext::conj(static_cast<Wide>(f.entry(fb, beta, p))) *
                   static_cast<Wide>(f.entry(fb, beta, q));
      for (Index gamma = 0; gamma < g.inner_size(gb); ++gamma)
        rows += Eigen::numext::conj(static_cast<Wide>(g.entry(gb, r, gamma))) *
                static_cast<Wide>(g.entry(gb, s, gamma));
      sum += std::real(columns * rows);
    }
  }
  return sum;
}

}  // namespace strum::inline STRUM_ABI::detail
