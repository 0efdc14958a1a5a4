// The diagonal blocks, and what lies outside of them.
#include "strum/fit/block_diagonal.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "fit_reference.hpp"

namespace {

using namespace fit_reference;

/// W where row and column belong to the same block, else 0.
MatrixXd inside(const MatrixXd& w, Index blocks) {
  const Index rows = (w.rows() + blocks - 1) / blocks, cols = (w.cols() + blocks - 1) / blocks;
  return MatrixXd::NullaryExpr(
      w.rows(), w.cols(), [&](Index i, Index j) { return i / rows == j / cols ? w(i, j) : 0; });
}

TEST(FitBlockDiagonal, KeepsTheBlocksBitForBit) {
  for (const auto& [m, n] : {std::pair<Index, Index>{1, 1}, {6, 6}, {13, 7}, {7, 13}, {1, 9}})
    for (const Index blocks : {1, 2, 3, 5, 20}) {
      SCOPED_TRACE(std::to_string(m) + " x " + std::to_string(n) + ", " + std::to_string(blocks));
      const Eigen::MatrixXf w = gaussian(m, n, 41).cast<float>();
      const MatrixXd wanted = inside(w.cast<double>(), blocks);
      const auto fit = strum::fit::block_diagonal(w, blocks);
      EXPECT_EQ(fit.op.to_dense().cast<double>(), wanted);
      EXPECT_EQ(fit.parameter_count, (wanted.array() != 0).count());
      const MatrixXd rest = w.cast<double>() - wanted;
      EXPECT_NEAR(fit.relative_error, rest.norm() / w.cast<double>().norm(),
                  static_cast<double>(m * n) * 0x1p-52);
      EXPECT_EQ(strum::fit::block_diagonal(wanted, blocks).relative_error, 0);
    }
}

TEST(FitBlockDiagonal, ExtremeScalesZeroAndEmpty) {
  const MatrixXd w = gaussian(6, 4, 42);
  const double error = strum::fit::block_diagonal(w, 2).relative_error;
  for (const int exponent : {-900, 1000})
    EXPECT_NEAR(strum::fit::block_diagonal(w * std::ldexp(1.0, exponent), 2).relative_error, error,
                1e-15);
  EXPECT_EQ(strum::fit::block_diagonal(MatrixXd::Zero(6, 4), 2).relative_error, 0);
  EXPECT_EQ(strum::fit::block_diagonal(MatrixXd(0, 4), 2).relative_error, 0);
  EXPECT_EQ(strum::fit::block_diagonal(MatrixXd(6, 0), 2).op.rows(), 6);
}

TEST(FitBlockDiagonal, RefusesBadInput) {
  MatrixXd w = gaussian(6, 4, 43);
  EXPECT_THROW((void)strum::fit::block_diagonal(w, 0), strum::ShapeError);
  w(5, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)strum::fit::block_diagonal(w, 2), strum::ValueError);
}

}  // namespace
