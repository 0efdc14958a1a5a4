// Fits of operators made of blocks: what was planted comes back, and what has a known optimum is
// one.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <Eigen/LU>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/block_butterfly.hpp"
#include "strum/fit/block_dense.hpp"
#include "strum/fit/block_low_rank.hpp"
#include "strum/fit/monarch_chain.hpp"
#include "strum/fit/orthogonal_block_diagonal.hpp"
#include "strum/fit/ragged_block_diagonal.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit_reference::gaussian;

Tensor<double> tensor(const Shape& shape, std::uint32_t seed) {
  return random_tensor<double>(shape, seed);
}

double distance(const MatrixXd& w, const auto& op) {
  return (w - MatrixXd(op.to_dense())).norm() / w.norm();
}

/// What fit(W) says of its error is its error, and that is next to nothing, in double and rounded
/// to float.
void expect_recovered(const MatrixXd& w, const auto& fit) {
  const auto in_double = fit(w);
  EXPECT_LE(in_double.relative_error, 1e-10);
  EXPECT_NEAR(distance(w, in_double.op), in_double.relative_error, 1e-12);
  const auto in_float = fit(Eigen::MatrixXf(w.cast<float>()));
  EXPECT_LE(in_float.relative_error, 1e-6);
  EXPECT_EQ(in_float.parameter_count, in_double.parameter_count);
}

/// The error that is measured is that of the operator, and the optimum's.
void expect_optimum(const MatrixXd& w, const auto& fit, double squared_optimum) {
  EXPECT_NEAR(fit.relative_error, distance(w, fit.op), 1e-12);
  EXPECT_NEAR(fit.relative_error, std::sqrt(squared_optimum) / w.norm(), 1e-10);
}

TEST(FitBlockDense, RecoversAndIsTheOptimum) {
  const BlockDense<double> planted(tensor({3, 2, 5}, 1), tensor({8, 6}, 2));
  expect_recovered(MatrixXd(planted.to_dense()),
                   [](const auto& w) { return fit::block_dense(w, 3, 6); });
  const MatrixXd w = gaussian(8, 15, 3);
  double optimum = 0;
  for (Index kappa = 0; kappa < 3; ++kappa)
    optimum += fit_reference::squared_distance_to_rank(w.middleCols(kappa * 5, 5), 2);
  expect_optimum(w, fit::block_dense(w, 3, 6), optimum);
  EXPECT_LE(fit::block_dense(w, 3, 21).relative_error, 1e-12);  // more than a block's columns
}

TEST(FitBlockLowRank, RecoversAndIsTheOptimum) {
  const BlockLowRank<double> planted(7, tensor({3, 5, 6}, 1), tensor({3, 6, 4}, 2));
  expect_recovered(MatrixXd(planted.to_dense()),
                   [](const auto& w) { return fit::block_low_rank(w, 3, 6); });
  const MatrixXd w = gaussian(12, 15, 3);
  double optimum = 0;
  for (Index j = 0; j < 3; ++j)
    for (Index i = 0; i < 3; ++i)
      optimum += fit_reference::squared_distance_to_rank(w.block(j * 4, i * 5, 4, 5), 2);
  expect_optimum(w, fit::block_low_rank(w, 3, 6), optimum);
}

TEST(FitBlockButterfly, RecoversBlockButterflies) {
  for (const auto& [n, block] : std::vector<std::pair<Index, Index>>{{2, 3}, {4, 3}, {16, 2}}) {
    const ButterflyShape shape{.rows = n * block, .cols = n * block, .block = block};
    const BlockButterfly<double> planted(shape,
                                         tensor(BlockButterfly<double>::parameter_shape(shape), 1));
    expect_recovered(MatrixXd(planted.to_dense()),
                     [b = block](const auto& w) { return fit::block_butterfly(w, b); });
  }
}

/// Of two factors one split is the whole fit; blocks of one entry are fit::butterfly's.
TEST(FitBlockButterfly, OfTwoFactorsIsTheOptimum) {
  const MatrixXd w = gaussian(12, 12, 7);
  double optimum = 0;
  for (Index kappa = 0; kappa < 2; ++kappa)
    for (Index lambda = 0; lambda < 2; ++lambda) {
      MatrixXd sub(6, 6);
      sub << w.block(lambda * 3, kappa * 6, 3, 6), w.block(6 + lambda * 3, kappa * 6, 3, 6);
      optimum += fit_reference::squared_distance_to_rank(sub, 3);
    }
  expect_optimum(w, fit::block_butterfly(w, 3), optimum);
  const MatrixXd square = gaussian(16, 16, 8);
  EXPECT_EQ(fit::block_butterfly(square, 1).relative_error, fit::butterfly(square).relative_error);
}

/// A matrix of these blocks, its rows and columns shuffled.
MatrixXd shuffled(const std::vector<MatrixXd>& blocks, std::uint32_t seed) {
  std::vector<Index> sizes[2];
  Index m = 0, n = 0;
  for (const MatrixXd& block : blocks) {
    m += block.rows();
    n += block.cols();
  }
  MatrixXd sorted = MatrixXd::Zero(m, n);
  Index row = 0, col = 0;
  for (const MatrixXd& block : blocks) {
    sorted.block(row, col, block.rows(), block.cols()) = block;
    row += block.rows();
    col += block.cols();
  }
  std::mt19937 generator(seed);
  for (int side = 0; side < 2; ++side) {
    sizes[side].resize(static_cast<std::size_t>(side == 0 ? m : n));
    std::iota(sizes[side].begin(), sizes[side].end(), Index{0});
    std::shuffle(sizes[side].begin(), sizes[side].end(), generator);
  }
  return sorted(sizes[0], sizes[1]);
}

std::vector<MatrixXd> ragged(std::uint32_t seed) {
  return {gaussian(3, 4, seed), 1e-2 * gaussian(5, 2, seed + 1), 10 * gaussian(2, 6, seed + 2),
          gaussian(7, 5, seed + 3), gaussian(1, 1, seed + 4)};
}
constexpr Index kRaggedParameters = 12 + 10 + 12 + 35 + 1;

TEST(FitRaggedBlockDiagonal, RecoversExactBlocks) {
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    const MatrixXd w = shuffled(ragged(10 * seed), seed);
    for (const Index blocks : {0, 5}) {
      const auto fit = fit::ragged_block_diagonal(w, {.blocks = blocks});
      EXPECT_EQ(fit.relative_error, 0) << seed;
      EXPECT_EQ(fit.parameter_count, kRaggedParameters) << seed;
      EXPECT_EQ(MatrixXd(fit.op.to_dense()), w);
    }
  }
}

TEST(FitRaggedBlockDiagonal, FindsBlocksUnderNoise) {
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    std::vector<MatrixXd> blocks = ragged(10 * seed);
    blocks[1] *= 100;  // to where the others are
    blocks[2] /= 10;
    blocks[4](0, 0) = 1;
    const MatrixXd exact = shuffled(blocks, seed);
    const MatrixXd w = exact + 1e-2 * gaussian(exact.rows(), exact.cols(), 1000 + seed);
    const auto fit = fit::ragged_block_diagonal(w, {.blocks = 5});
    EXPECT_EQ(fit.parameter_count, kRaggedParameters) << seed;
    EXPECT_NEAR(distance(w, fit.op), fit.relative_error, 1e-12);
    EXPECT_LE(fit.relative_error, 1.05 * (w - exact).norm() / w.norm()) << seed;
  }
}

TEST(FitRaggedBlockDiagonal, KeepsToALimitOfParameters) {
  const MatrixXd w = shuffled(ragged(1), 2);  // the block times 10 has 12 entries
  const auto fit = fit::ragged_block_diagonal(w, {.max_parameters = 12});
  EXPECT_EQ(fit.parameter_count, 12);
  EXPECT_LE(fit.relative_error, 0.3);
  EXPECT_NEAR(distance(w, fit.op), fit.relative_error, 1e-12);
  const MatrixXd dense = gaussian(20, 30, 3);
  for (const Index limit : {50, 300}) {
    const auto limited = fit::ragged_block_diagonal(dense, {.blocks = 4, .max_parameters = limit});
    EXPECT_LE(limited.parameter_count, limit);
    EXPECT_LT(limited.relative_error, 1);
  }
}

TEST(FitRaggedBlockDiagonal, TakesRowsOfZerosAndMatricesOfThem) {
  MatrixXd w = MatrixXd::Zero(4, 3);
  EXPECT_EQ(fit::ragged_block_diagonal(w).parameter_count, 0);
  EXPECT_EQ(fit::ragged_block_diagonal(w, {.blocks = 2}).relative_error, 0);
  w(1, 2) = 3;
  const auto fit = fit::ragged_block_diagonal(w);
  EXPECT_EQ(fit.parameter_count, 1);
  EXPECT_EQ(MatrixXd(fit.op.to_dense()), w);
}

/// ‖X − A‖² = ‖X‖² − 2·Σσ + b of the orthogonal A nearest to X, σ_b negative if A must not reflect.
double squared_distance_to_rotation(const MatrixXd& x) {
  double sum = 0, last = 0;
  for (const long double square : fit_reference::squared_singular_values(x))
    sum += last = static_cast<double>(std::sqrt(square));
  if (x.determinant() < 0) sum -= 2 * last;
  return x.squaredNorm() - 2 * sum + static_cast<double>(x.rows());
}

TEST(FitOrthogonalBlockDiagonal, RecoversAndIsTheOptimum) {
  const OrthogonalBlockDiagonal<double> planted(tensor({3, 10}, 1));
  expect_recovered(MatrixXd(planted.to_dense()),
                   [](const auto& w) { return fit::orthogonal_block_diagonal(w, 5); });
  for (const Index b : {1, 2, 4}) {
    MatrixXd w = gaussian(12, 12, 2);
    if (b == 4) w.col(0).setZero();  // a singular value of 0
    double optimum = w.squaredNorm();
    for (Index k = 0; k < 12; k += b) {
      const MatrixXd block = w.block(k, k, b, b);
      optimum += squared_distance_to_rotation(block) - block.squaredNorm();
    }
    expect_optimum(w, fit::orthogonal_block_diagonal(w, b), optimum);
  }
}

TEST(FitOrthogonalBlockDiagonal, TurnsReflectionsAndComesNearToHalfTurns) {
  MatrixXd reflection = fit_reference::orthonormal(4, 4, 3);
  if (reflection.determinant() > 0) reflection.col(0) *= -1;
  EXPECT_NEAR(fit::orthogonal_block_diagonal(reflection, 4).relative_error, 1, 1e-7);
  // Eigenvalue −1 twice, the others anywhere.
  MatrixXd turned = MatrixXd::Identity(6, 6);
  turned.topLeftCorner(2, 2) *= -1;
  turned.block(2, 2, 2, 2) << 0, -1, 1, 0;
  const MatrixXd basis = fit_reference::orthonormal(6, 6, 4);
  for (const MatrixXd& w :
       {MatrixXd(basis * turned * basis.transpose()), MatrixXd(-MatrixXd::Identity(6, 6))}) {
    const auto fit = fit::orthogonal_block_diagonal(w, 6);
    EXPECT_LE(fit.relative_error, 1e-7);
    EXPECT_NEAR(distance(w, fit.op), fit.relative_error, 1e-12);
    EXPECT_LE(fit::orthogonal_block_diagonal(Eigen::MatrixXf(w.cast<float>()), 6).relative_error,
              3e-3);
  }
}

TEST(FitBlocks, KeepToTheRangeOfTheNumbers) {
  for (const double scale : {1e-150, 1e150}) {
    const MatrixXd one = gaussian(12, 12, 8), w = one * scale;
    EXPECT_NEAR(fit::block_dense(w, 2, 4).relative_error,
                fit::block_dense(one, 2, 4).relative_error, 1e-12);
    EXPECT_NEAR(fit::block_butterfly(w, 3).relative_error,
                fit::block_butterfly(one, 3).relative_error, 1e-12);
    EXPECT_NEAR(fit::ragged_block_diagonal(w, {.blocks = 3}).relative_error,
                fit::ragged_block_diagonal(one, {.blocks = 3}).relative_error, 1e-12);
    EXPECT_TRUE(std::isfinite(fit::orthogonal_block_diagonal(w, 3).relative_error));
  }
}

TEST(FitBlocks, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd w = gaussian(192, 192, 10);
  const auto fits = [&] {
    return std::vector<MatrixXd>{
        fit::block_butterfly(w, 6).op.to_dense(), fit::block_dense(w, 4, 16).op.to_dense(),
        fit::block_low_rank(w, 4, 16).op.to_dense(),
        fit::orthogonal_block_diagonal(w, 24).op.to_dense(),
        fit::ragged_block_diagonal(w, {.blocks = 4, .max_parameters = 4000}).op.to_dense()};
  };
  fit_reference::expect_same_on_any_number_of_threads(fits);
}

TEST(FitBlocks, RefuseWhatDoesNotFit) {
  const MatrixXd w = gaussian(20, 21, 8), square = gaussian(20, 20, 9);
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::block_dense(w, 4, 8); }),
            "fit::block_dense: the matrix is 20 x 21, 4 blocks, rank 8");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::block_low_rank(square, 4, 6); }),
            "fit::block_low_rank: the matrix is 20 x 20, 4 x 4 blocks, rank 6");
  for (const Index block : {-1, 0, 4, 20})
    EXPECT_THROW((void)fit::block_butterfly(square, block), ShapeError) << block;
  EXPECT_THROW((void)fit::orthogonal_block_diagonal(square, 3), ShapeError);
  EXPECT_THROW((void)fit::orthogonal_block_diagonal(w, 1), ShapeError);
  EXPECT_THROW((void)fit::ragged_block_diagonal(w, {.blocks = -1}), ValueError);
  EXPECT_THROW((void)fit::ragged_block_diagonal(MatrixXd(0, 3)), ShapeError);
  EXPECT_THROW((void)fit::butterfly(square, Index{1} << 62), ShapeError);
  MatrixXd broken = square;
  broken(3, 4) = std::nan("");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::ragged_block_diagonal(broken); }),
            "fit::ragged_block_diagonal: entry (3, 4) is NaN or infinite");
}

}  // namespace
}  // namespace strum::test
