// The bodies of fit::monarch_chain and fit::butterfly: compiled once in the library, inline
// header-only.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "strum/core/parallel.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/monarch_chain.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Splits the factors off a matrix of e x e blocks, its entries (e = 1: numbers). Before factor t,
/// of stride d = b_1 ··· b_{t−1}, what is left are d matrices of n/d rows of blocks: rest[δ] joins
/// the blocks i·d + δ.
template <class Scalar>
class ChainSplit {
 public:
  ChainSplit(const MatrixView<const Scalar>& w, const Scaling& scaling, Index e = 1)
      : scaling_(scaling), e_(e) {
    rest_.push_back(scaled_matrix(w, scaling));
  }

  /// The next factor (n/d/b, b, b, d), of b x b blocks; its entries (…, e, e) where e > 1. In every
  /// rest the sub-matrix of rows σ·b + λ and columns κ·b + γ becomes u·vᵀ, of rank e: v row λ of
  /// block κ, u column κ of the rest λ·d + δ. Of the last factor the rests are the blocks.
  [[nodiscard]] Tensor<Scalar> split(Index b, bool last) {
    const auto d = static_cast<Index>(rest_.size());
    const Index blocks = rest_[0].rows() / e_ / b;
    Tensor<Scalar> factor(e_ == 1 ? Shape{blocks, b, b, d} : Shape{blocks, b, b, d, e_, e_});
    std::vector<Eigen::MatrixXd> next;
    if (!last)
      next.assign(static_cast<std::size_t>(d * b), Eigen::MatrixXd::Zero(blocks * e_, blocks * e_));
    parallel_for(d * blocks, [&](Index i) {
      const OneThread one_thread;
      const Index delta = i / blocks, kappa = i % blocks;
      for (Index lambda = 0; lambda < b; ++lambda) {
        const Eigen::MatrixXd sub = sub_matrix(delta, lambda, kappa, b);
        Eigen::MatrixXd v;
        if (last)  // W's scale; the others' rows have length 1
          v = sub * (scaling_.factor() * scaling_.factor());
        else
          v = split_sub(sub, kappa, next[static_cast<std::size_t>(lambda * d + delta)]);
        for (Index gamma = 0; gamma < b; ++gamma)
          for (Index o = 0; o < e_; ++o)
            for (Index in = 0; in < e_; ++in)
              factor[((((kappa * b + lambda) * b + gamma) * d + delta) * e_ + o) * e_ + in] =
                  static_cast<Scalar>(v(o, gamma * e_ + in));
      }
    });
    rest_ = std::move(next);
    return factor;
  }

 private:
  /// Rows σ·b + λ, for every σ, and columns κ·b + γ of rest δ.
  [[nodiscard]] Eigen::MatrixXd sub_matrix(Index delta, Index lambda, Index kappa, Index b) const {
    const Eigen::MatrixXd& rest = rest_[static_cast<std::size_t>(delta)];
    const Index blocks = rest.rows() / e_ / b;
    Eigen::MatrixXd sub(blocks * e_, b * e_);
    for (Index sigma = 0; sigma < blocks; ++sigma)
      sub.middleRows(sigma * e_, e_) =
          rest.block((sigma * b + lambda) * e_, kappa * b * e_, e_, b * e_);
    return sub;
  }

  /// Puts u into columns κ of `next` and returns vᵀ, rows of length 1 (0 where the rank is less).
  [[nodiscard]] Eigen::MatrixXd split_sub(const Eigen::MatrixXd& sub, Index kappa,
                                          Eigen::MatrixXd& next) const {
    const auto triples = leading_triples_of(sub, e_);
    const Index m = sub.rows(), n = sub.cols(), count = triples.count;
    Eigen::MatrixXd v = Eigen::MatrixXd::Zero(e_, n);
    for (Index a = 0; a < count; ++a) {
      const Eigen::Map<const Eigen::VectorXd> left(triples.left.data() + a * m, m);
      const Eigen::Map<const Eigen::VectorXd> right(triples.right.data() + a * n, n);
      const double root = right.norm();  // √σ
      v.row(a) = right.transpose() / root;
      next.col(kappa * e_ + a) = left * root;
    }
    return v;
  }

  Scaling scaling_;
  Index e_;
  std::vector<Eigen::MatrixXd> rest_;
};

/// R for every factor of a butterfly of n positions in radix R; their product is n if that is a
/// power of R, and above it if not.
[[nodiscard]] inline std::vector<Index> butterfly_sizes(Index n, Index radix,
                                                        std::string_view where) {
  std::vector<Index> sizes;
  for (Index size = 1; size < n; size = checked_product(size, radix, where)) sizes.push_back(radix);
  return sizes;
}

/// The twiddle of these factors: (factor, T_i, row, column, entry), i = α·stride + δ.
template <class Scalar>
void copy_twiddle(const std::vector<Tensor<Scalar>>& factors, Tensor<Scalar>& twiddle) {
  Index next = 0;
  for (const Tensor<Scalar>& factor : factors) {
    const Shape& s = factor.shape();
    const Index radix = s[1], entries = s.size() == 6 ? s[4] * s[5] : 1;
    for (Index alpha = 0; alpha < s[0]; ++alpha)
      for (Index delta = 0; delta < s[3]; ++delta)
        for (Index u = 0; u < radix; ++u)
          for (Index v = 0; v < radix; ++v) {
            const Index from = (((alpha * radix + u) * radix + v) * s[3] + delta) * entries;
            for (Index i = 0; i < entries; ++i) twiddle[next++] = factor[from + i];
          }
  }
}

template <class Scalar>
[[nodiscard]] std::vector<Tensor<Scalar>> split_chain(const MatrixView<const Scalar>& w,
                                                      const Scaling& scaling,
                                                      const std::vector<Index>& block_sizes,
                                                      std::string_view where, Index e = 1) {
  Index n = e;
  for (const Index b : block_sizes) {
    if (b < 1) fail<ShapeError>(where, ": block size ", b);
    n = checked_product(n, b, where);
  }
  if (block_sizes.empty() || w.rows() != n || w.cols() != n)
    fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                     ", the product of the block sizes ", n);
  ChainSplit<Scalar> rest(w, scaling, e);
  std::vector<Tensor<Scalar>> factors;
  for (const Index b : block_sizes)
    factors.push_back(rest.split(b, factors.size() + 1 == block_sizes.size()));
  return factors;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<MonarchChain<Scalar>> monarch_chain(MatrixView<const Scalar> w,
                                        const std::vector<Index>& block_sizes) {
  const strum::detail::Scaling scaling(w, "fit::monarch_chain");
  const auto factors = strum::detail::split_chain(w, scaling, block_sizes, "fit::monarch_chain");
  return strum::detail::measured(w, scaling, MonarchChain<Scalar>(factors),
                                 MonarchChain<double>(strum::detail::in_double(factors)));
}

template <class Scalar>
Fit<Butterfly<Scalar>> butterfly(MatrixView<const Scalar> w, Index radix) {
  const char* const where = "fit::butterfly";
  if (radix < 2) strum::detail::fail<ShapeError>(where, ": radix ", radix);
  const auto block_sizes = strum::detail::butterfly_sizes(w.rows(), radix, where);
  const strum::detail::Scaling scaling(w, where);
  const auto factors = strum::detail::split_chain(w, scaling, block_sizes, where);
  const ButterflyShape shape{.rows = w.rows(), .cols = w.cols(), .radix = radix};
  Tensor<Scalar> twiddle(Butterfly<Scalar>::parameter_shape(shape));
  strum::detail::copy_twiddle(factors, twiddle);
  const Butterfly<double> exact(shape, twiddle.template cast<double>());
  return strum::detail::measured(w, scaling, Butterfly<Scalar>(shape, twiddle), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
