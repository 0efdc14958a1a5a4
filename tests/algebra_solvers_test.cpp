// Operators and expressions in Eigen's iterative solvers, against a dense solve.
#include <gtest/gtest.h>
#include <Eigen/Dense>
#include <Eigen/IterativeLinearSolvers>
#include <unsupported/Eigen/IterativeSolvers>

#include "strum/algebra/algebra.hpp"
#include "strum/algebra/eigen_solvers.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/monarch.hpp"
#include "suite/random.hpp"

namespace strum::test {
namespace {

using Eigen::IdentityPreconditioner;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kBothHalves = Eigen::Lower | Eigen::Upper;
constexpr Index kSize = 36;

Monarch<double> monarch() {
  return {MonarchShape::square(kSize), random_tensor<double>({6, 6, 6}, 1),
          random_tensor<double>({6, 6, 6}, 2)};
}

Dense<double> identity() { return Dense<double>(MatrixXd(MatrixXd::Identity(kSize, kSize))); }

/// AᵀA + 4·I.
auto positive_definite(const Monarch<double>& op) { return op.transpose() * op + 4 * identity(); }

template <class Solver, class Matrix>
void expect_solves(const Matrix& matrix, const MatrixXd& dense, const MatrixXd& b) {
  Solver solver(matrix);
  solver.setTolerance(1e-12);
  const MatrixXd x = solver.solve(b);
  EXPECT_EQ(solver.info(), Eigen::Success);
  const MatrixXd expected = dense.colPivHouseholderQr().solve(b);
  EXPECT_LT((x - expected).norm(), 1e-8 * expected.norm());
}

TEST(EigenSolvers, TakeSymmetricOperators) {
  const auto op = monarch();
  const auto expression = positive_definite(op);
  const MatrixXd dense = expression.to_dense();
  const auto matrix = as_eigen(expression);
  using Matrix = std::remove_const_t<decltype(matrix)>;
  for (const Index columns : {1, 3}) {
    const MatrixXd b = MatrixXd::Random(kSize, columns);
    expect_solves<Eigen::ConjugateGradient<Matrix, kBothHalves, IdentityPreconditioner>>(matrix,
                                                                                         dense, b);
    expect_solves<Eigen::MINRES<Matrix, kBothHalves, IdentityPreconditioner>>(matrix, dense, b);
  }
}

TEST(EigenSolvers, TakeAnyOperator) {
  const auto op = monarch();
  const AnyLinearOp<double> any = op + 9 * identity();
  const auto matrix = as_eigen(any);
  const MatrixXd dense = any.to_dense(), b = MatrixXd::Random(kSize, 2);
  using Matrix = std::remove_const_t<decltype(matrix)>;
  expect_solves<Eigen::BiCGSTAB<Matrix, IdentityPreconditioner>>(matrix, dense, b);
  expect_solves<Eigen::GMRES<Matrix, IdentityPreconditioner>>(matrix, dense, b);
}

TEST(EigenSolvers, SolveLeastSquares) {
  const auto op = monarch();
  const Dense<double> below(MatrixXd(MatrixXd::Random(11, kSize)));
  const auto matrix = as_eigen(vcat(op + 9 * identity(), below));
  using Matrix = std::remove_const_t<decltype(matrix)>;
  expect_solves<Eigen::LeastSquaresConjugateGradient<Matrix, IdentityPreconditioner>>(
      matrix, matrix.op().to_dense(), MatrixXd::Random(kSize + 11, 2));
}

TEST(AsEigen, IsAMatrixInExpressions) {
  const auto op = monarch();
  const auto a = as_eigen(op);
  const MatrixXd w = op.to_dense();
  const VectorXd x = VectorXd::Random(kSize), b = VectorXd::Random(kSize);
  const VectorXd residual = b - a * x;
  EXPECT_LT((residual - (b - w * x)).norm(), 1e-12);
  VectorXd y = b;
  y.noalias() += a * (2 * x);
  EXPECT_LT((y - (b + 2 * w * x)).norm(), 1e-12);
  y = b;
  y -= a.transpose() * x;
  EXPECT_LT((y - (b - w.transpose() * x)).norm(), 1e-12);
}

}  // namespace
}  // namespace strum::test
