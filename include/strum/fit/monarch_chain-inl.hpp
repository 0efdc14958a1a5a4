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

/// Splits the factors off a matrix. Before factor t, of stride d = b_1 ··· b_{t−1}, what is left
/// are d matrices of n/d rows: rest[δ] joins the entries i·d + δ.
template <class Scalar>
class ChainSplit {
 public:
  ChainSplit(const MatrixView<const Scalar>& w, const Scaling& scaling) : scaling_(scaling) {
    rest_.push_back(rearranged(w, scaling, w.rows(), w.cols(),
                               [](Index i, Index j) { return std::pair<Index, Index>(i, j); }));
  }

  /// The next factor (n/d/b, b, b, d), of b x b blocks. In every rest the sub-matrix of rows
  /// σ·b + λ and columns κ·b + γ becomes u·vᵀ: v row λ of block κ, u column κ of the rest
  /// λ·d + δ. Of the last factor the rests are the blocks.
  [[nodiscard]] Tensor<Scalar> split(Index b, bool last) {
    const auto d = static_cast<Index>(rest_.size());
    const Index blocks = rest_[0].rows() / b;
    Tensor<Scalar> factor({blocks, b, b, d});
    std::vector<Eigen::MatrixXd> next(static_cast<std::size_t>(d * b),
                                      Eigen::MatrixXd::Zero(blocks, blocks));
    parallel_for(d * blocks, [&](Index i) {
      const OneThread one_thread;
      const Index delta = i / blocks, kappa = i % blocks;
      const Eigen::MatrixXd& rest = rest_[static_cast<std::size_t>(delta)];
      for (Index lambda = 0; lambda < b; ++lambda) {
        const auto rows = Eigen::seqN(lambda, blocks, b);
        const Eigen::MatrixXd sub = rest(rows, Eigen::seqN(kappa * b, b));
        Eigen::VectorXd v = Eigen::VectorXd::Zero(b);
        if (last) {  // W's scale; the others' rows have length 1
          v = sub.row(0) * (scaling_.factor() * scaling_.factor());
        } else if (const auto triples = leading_triples_of(sub, 1); triples.count > 0) {
          v = Eigen::Map<const Eigen::VectorXd>(triples.right.data(), b);
          const double root = v.norm();  // √σ
          v /= root;
          next[static_cast<std::size_t>(lambda * d + delta)].col(kappa) =
              Eigen::Map<const Eigen::VectorXd>(triples.left.data(), blocks) * root;
        }
        for (Index gamma = 0; gamma < b; ++gamma)
          factor[((kappa * b + lambda) * b + gamma) * d + delta] = static_cast<Scalar>(v[gamma]);
      }
    });
    rest_ = std::move(next);
    return factor;
  }

 private:
  Scaling scaling_;
  std::vector<Eigen::MatrixXd> rest_;
};

template <class Scalar>
[[nodiscard]] std::vector<Tensor<Scalar>> split_chain(const MatrixView<const Scalar>& w,
                                                      const Scaling& scaling,
                                                      const std::vector<Index>& block_sizes,
                                                      std::string_view where) {
  Index n = 1;
  for (const Index b : block_sizes) {
    if (b < 1) fail<ShapeError>(where, ": block size ", b);
    n = checked_product(n, b, where);
  }
  if (block_sizes.empty() || w.rows() != n || w.cols() != n)
    fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                     ", the product of the block sizes ", n);
  ChainSplit<Scalar> rest(w, scaling);
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
  std::vector<Index> block_sizes;
  for (Index n = 1; n < w.rows(); n *= radix) block_sizes.push_back(radix);
  const strum::detail::Scaling scaling(w, where);
  const auto factors = strum::detail::split_chain(w, scaling, block_sizes, where);
  const ButterflyShape shape{.rows = w.rows(), .cols = w.cols(), .radix = radix};
  Tensor<Scalar> twiddle(Butterfly<Scalar>::parameter_shape(shape));
  Index next = 0;  // (factor, T_i, row, column), i = α·stride + δ
  for (const Tensor<Scalar>& factor : factors) {
    const Shape& s = factor.shape();
    for (Index alpha = 0; alpha < s[0]; ++alpha)
      for (Index delta = 0; delta < s[3]; ++delta)
        for (Index u = 0; u < radix; ++u)
          for (Index v = 0; v < radix; ++v)
            twiddle[next++] = factor[((alpha * radix + u) * radix + v) * s[3] + delta];
  }
  const Butterfly<double> exact(shape, twiddle.template cast<double>());
  return strum::detail::measured(w, scaling, Butterfly<Scalar>(shape, twiddle), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
