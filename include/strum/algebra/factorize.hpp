// Linear systems with structured operators, solved by the blocks that they consist of.
//
//     const auto inverse = strum::factorize(monarch);
//     x = inverse.solve(b);                       // monarch · x = b, as fast as a product
//     inverse.log_abs_determinant();
//
// The inverse of a product of square Kronecker-sparse factors is the product, the other way round,
// of the same factors with every block inverted: a structured operator again, and applied by the
// same kernels.
#pragma once

#include <string>
#include <utility>

#include "strum/algebra/inverter.hpp"

namespace strum::inline STRUM_ABI {

/// A⁻¹ as an operator, and what was learned about A on the way: what factorize() returns. A value
/// that owns all it needs. solve(b) costs what a product costs.
template <class ScalarType>
class Factorization : public LinearOpBase<Factorization<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  /// 0 x 0.
  Factorization() = default;
  explicit Factorization(detail::Inverse<Scalar> inverse, std::string name)
      : inverse_(std::move(inverse.op)),
        log_abs_determinant_(inverse.log_abs_determinant),
        name_("inverse(" + std::move(name) + ")") {}

  [[nodiscard]] Index rows() const { return inverse_.rows(); }
  [[nodiscard]] Index cols() const { return inverse_.cols(); }
  /// "inverse(Monarch)".
  [[nodiscard]] const std::string& name() const { return name_; }

  /// The x with A·x = b, for any dense Eigen expression b of one or more columns; a new matrix in
  /// its layout. (apply(b, x) is the form that does not allocate.) Throws ShapeError unless b has
  /// as many rows as A.
  template <class B>
  [[nodiscard]] auto solve(const Eigen::MatrixBase<B>& b) const {
    return *this * b;
  }
  /// log|det A|.
  [[nodiscard]] Real<Scalar> log_abs_determinant() const {
    return static_cast<Real<Scalar>>(log_abs_determinant_);
  }
  /// A⁻¹ as an operator by itself, of A's own kind where that is closed (see strum::inverse()).
  [[nodiscard]] const AnyLinearOp<Scalar>& inverse() const { return inverse_; }

  [[nodiscard]] Index parameter_count() const { return inverse_.parameter_count(); }
  [[nodiscard]] Index flops() const { return inverse_.flops(); }
  [[nodiscard]] std::size_t bytes() const { return inverse_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return inverse_.workspace_bytes(batch);
  }
  /// Makes what some transposed solves need now, not at their first use.
  void prepare_transpose() const { inverse_.prepare_transpose(); }

 private:
  friend detail::OpAccess;

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    detail::OpAccess::run(inverse_, mode, alpha, x, beta, y, workspace);
  }

  AnyLinearOp<Scalar> inverse_;
  double log_abs_determinant_ = 0;
  std::string name_ = "inverse()";
};

/// A⁻¹ from A's structure, block by block:
///
///     Dense, Diagonal, BlockDiagonal, KroneckerSparse, Monarch, MonarchChain, BlockShuffle, block
///     tensor trains, ...: every product of factors KS(a, b, c, d) with square blocks, each block
///     inverted; Butterfly and BlockButterfly of one stack without padding; RaggedBlockDiagonal
///     Kronecker:  (A ⊗ B)⁻¹ = A⁻¹ ⊗ B⁻¹, factors square
///     Permutation, Identity, Householder, OrthogonalBlockDiagonal (exact), ButterflyOrthogonal,
///     OrthogonalButterfly:  the adjoint
///     Fourier, Cosine, Sine, Hartley, Hadamard, Haar:  the inverse transform
///     Circulant:  the one with the reciprocal spectrum
///     A·B·..., c·A, Aᵀ, Aᴴ, Ā, A ⊕ B:  of those of A, B, ..., all square
///     D + A + U·V (A any of the above; D a Diagonal or multiple of the identity; U·V a LowRank or
///     a product of U and V, n x r and r x n):  Woodbury, (A + U·V)⁻¹ = A⁻¹ − A⁻¹·U·(I +
///     V·A⁻¹·U)⁻¹·V·A⁻¹,  D first taken into A's diagonal
///
/// A block of b rows costs b³ multiply-adds, in double (complex: of double), and is rounded to
/// Scalar once. The error of a solution is that of a product with the inverse, eps·κ(A_i) for every
/// factor A_i: where factors are ill-conditioned, refine it, or use the operator as preconditioner.
///
/// Throws ShapeError unless op is square, and ValueError, naming what it is about, where a block is
/// singular (in double: reciprocal condition below eps) or op is none of the above: then factorize
/// to_dense(), or solve iteratively (algebra/eigen_solvers.hpp). Weights stored narrower than
/// Scalar are widened, inside AnyLinearOp or an expression they are refused.
template <ComposableOp Op>
[[nodiscard]] auto factorize(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  return Factorization<Scalar>(detail::Inverter<Scalar>(true).inverse(detail::visible(op)),
                               std::string(op.name()));
}

/// The X with A·X = B, B any dense Eigen expression of one or more columns: factorize(op).solve(b),
/// which is the cheaper form where there are several B. Throws as factorize() and
/// Factorization::solve() do.
template <ComposableOp Op, class B>
[[nodiscard]] auto solve(const Op& op, const Eigen::MatrixBase<B>& b) {
  if (b.rows() != op.rows())
    detail::fail<ShapeError>("solve: b has ", b.rows(), " rows, ", op.name(), " has ", op.rows());
  return factorize(op).solve(b);
}

/// A⁻¹ as an operator of A's own kind where that is closed: of a Diagonal a Diagonal, of a
/// BlockDiagonal a BlockDiagonal, likewise Dense, Kronecker, Permutation, Butterfly,
/// RaggedBlockDiagonal and transforms; of a Monarch or another chain a KroneckerSparse. Throws as
/// factorize() does.
template <ComposableOp Op>
[[nodiscard]] AnyLinearOp<detail::ScalarOf<Op>> inverse(const Op& op) {
  return factorize(op).inverse();
}

/// log|det A| of an operator that factorize() takes, by LU of its blocks; −∞ where one of them has
/// a pivot of 0. Kronecker: Σ (n/n_i)·log|det A_i|. Throws as factorize() does, but not for
/// singular blocks.
template <ComposableOp Op>
[[nodiscard]] auto log_abs_determinant(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  return static_cast<Real<Scalar>>(
      detail::Inverter<Scalar>(false).inverse(detail::visible(op)).log_abs_determinant);
}

}  // namespace strum::inline STRUM_ABI
