// Operators in Eigen's iterative solvers.
//
//     const auto matrix = strum::as_eigen(op);
//     Eigen::ConjugateGradient<decltype(matrix), Eigen::Lower | Eigen::Upper,
//                              Eigen::IdentityPreconditioner> solver(matrix);
//     Eigen::VectorXd x = solver.solve(b);
//
// ConjugateGradient and MINRES (op symmetric or Hermitian, Lower | Upper), BiCGSTAB, GMRES and
// LeastSquaresConjugateGradient take it. The preconditioner must be named: the solvers' defaults
// read a matrix's columns, which an operator does not have. IdentityPreconditioner is one; any
// class with Eigen's compute() and solve() that does without columns is another.
#pragma once

#include <utility>

#include <Eigen/SparseCore>

#include "strum/algebra/operands.hpp"

namespace strum::inline STRUM_ABI {

/// An operator in the role of a matrix of Eigen: what as_eigen() returns. Op is `const A&` (refers
/// to an operator that must outlive it) or `A` (owns it). The solver keeps a pointer to it.
template <class Op>
class EigenOperator;

}  // namespace strum::inline STRUM_ABI

namespace Eigen::internal {

template <class Op>
struct traits<strum::EigenOperator<Op>>
    : traits<SparseMatrix<typename std::remove_cvref_t<Op>::Scalar>> {};

}  // namespace Eigen::internal

namespace strum::inline STRUM_ABI {

template <class Op>
class EigenOperator : public Eigen::EigenBase<EigenOperator<Op>> {
 public:
  using Scalar = typename std::remove_cvref_t<Op>::Scalar;
  using RealScalar = typename Eigen::NumTraits<Scalar>::Real;
  using StorageIndex = int;
  enum {
    ColsAtCompileTime = Eigen::Dynamic,
    MaxColsAtCompileTime = Eigen::Dynamic,
    IsRowMajor = false
  };

  template <class A>
  requires std::same_as<std::remove_cvref_t<A>, std::remove_cvref_t<Op>>
  explicit EigenOperator(A&& op) : op_(std::forward<A>(op)) {}

  [[nodiscard]] Eigen::Index rows() const { return op_.rows(); }
  [[nodiscard]] Eigen::Index cols() const { return op_.cols(); }
  [[nodiscard]] const std::remove_cvref_t<Op>& op() const { return op_; }

  /// Aᴴ in the same role: least squares need it. Refers to this one's operator.
  [[nodiscard]] auto adjoint() const {
    return EigenOperator<TransposedOp<const std::remove_cvref_t<Op>&, Mode::adjoint>>(
        op_.adjoint());
  }
  [[nodiscard]] auto transpose() const {
    return EigenOperator<TransposedOp<const std::remove_cvref_t<Op>&, Mode::transpose>>(
        op_.transpose());
  }

  /// A·x, evaluated by Eigen where it is assigned, added or subtracted.
  template <class Rhs>
  [[nodiscard]] auto operator*(const Eigen::MatrixBase<Rhs>& x) const {
    return Eigen::Product<EigenOperator, Rhs, Eigen::AliasFreeProduct>(*this, x.derived());
  }

 private:
  Op op_;
};

/// An operator as a matrix for Eigen's iterative solvers: refers to an lvalue, owns a temporary.
template <ComposableOp A>
[[nodiscard]] auto as_eigen(A&& op) {
  return EigenOperator<detail::Kept<A>>(std::forward<A>(op));
}

}  // namespace strum::inline STRUM_ABI

namespace Eigen::internal {

/// For vectors and matrices on the right: the product's tag stays generic.
template <class Op, class Rhs, int tag>
struct generic_product_impl<strum::EigenOperator<Op>, Rhs, SparseShape, DenseShape, tag> {
  using Lhs = strum::EigenOperator<Op>;
  using Scalar = typename Lhs::Scalar;

  template <class Y>
  static void evalTo(Y& y, const Lhs& a, const Rhs& x) {
    a.op().apply(strum::detail::in_memory(x), y);
  }
  template <class Y>
  static void addTo(Y& y, const Lhs& a, const Rhs& x) {
    scaleAndAddTo(y, a, x, Scalar(1));
  }
  template <class Y>
  static void subTo(Y& y, const Lhs& a, const Rhs& x) {
    scaleAndAddTo(y, a, x, Scalar(-1));
  }
  /// y += alpha·A·x.
  template <class Y>
  static void scaleAndAddTo(Y& y, const Lhs& a, const Rhs& x, const Scalar& alpha) {
    a.op().apply(alpha, strum::detail::in_memory(x), Scalar(1), y);
  }
};

}  // namespace Eigen::internal
