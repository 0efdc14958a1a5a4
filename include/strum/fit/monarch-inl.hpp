// The body of fit::monarch: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/core/parallel.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/fit/monarch_blocks.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Fits the sub-matrices M_κλ = W[λ::l, block κ], each on its own.
template <class Scalar>
class MonarchProjection {
 public:
  MonarchProjection(const MatrixView<const Scalar>& w, const MonarchShape& shape)
      : w_(w),
        shape_(shape),
        blocks_{shape},
        scaling_(w, "fit::monarch"),
        w1_({shape.k, shape.q, shape.p}),
        w2_({shape.l, shape.s, shape.r}),
        norms_(static_cast<std::size_t>(checked_product(shape.k, shape.l, "fit::monarch"))) {}

  fit::Fit<Monarch<Scalar>> operator()() {
    // A task's overhead is a microsecond, a small sub-matrix's fit not much more; threads wake up
    // in tens of microseconds, in which all of a small matrix is done.
    const Index pairs = shape_.k * shape_.l;
    const Index group = w_.size() <= 64 * 64 ? pairs : std::max<Index>(1, pairs / 256);
    parallel_for(pairs == 0 ? 0 : (pairs - 1) / group + 1, [&](Index g) {
      const OneThread one_thread;
      for (Index i = g * group; i < std::min(pairs, (g + 1) * group); ++i)
        norms_[static_cast<std::size_t>(i)] = fit_pair(i / shape_.l, i % shape_.l);
    });
    Norms sum{0, 0};
    for (const Norms& norms : norms_) {
      sum.error += norms.error;
      sum.matrix += norms.matrix;
    }
    Monarch<Scalar> op(shape_, w1_, w2_);
    const Index parameters = op.parameter_count();
    return {std::move(op), relative_error(sum.error, sum.matrix), parameters};
  }

 private:
  using Matrix = Eigen::MatrixXd;

  /// Squared Frobenius norms of what the fit misses and of all there is.
  struct Norms {
    double error, matrix;
  };

  /// M_κλ without padding, scaled.
  [[nodiscard]] Matrix load(Index kappa, Index lambda) const {
    Matrix sub(blocks_.rows(lambda), blocks_.cols(kappa));
    for (Index sigma = 0; sigma < sub.rows(); ++sigma)
      for (Index i = 0; i < sub.cols(); ++i)
        sub(sigma, i) =
            static_cast<double>(w_(blocks_.row(lambda, sigma), blocks_.column(kappa, i))) *
            scaling_.matrix();
    return sub;
  }

  Norms fit_pair(Index kappa, Index lambda) {
    const Matrix sub = load(kappa, lambda);
    const Index rows = sub.rows(), cols = sub.cols();
    const auto triples = leading_triples_of(sub, blocks_.rank(kappa, lambda));
    Matrix u(rows, triples.count), v(cols, triples.count);  // as stored, in double
    for (Index a = 0; a < triples.count; ++a) {
      const Index t = blocks_.hidden(kappa, lambda, a);
      for (Index i = 0; i < cols; ++i)
        v(i, a) = store(triples.right, a * cols + i, w1_(kappa, t - kappa * shape_.q, i));
      for (Index sigma = 0; sigma < rows; ++sigma)
        u(sigma, a) = store(triples.left, a * rows + sigma, w2_(lambda, sigma, t / shape_.l));
    }
    return {(sub - u * v.transpose()).squaredNorm(), sub.squaredNorm()};
  }

  /// Rounds an entry of a factor to the scalar type; returns what that left.
  double store(const std::vector<double>& factor, Index i, Scalar& to) const {
    to = stored_entry<Scalar>(factor, i, scaling_);
    return static_cast<double>(to) * scaling_.inverse_factor();
  }

  MatrixView<const Scalar> w_;
  MonarchShape shape_;
  MonarchBlocks blocks_;
  Scaling scaling_;
  Tensor<Scalar> w1_, w2_;
  std::vector<Norms> norms_;  // of every pair, so that they are added in one order
};

template <class Scalar>
void check_monarch(const MatrixView<const Scalar>& w, const MonarchShape& shape) {
  if (w.rows() != shape.second().rows || w.cols() != shape.first().cols)
    fail<ShapeError>("fit::monarch: the matrix is ", w.rows(), " x ", w.cols(), ", the shape ",
                     shape.rows, " x ", shape.cols);
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<Monarch<Scalar>> monarch(MatrixView<const Scalar> w, const MonarchShape& shape) {
  strum::detail::check_monarch(w, shape);
  return strum::detail::MonarchProjection<Scalar>(w, shape)();
}

}  // namespace strum::inline STRUM_ABI::fit
