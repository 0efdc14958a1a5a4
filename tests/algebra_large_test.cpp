// A system of 250 000 unknowns that no memory holds as a matrix: (A ⊗ A + diag(d))·x = b by
// conjugate gradients.
#include <cmath>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <Eigen/IterativeLinearSolvers>

#include "strum/algebra/algebra.hpp"
#include "strum/algebra/eigen_solvers.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/kronecker.hpp"

namespace strum::test {
namespace {

constexpr Index kSide = 500, kSize = kSide * kSide;

/// e^(−|i − j|), positive definite.
Tensor<double> covariance() {
  Tensor<double> a({kSide, kSide});
  for (Index i = 0; i < kSide; ++i)
    for (Index j = 0; j < kSide; ++j) a(i, j) = std::exp(-std::abs(static_cast<double>(i - j)));
  return a;
}

Tensor<double> noise() {
  Tensor<double> d({kSize});
  for (Index i = 0; i < kSize; ++i) d[i] = 0.5 + 0.01 * static_cast<double>(i % 100);
  return d;
}

TEST(LargeSystem, IsSolvedInLittleMemory) {
  const Kronecker<double> covariances(std::vector{covariance(), covariance()});
  const Diagonal<double> own(noise());
  const auto op = covariances + own;
  ASSERT_EQ(op.rows(), kSize);
  const auto matrix = as_eigen(op);
  const Eigen::VectorXd wanted = Eigen::VectorXd::LinSpaced(kSize, -1, 1);
  const Eigen::VectorXd b = op * wanted;
  Eigen::ConjugateGradient<std::remove_const_t<decltype(matrix)>, Eigen::Lower | Eigen::Upper,
                           Eigen::IdentityPreconditioner>
      solver(matrix);
  solver.setTolerance(1e-8);
  const Eigen::VectorXd x = solver.solve(b);
  EXPECT_EQ(solver.info(), Eigen::Success);
  EXPECT_LE((op * x - b).norm(), 2e-8 * b.norm());
  EXPECT_LT((x - wanted).norm(), 1e-6 * wanted.norm());
  // x, b, what is wanted, and the solver's four vectors.
  const std::size_t vectors = 7 * kSize * sizeof(double);
  EXPECT_LT(covariances.bytes() + own.bytes() + op.workspace_bytes(1) + vectors, 100u << 20);
}

}  // namespace
}  // namespace strum::test
