// Householder: a product of reflections in compact WY form.
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/derived_chain.hpp"
#include "strum/ops/move_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// A = H_1·H_2·…·H_r, H_j = I − 2·u_j·u_jᴴ, u_j the normalised columns of `weight`; n x n,
/// orthogonal (unitary), so that the adjoint is the inverse.
///
/// Applied as y = x − (V·T)·(Vᴴx), V = [u_1 … u_r], T upper triangular: T_jj = 2, T[:j, j] =
/// −2·T[:j, :j]·V[:, :j]ᴴ·u_j (the compact WY form of Schreiber and Van Loan 1989). V and V·T are
/// computed in a wider type and rounded once.
///
/// Parameter: `weight (n, r)`; that of an HRA adapter (Yuan et al. 2024), whose layer is W·A.
/// 2·n·r multiply-adds per sample.
template <class ScalarType>
class Householder : public detail::DerivedFactors<Householder<ScalarType>, ScalarType> {
  using Base = detail::DerivedFactors<Householder, ScalarType>;

 public:
  using Scalar = ScalarType;

  Householder() = default;

  /// From `weight` (n, r), columns of any length but 0. Throws ShapeError for another rank of the
  /// tensor and ValueError for a column of zeros, which is no direction; so does set().
  explicit Householder(const Tensor<Scalar>& weight) { this->assign({{"weight", weight}}); }

  /// r.
  [[nodiscard]] Index reflections() const {
    return this->stored().empty() ? 0 : this->stored()[0].values.shape()[1];
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Householder"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {this->rows(), this->cols()}}}};
  }
  [[nodiscard]] static Householder restore(const Description&,
                                           const Parameters<Scalar>& parameters) {
    return Householder(detail::find_parameter(parameters, "weight", name()));
  }

 private:
  friend Base;
  friend detail::OpAccess;
  using Wide = detail::Wider<Scalar>;
  using Columns = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;

  /// V.
  static Columns normalised(const Tensor<Scalar>& weight) {
    Columns v(weight.shape()[0], weight.shape()[1]);
    for (Index j = 0; j < v.cols(); ++j) {
      for (Index i = 0; i < v.rows(); ++i) v(i, j) = static_cast<Wide>(weight(i, j));
      const auto largest = v.col(j).cwiseAbs().maxCoeff();
      if (largest == 0) detail::fail<ValueError>("Householder: column ", j, " of weight is zero");
      v.col(j) /= largest;  // squares neither overflow nor vanish
      v.col(j) /= v.col(j).norm();
    }
    return v;
  }

  /// V·T, column by column: (V·T)_j = 2·(u_j − (V·T)_{:j}·V_{:j}ᴴ·u_j).
  static Columns times_triangle(const Columns& v) {
    Columns vt(v.rows(), v.cols());
    for (Index j = 0; j < v.cols(); ++j) {
      vt.col(j) = v.col(j);
      for (Index i = 0; i < j; ++i) vt.col(j) -= vt.col(i) * v.col(i).dot(v.col(j));
      vt.col(j) *= Wide(2);
    }
    return vt;
  }

  /// Vᴴ, then −V·T.
  static detail::FactorChain<Scalar> make_chain(
      const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& weight = parameters[0].values;
    if (weight.rank() != 2 || weight.shape()[0] < 1)
      detail::fail<ShapeError>("Householder: weight has shape ", weight.shape(), ", needs (n, r)");
    const Index n = weight.shape()[0], r = weight.shape()[1];
    const Columns v = normalised(weight), vt = times_triangle(v);
    Tensor<Scalar> first({r, n}), second({n, r});
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < r; ++j) {
        first(j, i) = static_cast<Scalar>(Eigen::numext::conj(v(i, j)));
        second(i, j) = static_cast<Scalar>(-vt(i, j));
      }
    detail::FactorChain<Scalar> chain;
    chain.append(detail::factor_shape(1, r, n, 1),
                 kernels::WeightView<Scalar>{first.data(), 0, n, 1, 0});
    chain.append(detail::factor_shape(1, n, r, 1),
                 kernels::WeightView<Scalar>{second.data(), 0, r, 1, 0});
    return chain;
  }

  /// The identity's part is the chain's residual, added while y is in cache; it cannot be scaled,
  /// and there is none of complex numbers.
  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    if (!kIsComplex<Scalar> && alpha == Scalar(1)) {
      kernels::Epilogue<Scalar> add_x;
      add_x.residual = x.data();
      add_x.residual_row = x.row_stride();
      add_x.residual_col = x.col_stride();
      this->chain().apply(mode, alpha, x, beta, y, workspace, add_x);
    } else {
      detail::move_blocks({.blocks = 1, .length = x.rows()}, alpha, x, beta, y);
      this->chain().apply(mode, alpha, x, Scalar(1), y, workspace);
    }
  }
};

}  // namespace strum::inline STRUM_ABI
