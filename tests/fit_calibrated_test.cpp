// Fits on the inputs of a layer: optima where there are some, never worse than fits without inputs,
// and honest where the inputs leave something out.
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/calibrated.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/fit/two_core_block_tensor_train.hpp"
#include "strum/nn/linear.hpp"
#include "strum/ops/dense.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit::Calibration;
using fit_reference::gaussian;

/// Samples with correlated entries, a falling spectrum and a mean that is not 0.
MatrixXd inputs(Index features, Index samples, std::uint32_t seed) {
  const auto falling = Eigen::VectorXd::LinSpaced(features, 0, -2).array().exp().matrix();
  const MatrixXd mix = gaussian(features, features, seed) * falling.asDiagonal();
  return (mix * gaussian(features, samples, seed + 1)).colwise() + mix.col(0);
}

Calibration calibration(const MatrixXd& x) {
  Calibration result(x.rows());
  result.add(x);
  return result;
}

/// ‖(W − Ŵ)·X‖ / ‖W·X‖ from the samples themselves.
double error_on(const MatrixXd& x, const MatrixXd& w, const MatrixXd& fitted) {
  return ((w - fitted) * x).norm() / (w * x).norm();
}

const auto kPadded =
    MonarchShape{.k = 4, .q = 6, .p = 6, .l = 3, .s = 7, .r = 8, .rows = 20, .cols = 23};
const auto kStrided = MonarchShape::exact(4, 6, 6, 3, 7, 8, MonarchInput::strided);
const auto kFewHidden = MonarchShape::exact(4, 3, 6, 6, 4, 2);  // sub-matrices of rank 0 and 1
const TwoCoreShape kTwoCore{.m1 = 4, .m0 = 6, .n0 = 3, .n1 = 7, .rank = 2};

TEST(FitCalibrated, LowRankIsTheOptimum) {
  for (const auto& [m, n] : std::vector<std::pair<Index, Index>>{{17, 24}, {24, 17}, {1, 5}}) {
    const MatrixXd w = gaussian(m, n, 1), x = inputs(n, 60, 2);
    const auto values = fit_reference::squared_singular_values(w * x);
    for (Index rank = 0; rank <= std::min(m, n); rank += 4) {
      const auto fit = fit::low_rank(w, rank, calibration(x));
      const double optimum = std::sqrt(fit_reference::squared_tail(values, rank)) / (w * x).norm();
      EXPECT_NEAR(fit.calibrated_error, optimum, 1e-10);
      EXPECT_NEAR(fit.calibrated_error, error_on(x, w, fit.op.to_dense()), 1e-10);
      EXPECT_NEAR(fit.relative_error, (w - fit.op.to_dense()).norm() / w.norm(), 1e-12);
      EXPECT_EQ(fit.shift, 0);
      EXPECT_EQ(fit.parameter_count, rank * (m + n));
    }
  }
}

TEST(FitCalibrated, RandomizedLowRankIsNearTheOptimum) {
  const MatrixXd w = gaussian(40, 50, 1), x = inputs(50, 200, 2);
  const auto best = fit::low_rank(w, 5, calibration(x));
  const auto fit =
      fit::low_rank(w, 5, calibration(x), {.method = fit::SvdMethod::randomized, .seed = 3});
  EXPECT_GE(fit.calibrated_error, best.calibrated_error * (1 - 1e-12));
  EXPECT_LE(fit.calibrated_error, best.calibrated_error * 1.01);
}

/// The optimum is each block row's regression on its own inputs, here by QR of the samples.
TEST(FitCalibrated, BlockDiagonalIsTheOptimum) {
  for (const Index blocks : {1, 3, 5}) {
    const MatrixXd w = gaussian(14, 22, 3), x = inputs(22, 50, 4);
    const auto fit = fit::block_diagonal(w, blocks, calibration(x));
    const MatrixXd fitted = fit.op.to_dense();
    MatrixXd best = MatrixXd::Zero(14, 22);
    const Index height = (14 + blocks - 1) / blocks, width = (22 + blocks - 1) / blocks;
    for (Index b = 0; b < blocks; ++b) {
      const Index row = b * height, col = b * width;
      const Index rows = std::min(height, 14 - row), cols = std::min(width, 22 - col);
      const MatrixXd seen = x.middleRows(col, cols).transpose();
      const MatrixXd wanted = (w.middleRows(row, rows) * x).transpose();
      best.block(row, col, rows, cols) =
          Eigen::HouseholderQR<MatrixXd>(seen).solve(wanted).transpose();
    }
    EXPECT_NEAR((fitted - best).norm(), 0, 1e-10 * w.norm()) << blocks;
    EXPECT_NEAR(fit.calibrated_error, error_on(x, w, best), 1e-10);
    EXPECT_EQ(fit.shift, 0);
  }
}

template <class Fit>
void expect_recovered(const MatrixXd& w, const Fit& fit) {
  const Calibration inputs_of_w = calibration(inputs(w.cols(), 2 * w.cols(), 5));
  const auto in_double = fit(w, inputs_of_w);
  EXPECT_LE(in_double.relative_error, 1e-10);
  EXPECT_LE(in_double.calibrated_error, 1e-10);
  const auto in_float = fit(Eigen::MatrixXf(w.cast<float>()), inputs_of_w);
  EXPECT_LE(in_float.relative_error, 1e-5);
  EXPECT_LE(in_float.calibrated_error, 1e-6);
  EXPECT_EQ(in_float.parameter_count, in_double.parameter_count);
}

TEST(FitCalibrated, RecoversWhatWasPlanted) {
  expect_recovered(gaussian(20, 3, 1) * gaussian(3, 23, 2),
                   [](const auto& w, const auto& c) { return fit::low_rank(w, 3, c); });
  const BlockDiagonal<double> blocks(random_tensor<double>({3, 7, 8}, 1), 20, 23);
  expect_recovered(blocks.to_dense(),
                   [](const auto& w, const auto& c) { return fit::block_diagonal(w, 3, c); });
  for (const MonarchShape& s : {kPadded, kStrided, kFewHidden}) {
    const Monarch<double> planted(s, random_tensor<double>({s.k, s.q, s.p}, 1),
                                  random_tensor<double>({s.l, s.s, s.r}, 2));
    expect_recovered(planted.to_dense(),
                     [&](const auto& w, const auto& c) { return fit::monarch(w, s, c); });
  }
  const TwoCoreBlockTensorTrain<double> train(random_tensor<double>({4, 6, 6}, 1),
                                              random_tensor<double>({3, 8, 7}, 2));
  expect_recovered(train.to_dense(), [&](const auto& w, const auto& c) {
    return fit::two_core_block_tensor_train(w, kTwoCore, c);
  });
}

/// Every step makes the error on the inputs smaller, the last one says what the fit is, and at the
/// end no small change of the weights brings more than the tolerance.
template <class Fit>
void expect_monotone(Index m, Index n, const Fit& fit) {
  const MatrixXd w = gaussian(m, n, 6), x = inputs(n, 80, 7);
  std::vector<double> errors;
  fit::AlternatingOptions options;
  options.max_steps = 2000;
  options.tolerance = 1e-9;
  options.on_step = [&](Index step, double error) {
    errors.push_back(error);
    EXPECT_EQ(step, static_cast<Index>(errors.size()));
  };
  const auto result = fit(w, calibration(x), options);
  ASSERT_GE(errors.size(), 3U);
  for (std::size_t i = 1; i < errors.size(); ++i) EXPECT_LE(errors[i], errors[i - 1]);
  EXPECT_NEAR(result.calibrated_error, errors.back(), 1e-10);
  EXPECT_NEAR(result.calibrated_error, error_on(x, w, result.op.to_dense()), 1e-10);
  for (const ParameterInfo& parameter : result.op.parameters()) {
    const Tensor<double> change = random_tensor<double>(parameter.shape, 8);
    for (const double size : {-1e-3, 1e-3}) {
      auto other = result.op;
      Tensor<double> weights = other.get(parameter.name);
      for (Index i = 0; i < weights.size(); ++i) weights[i] += size * change[i];
      other.set(parameter.name, weights);
      EXPECT_GE(fit::calibrated_error(w, other, calibration(x)), result.calibrated_error);
    }
  }
}

TEST(FitCalibrated, StepsNeverMakeItWorse) {
  for (const MonarchShape& s : {kPadded, kStrided, kFewHidden})
    expect_monotone(s.rows, s.cols, [&](const auto& w, const auto& c, const auto& o) {
      return fit::monarch(w, s, c, o);
    });
  expect_monotone(21, 24, [](const auto& w, const auto& c, const auto& o) {
    return fit::two_core_block_tensor_train(w, kTwoCore, c, o);
  });
}

/// No inputs known, fewer steps, fewer samples than features: never worse on the inputs than the
/// fit of the matrix alone, and better by far where the inputs are correlated.
TEST(FitCalibrated, IsBetterOnTheInputsThanAFitWithoutThem) {
  const MatrixXd w = gaussian(21, 24, 9);
  for (const Index samples : {100, 12}) {
    const MatrixXd x = inputs(24, samples, 10);
    const Calibration c = calibration(x);
    const auto expect_better = [&](const auto& plain, const auto& fit, double factor) {
      EXPECT_LE(fit.calibrated_error, factor * fit::calibrated_error(w, plain.op, c));
      EXPECT_GE(fit.relative_error, plain.relative_error * (1 - 1e-12));
    };
    const MonarchShape s = kStrided;
    expect_better(fit::low_rank(w, 4), fit::low_rank(w, 4, c), 0.9);
    expect_better(fit::block_diagonal(w, 3), fit::block_diagonal(w, 3, c), 0.9);
    expect_better(fit::monarch(w, s), fit::monarch(w, s, c), 0.7);
    expect_better(fit::monarch(w, s), fit::monarch(w, s, c, {.max_steps = 0}), 1);
    expect_better(fit::two_core_block_tensor_train(w, kTwoCore),
                  fit::two_core_block_tensor_train(w, kTwoCore, c), 0.7);
  }
}

/// Two blocks whose largest inputs cancel each other: block by block these look like what matters.
TEST(FitCalibrated, StartsFromTheMatrixAloneWhereThatIsBetter) {
  MatrixXd w(2, 4), x = gaussian(4, 50, 26);
  w << 1, 0, 1, 0, 0, 2, 0, 2;
  x.row(0) *= 4;
  x.row(2) = 0.1 * x.row(2) - x.row(0);
  const auto fit =
      fit::monarch(w, MonarchShape::exact(2, 1, 2, 1, 2, 2), calibration(x), {.max_steps = 0});
  EXPECT_LE(fit.calibrated_error, 0.1);
}

/// White inputs are none.
TEST(FitCalibrated, OnWhiteInputsIsTheFitOfTheMatrix) {
  const MatrixXd w = gaussian(21, 24, 11);
  const Calibration c = calibration(MatrixXd::Identity(24, 24));
  const auto expect_same = [&](const auto& plain, const auto& fit) {
    EXPECT_LE((plain.op.to_dense() - fit.op.to_dense()).norm(), 1e-10 * w.norm());
    EXPECT_NEAR(fit.calibrated_error, fit.relative_error, 1e-12);
  };
  expect_same(fit::low_rank(w, 4), fit::low_rank(w, 4, c));
  expect_same(fit::block_diagonal(w, 3), fit::block_diagonal(w, 3, c));
  expect_same(fit::monarch(w, kStrided), fit::monarch(w, kStrided, c));
  expect_same(fit::two_core_block_tensor_train(w, kTwoCore),
              fit::two_core_block_tensor_train(w, kTwoCore, c));
}

TEST(FitCalibrated, ReportsWhatTheInputsLeaveOut) {
  const MatrixXd w = gaussian(21, 24, 12);
  MatrixXd repeated = inputs(24, 80, 13), dead = repeated;
  repeated.row(1) = 3 * repeated.row(0);
  dead.row(5).setZero();
  const MatrixXd few = inputs(24, 4, 14), none = MatrixXd::Zero(24, 7);
  for (const MatrixXd& x : {repeated, dead, few, none}) {
    const Calibration c = calibration(x);
    const auto expect_sound = [&](const auto& fit) {
      EXPECT_TRUE(fit.op.to_dense().allFinite());
      EXPECT_LE(fit.op.to_dense().norm(), 10 * w.norm());
      EXPECT_GT(fit.shift, 0);
      EXPECT_LT(fit.shift, 1e-4 * std::max(1.0, x.squaredNorm()));
    };
    expect_sound(fit::low_rank(w, 7, c));
    expect_sound(fit::block_diagonal(w, 3, c));
    expect_sound(fit::monarch(w, MonarchShape::exact(4, 6, 6, 3, 7, 8), c));
    expect_sound(fit::two_core_block_tensor_train(w, kTwoCore, c));
  }
  // Four directions: a rank of 4 is enough, and the rest of the rank goes to W itself.
  const auto fit = fit::low_rank(w, 8, calibration(few));
  EXPECT_LE(fit.calibrated_error, 1e-6);
  EXPECT_LE(fit.relative_error, 0.9);
  // Samples enough for every block, though not for all features.
  const MatrixXd twelve = inputs(24, 12, 15);
  EXPECT_EQ(fit::block_diagonal(w, 3, calibration(twelve)).shift, 0);
  EXPECT_EQ(fit::low_rank(w, 0, calibration(MatrixXd::Zero(24, 7))).calibrated_error, 0);
}

/// Inputs in other units are the same inputs: no shift for them, and the same optimum.
TEST(FitCalibrated, TakesInputsOfAnySize) {
  const MatrixXd w = gaussian(10, 12, 16), x = inputs(12, 40, 17);
  const double error = fit::low_rank(w, 3, calibration(x)).calibrated_error;
  const Eigen::VectorXd units = Eigen::VectorXd::LinSpaced(12, -12, 12).array().exp();
  const auto other =
      fit::low_rank(w * units.cwiseInverse().asDiagonal(), 3, calibration(units.asDiagonal() * x));
  EXPECT_EQ(other.shift, 0);
  EXPECT_NEAR(other.calibrated_error, error, 1e-10);
  for (const double scale : {1e-100, 1e100}) {
    const auto fit = fit::low_rank(MatrixXd(w * scale), 3, calibration(x / scale));
    EXPECT_NEAR(fit.calibrated_error, error, 1e-10);
    EXPECT_NEAR(
        fit::monarch(MatrixXd(w / scale), MonarchShape::layer(10, 12, 3), calibration(x * scale))
            .calibrated_error,
        fit::monarch(w, MonarchShape::layer(10, 12, 3), calibration(x)).calibrated_error, 1e-10);
  }
}

TEST(FitCalibrated, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd w = gaussian(160, 160, 20), x = inputs(160, 600, 21);
  const auto fits = [&] {
    const Calibration c = calibration(x);
    fit::AlternatingOptions options;
    options.max_steps = 3;
    return std::vector<MatrixXd>{
        fit::low_rank(w, 4, c).op.to_dense(), fit::block_diagonal(w, 4, c).op.to_dense(),
        fit::monarch(w, MonarchShape::layer(160, 160, 8), c, options).op.to_dense()};
  };
  fit_reference::expect_same_on_any_number_of_threads(fits);
}

TEST(FitCalibrated, BiasCorrectionKeepsTheMean) {
  const MatrixXd w = gaussian(21, 24, 22), x = inputs(24, 60, 23);
  const auto fit = fit::low_rank(w, 3, calibration(x));
  const Linear<LowRank<double>> layer(fit.op, fit::bias_correction(w, fit.op, calibration(x)));
  MatrixXd y(21, 60);
  layer.apply(x, y);
  EXPECT_GT((w * x - fit.op * x).rowwise().mean().norm(), 0.01);
  EXPECT_LE((w * x - y).rowwise().mean().norm(), 1e-12 * (w * x).norm());
}

TEST(FitCalibrated, RefusesWhatDoesNotFit) {
  const MatrixXd w = gaussian(20, 21, 24);
  const MatrixXd x = inputs(21, 30, 25);
  const Calibration c = calibration(x);
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::low_rank(w, 3, Calibration(22)); }),
            "fit::low_rank: the matrix is 20 x 21, the calibration of 22 features");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::block_diagonal(w, 3, Calibration(21)); }),
            "fit::block_diagonal: the calibration has no samples");
  EXPECT_EQ(thrown<ValueError>([&] { (void)fit::low_rank(w, 21, c); }),
            "fit::low_rank: rank 21 is outside [0, 20] of a 20 x 21 matrix");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::monarch(w, MonarchShape::square(16), c); }),
            "fit::monarch: the matrix is 20 x 21, the shape 16 x 16");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::calibrated_error(w, Dense<double>(x), c); }),
            "fit::calibrated_error: the matrix is 20 x 21, the operator 21 x 30");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)fit::two_core_block_tensor_train(w, kTwoCore, c); }),
            "fit::two_core_block_tensor_train: the matrix is 20 x 21, the shape (3·7) x (4·6) of "
            "rank 2");
  MatrixXd broken = w;
  broken(3, 4) = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      thrown<ValueError>([&] { (void)fit::bias_correction(broken, fit::low_rank(w, 2, c).op, c); }),
      "fit::bias_correction: entry (3, 4) is NaN or infinite");
}

}  // namespace
}  // namespace strum::test
