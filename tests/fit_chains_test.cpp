// Fits of products of structured factors: what was planted comes back, and what has a known optimum
// is one.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/kronecker.hpp"
#include "strum/fit/monarch_chain.hpp"
#include "strum/fit/tensor_train.hpp"
#include "strum/fit/two_core_block_tensor_train.hpp"
#include "strum/ops/permutation.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit_reference::gaussian;

Tensor<double> tensor(const Shape& shape, std::uint32_t seed) {
  return random_tensor<double>(shape, seed);
}

/// What fit(W) says of its error is its error, and that is next to nothing, in double and rounded
/// to float.
template <class Fit>
void expect_recovered(const MatrixXd& w, const Fit& fit) {
  const auto in_double = fit(w);
  EXPECT_LE(in_double.relative_error, 1e-10);
  EXPECT_NEAR((in_double.op.to_dense() - w).norm() / w.norm(), in_double.relative_error, 1e-12);
  const auto in_float = fit(Eigen::MatrixXf(w.cast<float>()));
  EXPECT_LE(in_float.relative_error, 1e-6);
  EXPECT_EQ(in_float.parameter_count, in_double.parameter_count);
}

/// The error that is measured is that of the operator, and the optimum's.
template <class F>
void expect_optimum(const MatrixXd& w, const F& fit, double squared_optimum) {
  EXPECT_NEAR(fit.relative_error, (w - MatrixXd(fit.op.to_dense())).norm() / w.norm(), 1e-12);
  EXPECT_NEAR(fit.relative_error, std::sqrt(squared_optimum) / w.norm(), 1e-10);
}

/// R[i·nA + j, k·nB + l] = W[i·mB + k, j·nB + l].
MatrixXd van_loan(const MatrixXd& w, const fit::KroneckerShape& s) {
  MatrixXd r(s.a_rows * s.a_cols, s.b_rows * s.b_cols);
  for (Index i = 0; i < s.a_rows; ++i)
    for (Index j = 0; j < s.a_cols; ++j)
      for (Index k = 0; k < s.b_rows; ++k)
        for (Index l = 0; l < s.b_cols; ++l)
          r(i * s.a_cols + j, k * s.b_cols + l) = w(i * s.b_rows + k, j * s.b_cols + l);
  return r;
}

const fit::KroneckerShape kShape{5, 3, 4, 7};

TEST(FitKronecker, RecoversAProductAndASum) {
  const std::vector<Tensor<double>> one = {tensor({5, 3}, 1), tensor({4, 7}, 2)};
  const std::vector<Tensor<double>> other = {tensor({5, 3}, 3), tensor({4, 7}, 4)};
  const MatrixXd product = Kronecker<double>(one).to_dense();
  expect_recovered(product, [](const auto& w) { return fit::kronecker(w, kShape); });
  expect_recovered(MatrixXd(product + Kronecker<double>(other).to_dense()),
                   [](const auto& w) { return fit::kronecker_terms(w, kShape, 2); });
}

TEST(FitKronecker, IsTheOptimum) {
  const MatrixXd w = gaussian(20, 21, 5), blocks = van_loan(w, kShape);
  expect_optimum(w, fit::kronecker(w, kShape), fit_reference::squared_distance_to_rank(blocks, 1));
  for (const Index terms : {2, 7, 15})
    expect_optimum(w, fit::kronecker_terms(w, kShape, terms),
                   fit_reference::squared_distance_to_rank(blocks, terms));
}

TEST(FitKronecker, OfZeroIsZero) {
  const auto fit = fit::kronecker(MatrixXd(MatrixXd::Zero(20, 21)), kShape);
  EXPECT_EQ(fit.relative_error, 0);
  EXPECT_EQ(fit.op.to_dense(), MatrixXd::Zero(20, 21));
}

TEST(FitTwoCore, RecoversAndIsTheOptimum) {
  const TwoCoreShape shape{.m1 = 3, .m0 = 5, .n0 = 4, .n1 = 7, .rank = 2};
  const auto fitted = [&](const auto& w) { return fit::two_core_block_tensor_train(w, shape); };
  const TwoCoreBlockTensorTrain<double> planted(tensor({3, 5, 8}, 1), tensor({4, 6, 7}, 2));
  expect_recovered(MatrixXd(planted.to_dense()), fitted);
  const MatrixXd w = gaussian(28, 15, 3);
  double optimum = 0;
  for (Index o0 = 0; o0 < 4; ++o0)
    for (Index i1 = 0; i1 < 3; ++i1)
      optimum += fit_reference::squared_distance_to_rank(w.block(o0 * 7, i1 * 5, 7, 5), 2);
  expect_optimum(w, fitted(w), optimum);
}

TEST(FitTensorTrain, RecoversTrainsOfTwoAndThreeCores) {
  const TensorTrain<double> two({tensor({1, 3, 4, 2}, 1), tensor({2, 5, 2, 1}, 2)});
  expect_recovered(MatrixXd(two.to_dense()), [](const auto& w) {
    return fit::tensor_train(w, {{3, 5}, {4, 2}, 2});
  });
  const TensorTrain<double> three(
      {tensor({1, 3, 2, 3}, 1), tensor({3, 2, 5, 3}, 2), tensor({3, 4, 3, 1}, 3)});
  expect_recovered(MatrixXd(three.to_dense()), [](const auto& w) {
    return fit::tensor_train(w, {{3, 2, 4}, {2, 5, 3}, 3});
  });
}

/// Two cores are a sum of Kronecker products.
TEST(FitTensorTrain, OfTwoCoresIsTheOptimum) {
  const MatrixXd w = gaussian(20, 21, 6), blocks = van_loan(w, kShape);
  for (const Index rank : {1, 4})
    expect_optimum(w, fit::tensor_train(w, {{3, 7}, {5, 4}, rank}),
                   fit_reference::squared_distance_to_rank(blocks, rank));
  EXPECT_LE(fit::tensor_train(w, {{3, 7}, {5, 4}, 15}).relative_error, 1e-12);
}

TEST(FitMonarchChain, RecoversChains) {
  for (const std::vector<Index>& sizes :
       std::vector<std::vector<Index>>{{7}, {3, 4}, {4, 2, 3}, {2, 1, 3, 2}, {5, 1}}) {
    std::vector<Tensor<double>> factors;
    for (const Shape& shape : MonarchChain<double>::square(sizes))
      factors.push_back(tensor(shape, static_cast<std::uint32_t>(factors.size())));
    expect_recovered(MatrixXd(MonarchChain<double>(factors).to_dense()),
                     [&](const auto& w) { return fit::monarch_chain(w, sizes); });
  }
}

/// Of two factors each split is the whole fit: of sub-matrices of rank 1.
TEST(FitMonarchChain, OfTwoFactorsIsTheOptimum) {
  const MatrixXd w = gaussian(12, 12, 7);
  double optimum = 0;
  for (Index kappa = 0; kappa < 4; ++kappa)
    for (Index lambda = 0; lambda < 3; ++lambda) {
      const auto rows = Eigen::seqN(lambda, 4, 3);
      const auto cols = Eigen::seqN(kappa * 3, 3);
      optimum += fit_reference::squared_distance_to_rank(MatrixXd(w(rows, cols)), 1);
    }
  expect_optimum(w, fit::monarch_chain(w, {3, 4}), optimum);
}

TEST(FitButterfly, RecoversButterflies) {
  for (const auto& [n, radix] : std::vector<std::pair<Index, Index>>{{2, 2}, {16, 2}, {9, 3}}) {
    const ButterflyShape shape{.rows = n, .cols = n, .radix = radix};
    const Butterfly<double> planted(shape, tensor(Butterfly<double>::parameter_shape(shape), 1));
    expect_recovered(MatrixXd(planted.to_dense()),
                     [r = radix](const auto& w) { return fit::butterfly(w, r); });
  }
}

TEST(FitButterfly, RecognisesTheHadamardMatrix) {
  MatrixXd h = MatrixXd::Ones(1, 1);
  while (h.rows() < 128) {
    MatrixXd next(2 * h.rows(), 2 * h.rows());
    next << h, h, h, -h;
    h = next;
  }
  const auto fit = fit::butterfly(h);
  EXPECT_LE(fit.relative_error, 1e-12);
  EXPECT_EQ(fit.parameter_count, 2 * 128 * 7);
}

TEST(FitChains, KeepToTheRangeOfTheNumbers) {
  for (const double scale : {1e-150, 1e150}) {
    const MatrixXd w = gaussian(20, 21, 8) * scale, square = gaussian(12, 12, 9) * scale;
    const double error = fit::kronecker(w, kShape).relative_error;
    EXPECT_NEAR(error, fit::kronecker(MatrixXd(w / scale), kShape).relative_error, 1e-12);
    EXPECT_TRUE(std::isfinite(fit::tensor_train(w, {{3, 7}, {5, 4}, 2}).relative_error));
    EXPECT_TRUE(std::isfinite(fit::monarch_chain(square, {3, 2, 2}).relative_error));
  }
}

TEST(FitChains, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd w = gaussian(64, 64, 10);
  const auto fits = [&] {
    return std::vector<MatrixXd>{fit::butterfly(w).op.to_dense(),
                                 fit::kronecker(w, {8, 8, 8, 8}).op.to_dense(),
                                 fit::two_core_block_tensor_train(w, {8, 8, 8, 8, 2}).op.to_dense(),
                                 fit::tensor_train(w, {{4, 4, 4}, {4, 4, 4}, 5}).op.to_dense()};
  };
  fit_reference::expect_same_on_any_number_of_threads(fits);
}

TEST(FitChains, RefusesWhatDoesNotFit) {
  const MatrixXd w = gaussian(20, 21, 8);
  EXPECT_EQ(thrown<ShapeError>([&] {
              (void)fit::kronecker(w, {5, 3, 4, 6});
            }),
            "fit::kronecker: the matrix is 20 x 21, the factors 5 x 3 and 4 x 6");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::kronecker_terms(w, kShape, 0); }),
            "fit::kronecker_terms: 0 terms");
  EXPECT_EQ(thrown<ShapeError>([&] {
              (void)fit::tensor_train(w, {{3, 7}, {5, 5}, 2});
            }),
            "fit::tensor_train: the matrix is 20 x 21, the cores' product 25 x 21");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::butterfly(w); }),
            "fit::butterfly: the matrix is 20 x 21, the product of the block sizes 32");
  MatrixXd broken = w;
  broken(3, 4) = std::nan("");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::kronecker(broken, kShape); }),
            "fit::kronecker: entry (3, 4) is NaN or infinite");
}

}  // namespace
}  // namespace strum::test
