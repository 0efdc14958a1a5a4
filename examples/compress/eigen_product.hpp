// Eigen's dense product as an operator, to be timed beside strum's.
#pragma once

#include <Eigen/Core>

#include "strum/core/linear_op.hpp"

namespace compress {

/// A dense matrix of float or double that Eigen multiplies with.
template <class S>
class EigenProduct : public strum::LinearOpBase<EigenProduct<S>, S> {
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  using Columns = Eigen::Map<Matrix, 0, Eigen::OuterStride<>>;
  using ConstColumns = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;

 public:
  using Index = strum::Index;

  explicit EigenProduct(const strum::MatrixView<const S>& w) : w_(copy(w)) {}

  [[nodiscard]] Index rows() const { return w_.rows(); }
  [[nodiscard]] Index cols() const { return w_.cols(); }
  [[nodiscard]] static const char* name() { return "Eigen"; }
  [[nodiscard]] Index parameter_count() const { return w_.size(); }
  [[nodiscard]] std::size_t workspace_bytes(Index /*batch*/) const { return 0; }

 private:
  friend strum::detail::OpAccess;

  static Matrix copy(const strum::MatrixView<const S>& view) {
    using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    return Eigen::Map<const Matrix, 0, Strides>(view.data(), view.rows(), view.cols(),
                                                Strides(view.col_stride(), view.row_stride()));
  }

  void apply_unchecked(strum::Mode mode, S alpha, const strum::MatrixView<const S>& x, S beta,
                       const strum::MatrixView<S>& y, strum::Workspace& /*workspace*/) const {
    strum::detail::scale(beta, y);
    if (x.row_stride() == 1 && y.row_stride() == 1) {
      const ConstColumns in(x.data(), x.rows(), x.cols(), Eigen::OuterStride<>(x.col_stride()));
      Columns out(y.data(), y.rows(), y.cols(), Eigen::OuterStride<>(y.col_stride()));
      add_product(mode, alpha, in, out);
    } else {
      Matrix out = copy(y);
      add_product(mode, alpha, copy(x), out);
      for (Index j = 0; j < y.cols(); ++j)
        for (Index i = 0; i < y.rows(); ++i) y(i, j) = out(i, j);
    }
  }

  template <class X, class Y>
  void add_product(strum::Mode mode, S alpha, const X& x, Y& y) const {
    if (strum::transposes(mode))
      y.noalias() += alpha * (w_.transpose() * x);
    else
      y.noalias() += alpha * (w_ * x);
  }

  Matrix w_;
};

}  // namespace compress
