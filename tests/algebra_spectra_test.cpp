// Operators in Spectra's eigensolvers, against Eigen's dense decompositions.
#include <Spectra/GenEigsSolver.h>
#include <gtest/gtest.h>
#include <Eigen/Eigenvalues>

#include "strum/algebra/spectra.hpp"
#include "strum/algebra/sum.hpp"
#include "strum/ops/monarch.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

template <class Scalar>
Monarch<Scalar> monarch(const MonarchShape& s) {
  return {s, random_tensor<Scalar>({s.k, s.q, s.p}, 1), random_tensor<Scalar>({s.l, s.s, s.r}, 2)};
}

/// In falling order.
Eigen::VectorXd largest_eigenvalues(const Eigen::MatrixXd& symmetric, Index k) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(symmetric, Eigen::EigenvaluesOnly)
      .eigenvalues()
      .tail(k)
      .reverse();
}

template <class Scalar>
class SpectraOf : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(SpectraOf, Scalars);

TYPED_TEST(SpectraOf, SingularValuesOfTallAndWideOperators) {
  const double bound = 100 * std::numeric_limits<TypeParam>::epsilon();
  for (const MonarchShape& shape :
       {MonarchShape::layer(50, 30, 5), MonarchShape::layer(30, 50, 5)}) {
    const auto op = monarch<TypeParam>(shape);
    const Eigen::MatrixXd dense = op.to_dense().template cast<double>();
    const Eigen::VectorXd squares = largest_eigenvalues(dense * dense.transpose(), 4);
    const Eigen::VectorXd values = largest_singular_values(op, 4).template cast<double>();
    EXPECT_LT((values - squares.cwiseSqrt()).norm(), bound * values(0)) << shape.rows;
  }
}

TYPED_TEST(SpectraOf, EigenvaluesOfExpressions) {
  const auto op = monarch<TypeParam>(MonarchShape::square(36));
  const auto symmetric = op + op.transpose();
  auto product = spectra_product(symmetric);
  Spectra::SymEigsSolver<decltype(product)> solver(product, 3, 20);
  solver.init();
  ASSERT_EQ(solver.compute(Spectra::SortRule::LargestAlge, 1000, TypeParam(1e-5)), 3);
  const Eigen::VectorXd expected =
      largest_eigenvalues(symmetric.to_dense().template cast<double>(), 3);
  EXPECT_LT((solver.eigenvalues().template cast<double>() - expected).norm(), 1e-4 * expected(0));
}

TEST(Spectra, EigenvaluesOfAnOperatorThatIsNotSymmetric) {
  const auto op = monarch<double>(MonarchShape::square(36));
  auto product = spectra_product(op);
  Spectra::GenEigsSolver<decltype(product)> solver(product, 2, 20);
  solver.init();
  ASSERT_EQ(solver.compute(Spectra::SortRule::LargestMagn), 2);
  const Eigen::VectorXcd expected = op.to_dense().eigenvalues();
  EXPECT_NEAR(std::abs(solver.eigenvalues()(0)), expected.cwiseAbs().maxCoeff(), 1e-8);
}

TEST(Spectra, RefusesAllSingularValues) {
  const auto op = monarch<double>(MonarchShape::square(4));
  EXPECT_EQ(thrown<ValueError>([&] { (void)largest_singular_values(op, 4); }),
            "largest_singular_values: 4 of 4, at least 1 and not all can be found");
}

}  // namespace
}  // namespace strum::test
