// The best approximation of low rank: optimal on every kind of spectrum, honest about its error.
#include "strum/fit/low_rank.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"

namespace {

using namespace fit_reference;
using strum::MatrixView;
using strum::fit::LowRankOptions;
using strum::fit::SvdMethod;

/// U·V of the stored weights, in double.
template <class Scalar>
MatrixXd product(const strum::LowRank<Scalar>& op) {
  const auto u = op.get("lr2"), v = op.get("lr1");
  MatrixXd sum = MatrixXd::Zero(op.rows(), op.cols());
  for (Index a = 0; a < op.rank(); ++a)
    for (Index i = 0; i < op.rows(); ++i)
      for (Index j = 0; j < op.cols(); ++j)
        sum(i, j) += static_cast<double>(u(i, a)) * static_cast<double>(v(a, j));
  return sum;
}

/// Rounding of a sum of `rank` products and of a norm, relative to ‖W‖_F.
double rounding(Index rank, const MatrixXd& w) {
  return static_cast<double>(rank + w.rows() + w.cols() + 8) * 0x1p-52;
}

struct Size {
  Index m, n;
};
const std::vector<Size> kSizes = {{1, 1}, {1, 7}, {7, 1}, {5, 5}, {13, 29}, {29, 13}, {64, 47}};

TEST(FitLowRank, ReportedErrorIsTheMeasuredOneAndOptimal) {
  for (const auto& [m, n] : kSizes) {
    const MatrixXd w = gaussian(m, n, 1);
    const auto values = squared_singular_values(w);
    for (Index rank = 0; rank <= std::min(m, n); rank += 3) {
      SCOPED_TRACE(std::to_string(m) + " x " + std::to_string(n) + ", " + std::to_string(rank));
      const auto fit = strum::fit::low_rank(w, rank);
      EXPECT_EQ(fit.op.rank(), rank);
      EXPECT_EQ(fit.parameter_count, rank * (m + n));
      const double measured = (w - product(fit.op)).norm() / w.norm();
      EXPECT_NEAR(fit.relative_error, measured, rounding(rank, w));
      EXPECT_NEAR(fit.relative_error, (w - fit.op.to_dense()).norm() / w.norm(), rounding(rank, w));
      const double error = fit.relative_error * w.norm();
      EXPECT_TRUE(is_optimal(error * error, squared_tail(values, rank), w));
    }
  }
}

TEST(FitLowRank, OptimalOnDifficultSpectra) {
  const Index m = 40, n = 31;
  const auto powers = [&](double ratio) {
    return Eigen::VectorXd(
        Eigen::VectorXd::NullaryExpr(n, [&](Index i) { return std::pow(ratio, double(i)); }));
  };
  Eigen::VectorXd clusters(n), close(n), step(n);
  for (Index i = 0; i < n; ++i) {
    clusters[i] = std::pow(10.0, -3.0 * double(i / 6));
    close[i] = 1 + 1e-7 * double(n - i);
    step[i] = i < 9 ? 1 : 1e-9;
  }
  const std::vector<Eigen::VectorXd> spectra = {
      powers(0.5), powers(0.1), powers(0.02), clusters, close, step, Eigen::VectorXd::Ones(n)};
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    const MatrixXd w = with_spectrum(m, n, spectra[s], 3);
    const auto values = squared_singular_values(w);
    for (Index rank = 1; rank <= n; ++rank) {
      SCOPED_TRACE("spectrum " + std::to_string(s) + ", rank " + std::to_string(rank));
      const double error = strum::fit::low_rank(w, rank).relative_error * w.norm();
      EXPECT_TRUE(is_optimal(error * error, squared_tail(values, rank), w)) << error;
    }
  }
}

TEST(FitLowRank, RecoversPlantedStructure) {
  for (const auto& [m, n] : kSizes)
    for (const auto method : {SvdMethod::exact, SvdMethod::randomized}) {
      SCOPED_TRACE(std::to_string(m) + " x " + std::to_string(n));
      const Index rank = (std::min(m, n) + 2) / 3;
      const MatrixXd w = gaussian(m, rank, 5) * gaussian(rank, n, 6);
      LowRankOptions options;
      options.method = method;
      EXPECT_LE(strum::fit::low_rank(w, rank, options).relative_error, 4 * rounding(rank, w));

      // Rounding W and each factor to float: 2^-24 of ‖W‖ and of Σσ <= √rank·‖W‖.
      const Eigen::MatrixXf narrow = w.cast<float>();
      const double error = strum::fit::low_rank(narrow, rank, options).relative_error;
      EXPECT_LE(error, 0x1p-24 * (1.01 + 2 * std::sqrt(double(rank))));
      const auto fit = strum::fit::low_rank(narrow, rank, options);
      const MatrixXd wide = narrow.cast<double>();
      EXPECT_NEAR(error, (wide - product(fit.op)).norm() / wide.norm(), rounding(rank, w));
      if (rank > 1) {
        EXPECT_GT(error, 1e-9) << "the dropped singular values, not the weights";
      }
    }
}

TEST(FitLowRank, TriplesAreBalancedAndOrdered) {
  const MatrixXd w = gaussian(23, 17, 8);
  const auto values = squared_singular_values(w);
  const auto op = strum::fit::low_rank(w, 6).op;
  const MatrixXd u = to_double(op.get("lr2")), v = to_double(op.get("lr1"));
  for (Index a = 0; a < 6; ++a) {
    const double root = std::sqrt(std::sqrt(double(values[std::size_t(a)])));
    EXPECT_NEAR(u.col(a).norm(), root, 1e-12);
    EXPECT_NEAR(v.row(a).norm(), root, 1e-12);
  }
}

TEST(FitLowRank, PublishedErrorOfAGaussianMatrix) {
  const MatrixXd w = numpy_gaussian(256, 256) / 16;
  EXPECT_NEAR(strum::fit::low_rank(w, 4).relative_error * w.norm(), 15.45335441, 5e-9);
}

TEST(FitLowRank, RandomizedKeepsItsBound) {
  // Without power iterations the mean squared error of the untruncated range is at most
  // (1 + rank / (oversampling − 1)) times the optimum (Halko, Martinsson, Tropp 2011, 10.5);
  // truncation adds at most the optimum again.
  const Index rank = 6;
  Eigen::VectorXd sigma(60);
  for (Index i = 0; i < 60; ++i) sigma[i] = 1 / (1.0 + double(i));
  const MatrixXd w = with_spectrum(80, 60, sigma, 11);
  const double optimum = squared_distance_to_rank(w, rank);
  double previous = std::numeric_limits<double>::infinity();
  for (Index power = 0; power < 4; ++power) {
    LowRankOptions options{SvdMethod::randomized, 5, power, 0};
    double sum = 0;
    for (options.seed = 0; options.seed < 50; ++options.seed) {
      const double error = strum::fit::low_rank(w, rank, options).relative_error * w.norm();
      EXPECT_GE(error * error, optimum * (1 - 1e-12));
      sum += error * error / 50;
    }
    EXPECT_LE(sum, (2 + double(rank) / 4) * optimum);
    EXPECT_LT(sum, previous) << "power iteration " << power;
    previous = sum;
  }
  EXPECT_LE(previous, 1.001 * optimum);
}

TEST(FitLowRank, RandomizedKeepsItsSpectralBound) {
  // e·√(r + p)/p·... of corollary 10.10, and σ_{r+1} for the truncation.
  const Index rank = 6, extra = 5;
  Eigen::VectorXd sigma(40);
  for (Index i = 0; i < 40; ++i) sigma[i] = 1 / (1.0 + double(i));
  const MatrixXd w = with_spectrum(50, 40, sigma, 11);
  for (Index power = 0; power < 3; ++power) {
    double mean = 0;
    const int count = 8;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
      const auto fit = strum::fit::low_rank(w, rank, {SvdMethod::randomized, extra, power, seed});
      mean += std::sqrt(double(squared_singular_values(w - product(fit.op))[0])) / count;
    }
    const double s = 2 * double(power) + 1;
    const double tail = std::sqrt(sigma.tail(40 - rank).array().pow(2 * s).sum());
    const double bound = (1 + std::sqrt(rank / (extra - 1.0))) * std::pow(sigma[rank], s) +
                         std::exp(1.0) * std::sqrt(rank + extra) / extra * tail;
    EXPECT_LE(mean, std::pow(bound, 1 / s) + sigma[rank]) << "power iteration " << power;
    EXPECT_GE(mean, sigma[rank]);
  }
}

TEST(FitLowRank, ToAnErrorTakesTheSmallestRank) {
  const MatrixXd w = gaussian(64, 47, 15);
  const auto values = squared_singular_values(w);
  LowRankOptions random;
  random.method = SvdMethod::randomized;
  for (const double error : {1.5, 1.0, 0.9, 0.5, 0.1, 1e-3}) {
    SCOPED_TRACE(error);
    Index rank = 0;
    while (std::sqrt(squared_tail(values, rank)) > error * w.norm()) ++rank;
    const auto exact = strum::fit::low_rank_to_error(w, error);
    EXPECT_EQ(exact.op.rank(), rank);
    EXPECT_NEAR(exact.relative_error, strum::fit::low_rank(w, rank).relative_error, 1e-14);
    EXPECT_LE(exact.relative_error, error);
    const auto near = strum::fit::low_rank_to_error(w, error, random);
    EXPECT_LE(near.relative_error, error);
    EXPECT_GE(near.op.rank(), rank);
    EXPECT_LE(near.op.rank(), rank + 2);
  }
  for (const LowRankOptions& options : {LowRankOptions{}, random}) {
    const auto all = strum::fit::low_rank_to_error(w, 0, options);
    EXPECT_LE(all.relative_error, rounding(47, w));
    const MatrixXd planted = gaussian(40, 3, 16) * gaussian(3, 35, 17);
    EXPECT_EQ(strum::fit::low_rank_to_error(planted, 1e-9, options).op.rank(), 3);
    EXPECT_EQ(strum::fit::low_rank_to_error(MatrixXd::Zero(4, 3), 0, options).op.rank(), 0);
    EXPECT_EQ(strum::fit::low_rank_to_error(MatrixXd(0, 3), 0.5, options).op.cols(), 3);
    for (const double bad : {-0.1, std::numeric_limits<double>::quiet_NaN()})
      EXPECT_THROW((void)strum::fit::low_rank_to_error(w, bad, options), strum::ValueError);
  }
}

TEST(FitLowRank, RandomizedAtFullWidthIsExact) {
  const MatrixXd w = gaussian(20, 15, 12);
  const LowRankOptions options{SvdMethod::randomized, 1000, 0, 3};
  EXPECT_NEAR(strum::fit::low_rank(w, 4, options).relative_error,
              strum::fit::low_rank(w, 4).relative_error, 4 * rounding(4, w));
}

TEST(FitLowRank, SameBitsWithAnyNumberOfThreadsAndForOneSeed) {
  // Tall enough that Eigen would cut the sums of WᵀW, and differently for two threads.
  const MatrixXd w = gaussian(3000, 80, 13);
  for (const auto method : {SvdMethod::exact, SvdMethod::randomized}) {
    const LowRankOptions options{method, 10, 1, 7};
    const auto outside = strum::fit::low_rank(w, 70, options);
    std::vector<strum::fit::Fit<strum::LowRank<double>>> inside(2);
    // Inside a parallel region a fit has one thread.
    strum::parallel_for(
        2, [&](Index i) { inside[std::size_t(i)] = strum::fit::low_rank(w, 70, options); });
    for (const auto& fit : inside) {
      EXPECT_EQ(fit.relative_error, outside.relative_error);
      EXPECT_EQ(fit.op.get("lr1"), outside.op.get("lr1"));
      EXPECT_EQ(fit.op.get("lr2"), outside.op.get("lr2"));
    }
  }
  const auto a = strum::fit::low_rank(w, 5, {SvdMethod::randomized, 2, 0, 1});
  const auto b = strum::fit::low_rank(w, 5, {SvdMethod::randomized, 2, 0, 2});
  EXPECT_NE(a.relative_error, b.relative_error);
}

TEST(FitLowRank, AnyScaleAndLayout) {
  const MatrixXd w = gaussian(12, 9, 14);
  const auto fit = strum::fit::low_rank(w, 3);
  for (const int exponent : {-1060, -900, -301, 300, 1000}) {
    const MatrixXd scaled = w * std::ldexp(1.0, exponent);
    // Subnormal entries are rounded themselves: 12·9 of them, to 2^-1075 each.
    const double rounded = exponent < -1000 ? 11 * std::ldexp(1.0, -1075 - exponent) / w.norm() : 0;
    EXPECT_NEAR(strum::fit::low_rank(scaled, 3).relative_error, fit.relative_error, rounded + 1e-15)
        << exponent;
  }
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = w;
  EXPECT_EQ(strum::fit::low_rank(rows, 3).op.get("lr1"), fit.op.get("lr1"));
  MatrixXd large = MatrixXd::Constant(24, 9, std::numeric_limits<double>::quiet_NaN());
  MatrixView<double> every_second(large.data(), 12, 9, 2, 24);
  for (Index j = 0; j < 9; ++j)
    for (Index i = 0; i < 12; ++i) every_second(i, j) = w(i, j);
  EXPECT_EQ(strum::fit::low_rank(every_second, 3).op.get("lr1"), fit.op.get("lr1"));
  EXPECT_EQ(strum::fit::low_rank(w + MatrixXd::Zero(12, 9), 3).relative_error, fit.relative_error);
}

TEST(FitLowRank, ZeroAndEmptyMatrices) {
  EXPECT_EQ(strum::fit::low_rank(MatrixXd::Zero(4, 3), 2).relative_error, 0);
  EXPECT_TRUE(strum::fit::low_rank(MatrixXd::Zero(4, 3), 2).op.to_dense().isZero(0));
  EXPECT_EQ(strum::fit::low_rank(gaussian(4, 3, 1), 0).relative_error, 1);
  for (const auto method : {SvdMethod::exact, SvdMethod::randomized})
    for (const auto& [m, n] : {Size{0, 0}, Size{0, 3}, Size{3, 0}}) {
      LowRankOptions options;
      options.method = method;
      const auto fit = strum::fit::low_rank(MatrixXd(m, n), 0, options);
      EXPECT_EQ(fit.relative_error, 0);
      EXPECT_EQ(fit.op.rows(), m);
      EXPECT_EQ(fit.op.cols(), n);
    }
}

TEST(FitLowRank, RefusesBadInput) {
  MatrixXd w = gaussian(4, 3, 1);
  EXPECT_THROW((void)strum::fit::low_rank(w, -1), strum::ValueError);
  EXPECT_THROW((void)strum::fit::low_rank(w, 4), strum::ValueError);
  EXPECT_THROW((void)strum::fit::low_rank(w, 1, {SvdMethod::randomized, -1, 0, 0}),
               strum::ValueError);
  EXPECT_THROW((void)strum::fit::low_rank(w, 1, {SvdMethod::randomized, 0, -1, 0}),
               strum::ValueError);
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    w(2, 1) = bad;
    try {
      (void)strum::fit::low_rank(w, 1);
      FAIL() << "accepted " << bad;
    } catch (const strum::ValueError& error) {
      EXPECT_NE(std::string(error.what()).find("(2, 1)"), std::string::npos) << error.what();
    }
  }
}

TEST(FitLowRank, RankForRatio) {
  EXPECT_EQ(strum::fit::rank_for_ratio(1024, 1024, 0.25), 128);
  EXPECT_EQ(strum::fit::rank_for_ratio(258, 256, 0.5), 64);
  EXPECT_EQ(strum::fit::rank_for_ratio(3, 5, 0.1), 0);
  EXPECT_EQ(strum::fit::rank_for_ratio(0, 5, 1), 0);
  EXPECT_THROW((void)strum::fit::rank_for_ratio(3, 5, -0.1), strum::ValueError);
  EXPECT_THROW((void)strum::fit::rank_for_ratio(-3, 5, 0.1), strum::ShapeError);
}

}  // namespace
