// The search: matrices with a hidden structure, given as plain arrays, are recognised.
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/algebra/scaled.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/search.hpp"
#include "strum/ops/identity.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using Eigen::MatrixXf;
using fit_reference::gaussian;

constexpr double kPi = std::numbers::pi;

/// cos(2πft/n) above sin(2πft/n).
MatrixXf real_dft(Index n) {
  return MatrixXf::NullaryExpr(2 * n, n, [n](Index f, Index t) {
    const double angle = 2 * kPi * static_cast<double>(f % n * t % n) / static_cast<double>(n);
    return static_cast<float>(f < n ? std::cos(angle) : std::sin(angle));
  });
}

MatrixXf dct2(Index n) {
  return MatrixXf::NullaryExpr(n, n, [n](Index f, Index t) {
    const auto phase = static_cast<double>((2 * t + 1) * f % (4 * n));
    return static_cast<float>(std::cos(kPi * phase / (2.0 * static_cast<double>(n))));
  });
}

MatrixXf hadamard(Index n) {
  return MatrixXf::NullaryExpr(n, n, [](Index f, Index t) {
    int ones = 0;
    for (Index both = f & t; both != 0; both &= both - 1) ++ones;
    return ones % 2 == 0 ? 1.0F : -1.0F;
  });
}

MatrixXd kronecker(Index n) {  // of n/32 x 16 and 32 x n/16
  const MatrixXd a = gaussian(n / 32, 16, 1), b = gaussian(32, n / 16, 2);
  return MatrixXd::NullaryExpr(
      n, n, [&](Index i, Index j) { return a(i / 32, j / (n / 16)) * b(i % 32, j % (n / 16)); });
}

fit::SearchOptions<float> untimed(double budget = 0.26) {
  fit::SearchOptions<float> options;
  options.budget = budget;
  options.batches = {};
  return options;
}

/// The smallest exact candidate; its operator is the matrix.
void expect_recognised(const MatrixXf& w, double fraction, const std::string& structure = "") {
  const auto result = fit::search(w, untimed(fraction));
  const auto* const found = result.smallest(1e-6);
  ASSERT_NE(found, nullptr);
  EXPECT_LE(static_cast<double>(found->parameter_count), fraction * static_cast<double>(w.size()));
  if (!structure.empty()) {
    EXPECT_EQ(found->structure, structure);
  }
  const MatrixXf dense = found->op.to_dense();
  EXPECT_LE((dense - w).cast<double>().norm(), 1.1e-6 * w.cast<double>().norm());
}

class Recognises : public ::testing::TestWithParam<Index> {};

TEST_P(Recognises, ARealDft) { expect_recognised(real_dft(GetParam()), 0.26, "Monarch"); }
TEST_P(Recognises, ADct) {
  expect_recognised(dct2(GetParam()), GetParam() < 512 ? 0.4 : 0.26, "Monarch");
}
TEST_P(Recognises, AHadamardMatrix) { expect_recognised(hadamard(GetParam()), 0.02); }
TEST_P(Recognises, AKroneckerProduct) {
  const Index n = GetParam();
  const double own = static_cast<double>(n / 32 * 16 + 32 * n / 16) / static_cast<double>(n * n);
  expect_recognised(kronecker(n).cast<float>(), own, "Kronecker");
}

// Of the sizes that users have; where the environment variable STRUM_TEST_SMALL is set, for
// checkers that slow everything down, a smaller one.
INSTANTIATE_TEST_SUITE_P(Sizes, Recognises,
                         ::testing::ValuesIn(std::getenv("STRUM_TEST_SMALL") != nullptr
                                                 ? std::vector<Index>{256}
                                                 : std::vector<Index>{512, 1024}));

TEST(Search, IsTheSameForEveryNumberOfThreads) {
  const MatrixXf w = gaussian(96, 80, 1).cast<float>();
  const auto run = [&](int threads) {
    set_num_threads(threads);
    auto result = fit::search(w, untimed());
    set_num_threads(0);
    return result;
  };
  const auto one = run(1), two = run(2);
  ASSERT_EQ(one.candidates.size(), two.candidates.size());
  EXPECT_EQ(one.proposed, two.proposed);
  for (std::size_t i = 0; i < one.candidates.size(); ++i) {
    const auto &a = one.candidates[i], &b = two.candidates[i];
    SCOPED_TRACE(a.structure + ", " + a.shape);
    EXPECT_EQ(a.shape, b.shape);
    EXPECT_EQ(a.relative_error, b.relative_error);
    EXPECT_EQ(a.on_front, b.on_front);
    EXPECT_EQ(MatrixXf(a.op.to_dense()), MatrixXf(b.op.to_dense()));
  }
}

TEST(Search, FrontIsAFrontAndItsErrorsAreTheOperators) {
  const MatrixXd w = gaussian(60, 64, 2);
  fit::SearchOptions<double> options;
  options.budget = 0.5;
  options.batches = {1, 3};
  const auto result = fit::search(w, options);
  ASSERT_TRUE(result.complete);
  ASSERT_EQ(result.dense_microseconds.size(), 2u);
  const auto front = result.front();
  ASSERT_GE(front.size(), 3u);
  double least = 2;
  for (const auto& candidate : result.candidates) {
    SCOPED_TRACE(candidate.structure + ", " + candidate.shape);
    EXPECT_LE(candidate.parameter_count, w.size() / 2);
    EXPECT_EQ(candidate.microseconds.size(), 2u);
    EXPECT_TRUE(candidate.on_front || candidate.relative_error > 0.98 * least);
    least = std::min(least, candidate.relative_error);
    if (!candidate.on_front) continue;
    EXPECT_EQ(candidate.op.parameter_count(), candidate.parameter_count);
    EXPECT_NEAR((MatrixXd(candidate.op.to_dense()) - w).norm() / w.norm(), candidate.relative_error,
                1e-10);
  }
}

TEST(Search, FindsTheFewestParametersForAnError) {
  Eigen::VectorXd sigma(40);
  for (Index i = 0; i < sigma.size(); ++i) sigma(i) = std::pow(0.5, static_cast<double>(i));
  const MatrixXd w = fit_reference::with_spectrum(40, 48, sigma, 3);
  fit::SearchOptions<double> options;
  options.budget = 1;
  options.batches = {};
  options.error = 1e-3;
  const auto result = fit::search(w, options);
  const auto* const found = result.smallest(1e-3);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->structure, "LowRank");
  EXPECT_EQ(found->shape, "rank 10");  // what is left is 2^-10·(1 + 1/4 + ...)^½, beside 2/√3
}

TEST(Search, ErrorOnGivenInputsIsWhatCounts) {
  // Inputs that have but four directions: rank 4 is enough on them, whatever W is.
  const MatrixXd w = gaussian(32, 40, 8), x = gaussian(40, 4, 9) * gaussian(4, 60, 10);
  fit::Calibration calibration(40);
  calibration.add(x);
  fit::SearchOptions<double> options;
  options.budget = 0.3;
  options.batches = {};
  options.calibration = &calibration;
  const auto result = fit::search(w, options);
  const auto* const found = result.smallest(1e-5);
  ASSERT_NE(found, nullptr);
  EXPECT_GT(found->relative_error, 0.5);
  EXPECT_LE((w * x - MatrixXd(found->op * x)).norm(), 1e-5 * (w * x).norm());
  const fit::Calibration other(39);
  options.calibration = &other;
  EXPECT_THROW((void)fit::search(w, options), ShapeError);
}

TEST(Search, AFamilyFromOutsideJoins) {
  const MatrixXd w = gaussian(16, 16, 4);
  fit::SearchOptions<double> options;
  options.batches = {};
  options.families = {
      {"Scaled identity", [](const fit::SearchTarget<double>& target) {
         fit::Proposal<double> proposal{.shape = "1", .parameter_count = 1};
         proposal.fit = [w = target.w] {
           return fit::Fit<AnyLinearOp<double>>{2.0 * Identity<double>(w.rows()), 0.5, 1};
         };
         return std::vector<fit::Proposal<double>>{proposal};
       }}};
  const auto result = fit::search(w, options);
  ASSERT_EQ(result.candidates.size(), 1u);
  EXPECT_EQ(result.candidates[0].structure, "Scaled identity");
  EXPECT_TRUE(result.candidates[0].on_front);
}

TEST(Search, IsCancelledAndTellsItsProgress) {
  const MatrixXf w = gaussian(64, 64, 5).cast<float>();
  auto options = untimed();
  std::vector<std::string> doing;
  options.on_progress = [&](const fit::SearchProgress& progress) {
    EXPECT_LE(progress.done, progress.of);
    doing.push_back(progress.doing);
  };
  const auto whole = fit::search(w, options);
  EXPECT_GE(doing.size(), whole.candidates.size());
  int asked = 0;
  options.cancelled = [&] { return ++asked > static_cast<int>(options.families.size()) + 2; };
  const auto part = fit::search(w, options);
  EXPECT_FALSE(part.complete);
  EXPECT_EQ(part.candidates.size(), 2u);
}

TEST(Search, RefusesBadOptions) {
  MatrixXf w = gaussian(8, 8, 6).cast<float>();
  EXPECT_THROW((void)fit::search(w, untimed(0)), ValueError);
  EXPECT_THROW((void)fit::search(w, untimed(1.5)), ValueError);
  auto options = untimed();
  options.error = -1;
  EXPECT_THROW((void)fit::search(w, options), ValueError);
  options = untimed();
  options.batches = {0};
  EXPECT_THROW((void)fit::search(w, options), ValueError);
  w(3, 4) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)fit::search(w, untimed()), ValueError);
}

TEST(Search, SmallAndEmptyMatricesHaveFewOrNoCandidates) {
  for (const Index n : {0, 1, 2, 3, 5}) {
    const auto result = fit::search(MatrixXf(gaussian(n, n + 1, 7).cast<float>()), untimed(1));
    for (const auto& candidate : result.candidates)
      EXPECT_LE(candidate.parameter_count, n * (n + 1));
  }
  const auto zero = fit::search(MatrixXf(MatrixXf::Zero(32, 32)), untimed());
  ASSERT_FALSE(zero.candidates.empty());
  EXPECT_EQ(zero.candidates[0].relative_error, 0);
}

}  // namespace
}  // namespace strum::test
