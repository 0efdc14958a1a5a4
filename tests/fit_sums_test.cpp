// Sums of a low-rank matrix and a structured one: planted ones come back, no step makes the error
// larger.
#include "strum/fit/sums.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/monarch.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit::AlternatingOptions;
using fit_reference::gaussian;
using AnyFit = fit::Fit<AnyLinearOp<double>>;

MatrixXd low_rank(Index m, Index n, Index rank, std::uint32_t seed) {
  return gaussian(m, rank, seed) * gaussian(rank, n, seed + 1000);
}

/// `count` normal entries of this size at random places.
MatrixXd sparse(Index m, Index n, Index count, double size, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::vector<Index> places(static_cast<std::size_t>(m * n));
  std::iota(places.begin(), places.end(), Index{0});
  std::shuffle(places.begin(), places.end(), generator);
  const MatrixXd values = size * gaussian(count, 1, seed + 1);
  MatrixXd s = MatrixXd::Zero(m, n);
  for (Index i = 0; i < count; ++i) s.data()[places[static_cast<std::size_t>(i)]] = values(i);
  return s;
}

MatrixXd blocks_of(const MatrixXd& a, Index rows, Index cols) {
  return MatrixXd::NullaryExpr(
      a.rows(), a.cols(), [&](Index i, Index j) { return i / rows == j / cols ? a(i, j) : 0.0; });
}

const MonarchShape kShape = MonarchShape::of_rank(36, 30, 6, 6, 1);

MatrixXd monarch(std::uint32_t seed) {
  Tensor<double> w1({kShape.k, kShape.q, kShape.p}), w2({kShape.l, kShape.s, kShape.r});
  const MatrixXd one = gaussian(w1.size(), 1, seed), two = gaussian(w2.size(), 1, seed + 1);
  std::copy_n(one.data(), one.size(), w1.data());
  std::copy_n(two.data(), two.size(), w2.data());
  return Monarch<double>(kShape, w1, w2).to_dense();
}

/// One of the fits, and matrices that it should fit exactly.
struct Problem {
  const char* name;
  std::function<MatrixXd(std::uint32_t seed)> planted;
  std::function<AnyFit(const MatrixXd&, const AlternatingOptions&)> fit;
  Index parameters;
};

const std::vector<Problem> kProblems = {
    {"low rank + a tenth",
     [](std::uint32_t seed) {
       return MatrixXd(low_rank(38, 30, 3, seed) + sparse(38, 30, 114, 1.5, seed));
     },
     [](const MatrixXd& w, const AlternatingOptions& o) {
       return fit::low_rank_plus_sparse(w, 3, 114, o);
     },
     3 * 68 + 114},
    {"low rank + a fifth",
     [](std::uint32_t seed) {
       return MatrixXd(low_rank(40, 40, 3, seed) + sparse(40, 40, 320, 5, seed));
     },
     [](const MatrixXd& w, const AlternatingOptions& o) {
       return fit::low_rank_plus_sparse(w, 3, 320, o);
     },
     3 * 80 + 320},
    {"low rank + block-diagonal",
     [](std::uint32_t seed) {
       return MatrixXd(low_rank(36, 31, 4, seed) + blocks_of(gaussian(36, 31, seed), 8, 7));
     },
     [](const MatrixXd& w, const AlternatingOptions& o) {
       return fit::low_rank_plus_block_diagonal(w, 4, 5, o);
     },
     4 * 67 + 4 * 56 + 4 * 3},
    {"diagonal + low rank",
     [](std::uint32_t seed) {
       return MatrixXd(low_rank(30, 30, 8, seed) + blocks_of(3 * gaussian(30, 30, seed), 1, 1));
     },
     [](const MatrixXd& w, const AlternatingOptions& o) {
       return fit::diagonal_plus_low_rank(w, 8, o);
     },
     8 * 60 + 30},
    {"Monarch + low rank",
     [](std::uint32_t seed) { return MatrixXd(low_rank(36, 30, 2, seed) + monarch(seed)); },
     [](const MatrixXd& w, const AlternatingOptions& o) {
       return fit::monarch_plus_low_rank(w, kShape, 2, o);
     },
     2 * 66 + kShape.parameter_count()}};

/// The errors after each step.
std::vector<double> errors_of(const Problem& problem, const MatrixXd& w, AnyFit& result) {
  std::vector<double> errors;
  AlternatingOptions options;
  options.on_step = [&](Index step, double error) {
    EXPECT_EQ(step, static_cast<Index>(errors.size()) + 1);
    errors.push_back(error);
  };
  result = problem.fit(w, options);
  return errors;
}

TEST(FitSums, RecoverPlantedSumsInMonotoneSteps) {
  for (const Problem& problem : kProblems) {
    SCOPED_TRACE(problem.name);
    int found = 0;
    std::size_t most = 0;
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
      const MatrixXd w = problem.planted(seed);
      AnyFit result;
      const std::vector<double> errors = errors_of(problem, w, result);
      found += result.relative_error <= 1e-6;
      most = std::max(most, errors.size());
      EXPECT_TRUE(std::is_sorted(errors.rbegin(), errors.rend()));
      EXPECT_NEAR(result.relative_error, (w - result.op.to_dense()).norm() / w.norm(), 1e-12);
      EXPECT_LE(result.relative_error, errors.back() + 1e-14);
      EXPECT_EQ(result.parameter_count, problem.parameters);
    }
    EXPECT_GE(found, 9);
    EXPECT_LE(most, 100U);
  }
}

TEST(FitSums, LeaveNoMoreThanTheNoise) {
  for (const Problem& problem : kProblems) {
    SCOPED_TRACE(problem.name);
    const MatrixXd planted = problem.planted(20);
    const MatrixXd noise = 1e-2 * gaussian(planted.rows(), planted.cols(), 21);
    const MatrixXd w = planted + noise;
    AnyFit result;
    const std::vector<double> errors = errors_of(problem, w, result);
    EXPECT_TRUE(std::is_sorted(errors.rbegin(), errors.rend()));
    EXPECT_LE(result.relative_error, noise.norm() / w.norm());
    EXPECT_GE(result.relative_error, 0.5 * noise.norm() / w.norm());
  }
}

TEST(FitSums, PublishedErrorOfAGaussianMatrix) {
  const MatrixXd w = fit_reference::numpy_gaussian(256, 256) / 16;
  EXPECT_NEAR(fit::low_rank_plus_sparse(w, 0, 2304).relative_error * w.norm(), 14.05731301, 5e-9);
}

/// What is left where one of the two has nothing to do is the other's own fit.
TEST(FitSums, OfOneMatrixAreItsFit) {
  const MatrixXd w = gaussian(36, 30, 30);
  EXPECT_NEAR(fit::monarch_plus_low_rank(w, kShape, 0).relative_error,
              fit::monarch(w, kShape).relative_error, 1e-14);
  EXPECT_NEAR(fit::low_rank_plus_block_diagonal(w, 0, 4).relative_error,
              (w - blocks_of(w, 9, 8)).norm() / w.norm(), 1e-14);
  EXPECT_NEAR(fit::low_rank_plus_sparse(w, 4, 0).relative_error, fit::low_rank(w, 4).relative_error,
              1e-14);
  EXPECT_LE(fit::low_rank_plus_block_diagonal(w, 5, 1).relative_error, 1e-15);
  EXPECT_LE(fit::low_rank_plus_sparse(w, 3, 36 * 30).relative_error, 1e-15);
  EXPECT_LE(fit::low_rank_plus_sparse(w, 30, 7).relative_error, 1e-13);
}

TEST(FitSums, RoundWeightsOnlyAtTheEnd) {
  for (const double scale : {1e-30, 1.0, 1e30}) {
    const MatrixXd w = scale * kProblems[0].planted(3);
    const auto narrow = fit::low_rank_plus_sparse(Eigen::MatrixXf(w.cast<float>()), 3, 114);
    EXPECT_LE(narrow.relative_error, 2e-7);
    EXPECT_GE(narrow.relative_error, 1e-9);
    const double wide = scale * scale * scale * scale * scale;  // up to 1e±150
    EXPECT_LE(fit::low_rank_plus_sparse(MatrixXd(w * (wide / scale)), 3, 114).relative_error,
              1e-13);
  }
}

TEST(FitSums, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd w = gaussian(150, 150, 40);
  AlternatingOptions few;
  few.max_steps = 9;
  const auto fits = [&] {
    return std::vector<MatrixXd>{
        fit::low_rank_plus_sparse(w, 5, 300, few).op.to_dense(),
        fit::diagonal_plus_low_rank(w, 5, few).op.to_dense(),
        fit::monarch_plus_low_rank(w, MonarchShape::of_rank(150, 150, 10, 10, 1), 5, few)
            .op.to_dense()};
  };
  fit_reference::expect_same_on_any_number_of_threads(fits);
}

TEST(FitSums, OfZeroAndOfNothing) {
  const MatrixXd zero = MatrixXd::Zero(12, 12);
  const MonarchShape shape = MonarchShape::of_rank(12, 12, 3, 4, 1);
  for (const MatrixXd& w : {zero, MatrixXd(0, 0)}) {
    const Index rank = w.rows() / 4;
    EXPECT_EQ(fit::low_rank_plus_sparse(w, rank, rank).op.to_dense(), w);
    EXPECT_EQ(fit::low_rank_plus_block_diagonal(w, rank, 3).op.to_dense(), w);
    EXPECT_EQ(fit::diagonal_plus_low_rank(w, rank).op.to_dense(), w);
  }
  EXPECT_EQ(fit::monarch_plus_low_rank(zero, shape, 2).op.to_dense(), zero);
}

TEST(FitSums, RefuseWhatDoesNotFit) {
  MatrixXd w = gaussian(6, 5, 1);
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::low_rank_plus_sparse(w, 2, 31); }),
            "fit::low_rank_plus_sparse: 31 non-zero entries of a 6 x 5 matrix");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::low_rank_plus_sparse(w, 6, 2); }),
            "fit::low_rank_plus_sparse: rank 6 is outside [0, 5] of a 6 x 5 matrix");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::diagonal_plus_low_rank(w, 2); }),
            "fit::diagonal_plus_low_rank: the matrix is 6 x 5, needs to be square");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::monarch_plus_low_rank(w, kShape, 2); }),
            "fit::monarch_plus_low_rank: the matrix is 6 x 5, the shape 36 x 30");
  EXPECT_THROW((void)fit::low_rank_plus_block_diagonal(w, 2, 0), ShapeError);
  AlternatingOptions none;
  none.max_steps = 0;
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::low_rank_plus_block_diagonal(w, 2, 2, none); }),
            "fit: at most 0 steps, needs 1 or more");
  w(3, 4) = std::numeric_limits<double>::infinity();
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::low_rank_plus_block_diagonal(w, 2, 2); }),
            "fit::low_rank_plus_block_diagonal: entry (3, 4) is NaN or infinite");
}

}  // namespace
}  // namespace strum::test
