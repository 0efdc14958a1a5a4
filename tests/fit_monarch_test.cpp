// The projection on Monarch matrices: optimal for every shape, exact where the structure is there.
#include "strum/fit/monarch.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"

namespace {

using namespace fit_reference;
using strum::MonarchInput;
using strum::MonarchShape;
using strum::Tensor;

std::string text(const MonarchShape& s) {
  std::string result = s.input == MonarchInput::strided ? "strided" : "in order";
  for (const Index i : {s.k, s.q, s.p, s.l, s.s, s.r, s.rows, s.cols})
    (result += ' ') += std::to_string(i);
  return result;
}

/// Every kind of shape: square, l dividing q or not, q < l (some sub-matrices without any rank),
/// padding in rows and columns, blocks that are padding throughout, more rank than a sub-matrix
/// has, no rank at all, nothing at all; each with input in order and strided.
std::vector<MonarchShape> shapes() {
  std::vector<MonarchShape> list = {
      MonarchShape::exact(1, 1, 1, 1, 1, 1),
      MonarchShape::square(16),
      MonarchShape::square(25),
      MonarchShape::exact(3, 5, 7, 5, 4, 3),
      MonarchShape::exact(4, 5, 6, 4, 7, 5),
      MonarchShape::exact(4, 5, 6, 10, 3, 2),
      MonarchShape::exact(4, 1, 3, 2, 5, 2),
      MonarchShape::exact(6, 2, 3, 4, 5, 3),
      MonarchShape::exact(2, 7, 3, 1, 9, 14),
      MonarchShape::exact(1, 6, 11, 3, 5, 2),
      MonarchShape::layer(5, 7, 6),
      MonarchShape::layer(29, 31, 4),
      MonarchShape::layer(50, 20, 5),
      MonarchShape::of_rank(17, 13, 3, 4, 2),
      MonarchShape::of_rank(4, 4, 2, 2, 5),
      MonarchShape::of_rank(6, 6, 2, 2, 0),
      MonarchShape::exact(2, 4, 0, 2, 3, 4),
      MonarchShape::exact(2, 4, 5, 2, 0, 4),
  };
  list.push_back({3, 4, 5, 4, 3, 3, 11, 13});
  list.push_back({3, 4, 5, 4, 3, 3, 2, 1});
  const std::size_t count = list.size();
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back(list[i]);
    list.back().input = MonarchInput::strided;
  }
  return list;
}

/// The factors as dense matrices, straight from OPERATORS: h = first·x, y = second·h.
struct Factors {
  MatrixXd first, second;
  [[nodiscard]] MatrixXd product() const { return second * first; }
};

Index column(const MonarchShape& s, Index kappa, Index i) {
  return s.input == MonarchInput::strided ? kappa + s.k * i : kappa * s.p + i;
}

template <class Scalar>
Factors factors(const MonarchShape& s, const Tensor<Scalar>& w1, const Tensor<Scalar>& w2) {
  Factors f{MatrixXd::Zero(s.k * s.q, s.cols), MatrixXd::Zero(s.rows, s.l * s.r)};
  for (Index kappa = 0; kappa < s.k; ++kappa)
    for (Index j = 0; j < s.q; ++j)
      for (Index i = 0; i < s.p; ++i)
        if (column(s, kappa, i) < s.cols)
          f.first(kappa * s.q + j, column(s, kappa, i)) = static_cast<double>(w1(kappa, j, i));
  for (Index lambda = 0; lambda < s.l; ++lambda)
    for (Index sigma = 0; sigma < s.s; ++sigma)
      for (Index rho = 0; rho < s.r; ++rho)
        if (sigma * s.l + lambda < s.rows)
          f.second(sigma * s.l + lambda, rho * s.l + lambda) =
              static_cast<double>(w2(lambda, sigma, rho));
  return f;
}

template <class Scalar>
Factors factors(const strum::Monarch<Scalar>& op) {
  return factors(op.shape(), op.get("blkdiag1"), op.get("blkdiag2"));
}

Tensor<double> random_tensor(strum::Shape shape, std::uint32_t seed) {
  Tensor<double> tensor(std::move(shape));
  const MatrixXd values = gaussian(tensor.size(), 1, seed);
  std::copy_n(values.data(), values.size(), tensor.data());
  return tensor;
}

/// A matrix that is a Monarch of this shape.
MatrixXd planted(const MonarchShape& s) {
  return factors(s, random_tensor({s.k, s.q, s.p}, 21), random_tensor({s.l, s.s, s.r}, 22))
      .product();
}

/// Most hidden values that one sub-matrix can pass through.
Index largest_rank(const MonarchShape& s) { return (s.q + s.l - 1) / std::max<Index>(1, s.l); }

double rounding(const MonarchShape& s) {
  return static_cast<double>(s.rows + s.cols + s.q + s.r + 8) * 0x1p-52;
}

/// Squared error of the best projection: dropped σ² of every sub-matrix.
double squared_optimum(const MatrixXd& w, const MonarchShape& s) {
  double sum = 0;
  for (Index kappa = 0; kappa < s.k; ++kappa)
    for (Index lambda = 0; lambda < s.l; ++lambda) {
      std::vector<Index> rows, cols;
      for (Index i = 0; i < s.rows; ++i)
        if (i % s.l == lambda) rows.push_back(i);
      for (Index j = 0; j < s.cols; ++j)
        if ((s.input == MonarchInput::strided ? j % s.k : j / s.p) == kappa) cols.push_back(j);
      Index rank = 0;
      for (Index t = kappa * s.q; t < (kappa + 1) * s.q; ++t) rank += t % s.l == lambda ? 1 : 0;
      sum += squared_distance_to_rank(w(rows, cols), rank);
    }
  return sum;
}

TEST(FitMonarch, ReportedErrorIsTheMeasuredOne) {
  for (const MonarchShape& shape : shapes()) {
    SCOPED_TRACE(text(shape));
    const MatrixXd w = gaussian(shape.rows, shape.cols, 31);
    const auto fit = strum::fit::monarch(w, shape);
    EXPECT_EQ(fit.op.shape(), shape);
    EXPECT_EQ(fit.parameter_count, shape.parameter_count());
    const double norm = w.size() > 0 ? w.norm() : 1;
    EXPECT_NEAR(fit.relative_error, (w - fit.op.to_dense()).norm() / norm, rounding(shape));
    EXPECT_NEAR(fit.relative_error, (w - factors(fit.op).product()).norm() / norm, rounding(shape));

    // The error is relative to the float matrix, whose norm differs from w's.
    const Eigen::MatrixXf narrow = w.cast<float>();
    const MatrixXd wide = narrow.cast<double>();
    const auto narrow_fit = strum::fit::monarch(narrow, shape);
    EXPECT_NEAR(narrow_fit.relative_error,
                (wide - factors(narrow_fit.op).product()).norm() / (w.size() > 0 ? wide.norm() : 1),
                rounding(shape));
  }
}

TEST(FitMonarch, OptimalForEveryShape) {
  for (const MonarchShape& shape : shapes()) {
    SCOPED_TRACE(text(shape));
    const MatrixXd flat = gaussian(shape.rows, shape.cols, 32);
    // Rows and columns fade, so that what is dropped is far below what is kept.
    MatrixXd graded = flat;
    for (Index i = 0; i < graded.rows(); ++i)
      for (Index j = 0; j < graded.cols(); ++j)
        graded(i, j) *= std::pow(10.0, -0.4 * static_cast<double>(i + j));
    for (const MatrixXd& w : {flat, graded}) {
      const double error = strum::fit::monarch(w, shape).relative_error * w.norm();
      EXPECT_TRUE(is_optimal(error * error, squared_optimum(w, shape), w)) << error;
    }
  }
}

/// One step of alternating least squares: the best w1 for this w2, then the best w2 for that.
/// Knows nothing of sub-matrices and their ranks.
void alternate(const MatrixXd& w, const MonarchShape& s, Factors& f) {
  for (Index kappa = 0; kappa < s.k; ++kappa) {
    const MatrixXd basis = f.second.middleCols(kappa * s.q, s.q);
    const Eigen::CompleteOrthogonalDecomposition<MatrixXd> solver(basis);
    for (Index i = 0; i < s.p; ++i) {
      const Index j = column(s, kappa, i);
      if (j < s.cols) f.first.block(kappa * s.q, j, s.q, 1) = solver.solve(w.col(j));
    }
  }
  for (Index lambda = 0; lambda < s.l; ++lambda) {
    MatrixXd hidden(s.r, s.cols);
    for (Index rho = 0; rho < s.r; ++rho) hidden.row(rho) = f.first.row(rho * s.l + lambda);
    const Eigen::CompleteOrthogonalDecomposition<MatrixXd> solver(hidden.transpose());
    for (Index i = lambda; i < s.rows; i += s.l) {
      const Eigen::VectorXd weights = solver.solve(w.row(i).transpose());
      for (Index rho = 0; rho < s.r; ++rho) f.second(i, rho * s.l + lambda) = weights[rho];
    }
  }
}

TEST(FitMonarch, AlternatingLeastSquaresFindsNothingBetter) {
  for (const MonarchShape& shape : shapes()) {
    if (shape.rows * shape.cols * shape.q == 0) continue;
    SCOPED_TRACE(text(shape));
    const MatrixXd w = gaussian(shape.rows, shape.cols, 33);
    const auto fit = strum::fit::monarch(w, shape);
    // From the fit, and from a little beside it: a weight that is 0 would stay 0.
    for (const double noise : {0.0, 1e-2}) {
      Tensor<double> w2 = fit.op.get("blkdiag2");
      const Tensor<double> d2 = random_tensor(w2.shape(), 51);
      for (Index i = 0; i < w2.size(); ++i) w2[i] += noise * d2[i];
      Factors f = factors(shape, fit.op.get("blkdiag1"), w2);
      for (int step = 0; step < 20; ++step) alternate(w, shape, f);
      EXPECT_GE((w - f.product()).norm() / w.norm(), fit.relative_error - 20 * rounding(shape));
    }
  }
}

TEST(FitMonarch, NeighboursAreWorse) {
  for (const MonarchShape& shape : shapes()) {
    if (shape.rows * shape.cols * shape.q == 0) continue;
    SCOPED_TRACE(text(shape));
    const MatrixXd w = gaussian(shape.rows, shape.cols, 34);
    const auto fit = strum::fit::monarch(w, shape);
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
      Tensor<double> w1 = fit.op.get("blkdiag1"), w2 = fit.op.get("blkdiag2");
      const Tensor<double> d1 = random_tensor(w1.shape(), seed);
      const Tensor<double> d2 = random_tensor(w2.shape(), seed + 100);
      const double size = std::pow(10.0, -static_cast<double>(seed % 4));
      for (Index i = 0; i < w1.size(); ++i) w1[i] += size * d1[i];
      for (Index i = 0; i < w2.size(); ++i) w2[i] += size * d2[i];
      const double error = (w - factors(shape, w1, w2).product()).norm() / w.norm();
      EXPECT_GE(error, fit.relative_error - rounding(shape));
    }
  }
}

TEST(FitMonarch, RecoversPlantedStructure) {
  for (const MonarchShape& shape : shapes()) {
    SCOPED_TRACE(text(shape));
    const MatrixXd w = planted(shape);
    const auto fit = strum::fit::monarch(w, shape);
    EXPECT_LE(fit.relative_error, 4 * rounding(shape));

    // Rounding W and each factor to float: 2^-24 of ‖W‖ and of Σσ <= √rank·‖W‖.
    const double terms = 1.01 + 2 * std::sqrt(static_cast<double>(largest_rank(shape)));
    EXPECT_LE(strum::fit::monarch(w.cast<float>(), shape).relative_error, 0x1p-24 * terms);
  }
}

TEST(FitMonarch, FloatErrorIsThatOfTheStoredWeights) {
  const MonarchShape shape = MonarchShape::exact(4, 8, 16, 4, 16, 8);
  const auto fit = strum::fit::monarch(planted(shape).cast<float>(), shape);
  EXPECT_GT(fit.relative_error, 1e-8);
  EXPECT_LT(fit.relative_error, 2e-7);
}

TEST(FitMonarch, StridedInputIsAPermutationOfColumns) {
  MonarchShape shape{3, 4, 5, 4, 3, 3, 12, 15};
  const MatrixXd w = gaussian(12, 15, 35);
  MatrixXd permuted(12, 15);
  for (Index kappa = 0; kappa < 3; ++kappa)
    for (Index i = 0; i < 5; ++i) permuted.col(kappa * 5 + i) = w.col(kappa + 3 * i);
  const auto in_order = strum::fit::monarch(permuted, shape);
  shape.input = MonarchInput::strided;
  const auto strided = strum::fit::monarch(w, shape);
  EXPECT_EQ(strided.relative_error, in_order.relative_error);
  EXPECT_EQ(strided.op.get("blkdiag1"), in_order.op.get("blkdiag1"));
  EXPECT_EQ(strided.op.get("blkdiag2"), in_order.op.get("blkdiag2"));
}

TEST(FitMonarch, SameBitsWithAnyNumberOfThreads) {
  // One sub-matrix, so tall that Eigen would cut its sums by the number of threads; many small
  // ones.
  for (const auto& shape : {MonarchShape::of_rank(3000, 80, 1, 1, 9), MonarchShape::square(1024)}) {
    const MatrixXd w = gaussian(shape.rows, shape.cols, 36);
    const auto outside = strum::fit::monarch(w, shape);
    std::vector<strum::fit::Fit<strum::Monarch<double>>> inside(2);
    // Inside a parallel region a fit has one thread.
    strum::parallel_for(2,
                        [&](Index i) { inside[std::size_t(i)] = strum::fit::monarch(w, shape); });
    for (const auto& fit : inside) {
      EXPECT_EQ(fit.relative_error, outside.relative_error);
      EXPECT_EQ(fit.op.get("blkdiag1"), outside.op.get("blkdiag1"));
      EXPECT_EQ(fit.op.get("blkdiag2"), outside.op.get("blkdiag2"));
    }
  }
}

TEST(FitMonarch, DegenerateSubMatricesAndScales) {
  const MonarchShape shape = MonarchShape::of_rank(12, 12, 3, 3, 2);
  EXPECT_EQ(strum::fit::monarch(MatrixXd::Zero(12, 12), shape).relative_error, 0);
  MatrixXd sparse = MatrixXd::Zero(12, 12);
  sparse(4, 7) = -3;  // one entry: eight sub-matrices are zero, one has rank 1
  EXPECT_LE(strum::fit::monarch(sparse, shape).relative_error, rounding(shape));

  const MatrixXd w = gaussian(12, 12, 37);
  const double error = strum::fit::monarch(w, shape).relative_error;
  for (const int exponent : {-900, -301, 300, 1000})
    EXPECT_NEAR(strum::fit::monarch(w * std::ldexp(1.0, exponent), shape).relative_error, error,
                rounding(shape))
        << exponent;
  for (const int exponent : {-100, 120}) {
    const Eigen::MatrixXf narrow = (w * std::ldexp(1.0, exponent)).cast<float>();
    EXPECT_NEAR(strum::fit::monarch(narrow, shape).relative_error, error, 4 * 0x1p-24) << exponent;
  }

  // A sub-matrix 1e-200 times the size of the others gets its own best fit.
  MatrixXd uneven = w;
  for (Index i = 0; i < 12; i += 3) uneven.row(i).head(4) *= 1e-200;
  const Factors f = factors(strum::fit::monarch(uneven, shape).op);
  MatrixXd sub(4, 4), fitted(4, 4);
  for (Index i = 0; i < 4; ++i) {
    sub.row(i) = uneven.row(3 * i).head(4) * 1e200;
    fitted.row(i) = f.product().row(3 * i).head(4) * 1e200;
  }
  const double missed = (sub - fitted).norm();
  EXPECT_TRUE(is_optimal(missed * missed, squared_distance_to_rank(sub, 2), sub)) << missed;
}

TEST(FitMonarch, RefusesBadInput) {
  const MonarchShape shape = MonarchShape::square(16);
  MatrixXd w = gaussian(16, 16, 38);
  EXPECT_THROW((void)strum::fit::monarch(w.topRows(15), shape), strum::ShapeError);
  EXPECT_THROW((void)strum::fit::monarch(w.leftCols(15), shape), strum::ShapeError);
  EXPECT_THROW((void)strum::fit::monarch(w, {4, 4, 4, 4, 4, 3, 16, 16}), strum::ShapeError);
  EXPECT_THROW((void)strum::fit::monarch(w, {4, 4, 4, 4, 3, 4, 16, 16}), strum::ShapeError);
  w(3, 9) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)strum::fit::monarch(w, shape), strum::ValueError);
  w(3, 9) = -std::numeric_limits<double>::infinity();
  EXPECT_THROW((void)strum::fit::monarch(w.cast<float>(), shape), strum::ValueError);
}

}  // namespace
