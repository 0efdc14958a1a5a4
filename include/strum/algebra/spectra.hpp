// Operators in Spectra's eigensolvers, and singular values by them.
//
//     auto product = strum::spectra_product(op);
//     Spectra::SymEigsSolver<decltype(product)> solver(product, 3, 20);
//
// Needs Spectra (https://spectralib.org; Debian: libspectra-dev), which is headers only. Nothing
// else in strum includes this header.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include <Spectra/SymEigsSolver.h>

#include "strum/algebra/product.hpp"

namespace strum::inline STRUM_ABI {

/// An operator as Spectra takes a matrix: SymEigsSolver where it is symmetric, GenEigsSolver where
/// it is square. Op is `const A&` (refers to an operator that must outlive it) or `A` (owns it).
/// The solver keeps a reference to it.
template <class Op>
class SpectraProduct {
 public:
  using Scalar = typename std::remove_cvref_t<Op>::Scalar;

  template <class A>
  requires std::same_as<std::remove_cvref_t<A>, std::remove_cvref_t<Op>>
  explicit SpectraProduct(A&& op) : op_(std::forward<A>(op)) {}

  [[nodiscard]] Eigen::Index rows() const { return op_.rows(); }
  [[nodiscard]] Eigen::Index cols() const { return op_.cols(); }

  /// y = A·x.
  void perform_op(const Scalar* x, Scalar* y) const {
    op_.apply(MatrixView<const Scalar>(x, op_.cols(), 1), MatrixView<Scalar>(y, op_.rows(), 1));
  }

 private:
  Op op_;
};

/// An operator for Spectra's solvers: refers to an lvalue, owns a temporary.
template <ComposableOp A>
[[nodiscard]] auto spectra_product(A&& op) {
  return SpectraProduct<detail::Kept<A>>(std::forward<A>(op));
}

/// The k largest singular values, largest first: square roots of the eigenvalues of AᵀA or AAᵀ,
/// whichever is smaller, so those below √eps of the largest are noise. Some tens of products with A
/// and Aᵀ. Throws ValueError unless 1 <= k < min(rows, cols), Error where Spectra finds fewer than
/// k.
template <ComposableOp A>
[[nodiscard]] auto largest_singular_values(const A& op, Index k) {
  using Scalar = typename A::Scalar;
  static_assert(std::is_floating_point_v<Scalar>,
                "strum: largest_singular_values takes operators in float or double");
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const Index n = std::min<Index>(op.rows(), op.cols());
  if (k < 1 || k >= n)
    detail::fail<ValueError>("largest_singular_values: ", k, " of ", n,
                             ", at least 1 and not all can be found");
  const auto values_of = [&](const auto& gram) -> Vector {
    auto product = spectra_product(gram);
    const Index basis = std::min(n, std::max<Index>(2 * k + 1, 20));
    Spectra::SymEigsSolver<decltype(product)> solver(product, k, basis);
    solver.init();
    // The error of an eigenvalue is the square of that of its vector.
    const Scalar tolerance = std::pow(std::numeric_limits<Scalar>::epsilon(), Scalar(2) / 3);
    const Index found = solver.compute(Spectra::SortRule::LargestAlge, 1000, tolerance);
    if (found < k) detail::fail<Error>("largest_singular_values: ", found, " of ", k, " converged");
    return solver.eigenvalues().cwiseMax(Scalar(0)).cwiseSqrt();
  };
  return op.rows() < op.cols() ? values_of(op * op.transpose()) : values_of(op.transpose() * op);
}

}  // namespace strum::inline STRUM_ABI
