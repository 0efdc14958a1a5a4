// The fit of BLAST matrices: planted ones come back, no step makes the error larger, and the result
// is no worse than low rank.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/blast.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit_reference::gaussian;

/// Blocks of p x q.
MatrixXd planted(const fit::BlastShape& s, Index p, Index q, std::uint32_t seed) {
  const Blast<double> blast(random_tensor<double>({s.block_rows, p, s.rank}, seed),
                            random_tensor<double>({s.block_cols, s.rank, q}, seed + 1),
                            random_tensor<double>({s.block_rows, s.block_cols, s.rank}, seed + 2));
  return blast.to_dense();
}

double distance(const MatrixXd& w, const auto& op) {
  return (w - MatrixXd(op.to_dense())).norm() / w.norm();
}

TEST(FitBlast, RecoversPlantedMatrices) {
  for (const fit::BlastShape& shape :
       std::vector<fit::BlastShape>{{3, 3, 4}, {2, 4, 6}, {1, 3, 5}, {4, 2, 1}}) {
    int found = 0;
    for (std::uint32_t seed = 0; seed < 10; ++seed) {
      const MatrixXd w = planted(shape, 8, 6, 10 * seed);
      const auto fit = fit::blast(w, shape);
      EXPECT_NEAR(distance(w, fit.op), fit.relative_error, 1e-12);
      if (fit.relative_error <= 1e-6) ++found;
    }
    EXPECT_GE(found, 9) << shape.block_rows << " x " << shape.block_cols << ", " << shape.rank;
  }
}

TEST(FitBlast, FindsThemUnderNoiseAndInFloat) {
  const fit::BlastShape shape{4, 4, 5};
  const MatrixXd exact = planted(shape, 8, 8, 1);
  const MatrixXd noise = gaussian(32, 32, 4) * (1e-2 * exact.norm() / 32);
  const auto fit = fit::blast(MatrixXd(exact + noise), shape);
  EXPECT_LE(fit.relative_error, 1e-2);
  const auto in_float = fit::blast(Eigen::MatrixXf(exact.cast<float>()), shape);
  EXPECT_LE(in_float.relative_error, 1e-6);
  EXPECT_EQ(in_float.parameter_count, 5 * (32 + 32 + 16));
}

/// Gauss–Newton from the low-rank start alone, where blocks are smaller than the rank.
TEST(FitBlast, NeverStepsBackAndIsBetterThanLowRank) {
  for (const fit::BlastShape& shape :
       std::vector<fit::BlastShape>{{3, 4, 3}, {4, 3, 9}, {1, 1, 5}}) {
    const MatrixXd w = gaussian(24, 24, 5);
    const double low_rank =
        std::sqrt(fit_reference::squared_distance_to_rank(w, shape.rank)) / w.norm();
    Index steps = 0;
    double last = low_rank * (1 + 1e-12);
    const fit::AlternatingOptions options{.max_steps = 30,
                                          .on_step = [&](Index step, double error) {
                                            EXPECT_EQ(step, ++steps);
                                            EXPECT_LE(error, last);
                                            last = error;
                                          }};
    const auto fit = fit::blast(w, shape, options);
    EXPECT_NEAR(fit.relative_error, last, 1e-10);
    EXPECT_NEAR(distance(w, fit.op), fit.relative_error, 1e-12);
    if (shape.block_rows == 1) continue;  // low rank is all that it can be
    EXPECT_GE(steps, 10);
    EXPECT_LE(fit.relative_error, 0.97 * low_rank);
  }
}

/// Where the matrix has fewer singular values than r, and where it has none.
TEST(FitBlast, TakesMatricesOfSmallRank) {
  const MatrixXd w = gaussian(12, 2, 6) * gaussian(2, 12, 7);
  EXPECT_LE(fit::blast(w, {3, 3, 4}).relative_error, 1e-6);
  MatrixXd corner = MatrixXd::Zero(12, 12);  // whole rows and columns of blocks of zeros
  corner.topLeftCorner(4, 4) = gaussian(4, 4, 8);
  EXPECT_LE(fit::blast(corner, {3, 3, 4}).relative_error, 1e-6);
  const auto zero = fit::blast(MatrixXd(MatrixXd::Zero(12, 12)), {3, 3, 14});
  EXPECT_EQ(zero.relative_error, 0);
  EXPECT_EQ(MatrixXd(zero.op.to_dense()), MatrixXd::Zero(12, 12));
}

TEST(FitBlast, KeepsToTheRangeOfTheNumbers) {
  const MatrixXd w = gaussian(12, 12, 8);
  const double error = fit::blast(w, {2, 2, 3}).relative_error;
  for (const double scale : {0x1p-500, 0x1p500})
    EXPECT_NEAR(fit::blast(MatrixXd(w * scale), {2, 2, 3}).relative_error, error, 1e-9);
}

TEST(FitBlast, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd w = gaussian(256, 256, 10);  // enough to be cut
  const auto fitted = [&] {
    return MatrixXd(fit::blast(w, {4, 4, 64}, {.max_steps = 1}).op.to_dense());
  };
  const auto before = num_threads();
  set_num_threads(1);
  const MatrixXd one = fitted();
  set_num_threads(4);
  EXPECT_EQ(fitted(), one);
  set_num_threads(before);
}

TEST(FitBlast, RefusesWhatDoesNotFit) {
  MatrixXd w = gaussian(12, 10, 8);
  EXPECT_EQ(thrown<ShapeError>([&] {
              (void)fit::blast(w, {3, 3, 2});
            }),
            "fit::blast: the matrix is 12 x 10, 3 x 3 blocks of rank 2");
  EXPECT_THROW((void)fit::blast(w, {3, 0, 2}), ShapeError);
  EXPECT_THROW((void)fit::blast(w, {3, 5, 0}), ShapeError);
  EXPECT_EQ(thrown<ValueError>([&] {
              (void)fit::blast(w, {3, 5, 2}, {.max_steps = -1});
            }),
            "fit::blast: -1 steps");
  w(3, 4) = std::nan("");
  EXPECT_THROW((void)fit::blast(w, {3, 5, 2}), ValueError);
}

}  // namespace
}  // namespace strum::test
