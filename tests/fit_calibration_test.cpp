// What a calibration keeps of the samples, however they come.
#include "strum/fit/calibration.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/core/parallel.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using fit::Calibration;
using fit_reference::gaussian;

TEST(Calibration, InBatchesIsAtOnce) {
  const MatrixXd x = gaussian(150, 700, 1).array() + 0.5;
  Calibration once(150), batches(150), first(150), second(150);
  once.add(x);
  for (Index at = 0; at < 700; at += 70) {
    const MatrixXd batch = x.middleCols(at, 70);
    batches.add(x.middleCols(at, 70));
    (at < 300 ? first : second).add(MatrixView<const double>(batch.data(), 150, 70));
  }
  first.merge(second);
  const MatrixXd moments = x * x.transpose();
  for (const Calibration& c : {once, batches, first}) {
    EXPECT_EQ(c.samples(), 700);
    EXPECT_EQ(c.features(), 150);
    const Eigen::Map<const MatrixXd> measured(c.second_moments().data(), 150, 150);
    EXPECT_LE((measured - moments).norm(), 1e-13 * moments.norm());
    EXPECT_EQ(measured, measured.transpose());
    const Eigen::Map<const Eigen::VectorXd> sum(c.sum().data(), 150);
    EXPECT_LE((sum - x.rowwise().sum()).norm(), 1e-13 * x.rowwise().sum().norm());
  }
  const MatrixXd a = gaussian(3, 150, 2);
  const Eigen::Matrix<double, 3, 150, Eigen::RowMajor> rows = a;
  EXPECT_NEAR(batches.squared_norm(view(rows)), (a * x).squaredNorm(),
              1e-12 * (a * x).squaredNorm());
  Calibration of_float(150);
  of_float.add(Eigen::MatrixXf(x.cast<float>()));
  const Eigen::Map<const MatrixXd> rounded(of_float.second_moments().data(), 150, 150);
  EXPECT_LE((rounded - moments).norm(), 1e-6 * moments.norm());
}

TEST(Calibration, SameBitsOnAnyNumberOfThreads) {
  const MatrixXd x = gaussian(300, 600, 3);
  const auto moments = [&] {
    Calibration c(300);
    c.add(x);
    return MatrixXd(Eigen::Map<const MatrixXd>(c.second_moments().data(), 300, 300));
  };
  fit_reference::expect_same_on_any_number_of_threads(moments);
}

TEST(Calibration, RefusesWhatDoesNotFitAndStaysWhatItWas) {
  const MatrixXd x = gaussian(21, 30, 4), a = gaussian(2, 21, 5);
  Calibration c(21);
  c.add(x);
  const double before = c.squared_norm(view(a));
  MatrixXd bad = x;
  bad(20, 29) = std::nan("");
  EXPECT_EQ(thrown<ValueError>([&] { c.add(bad); }),
            "fit::Calibration::add: entry (20, 29) is NaN, infinite or beyond 1e130");
  EXPECT_EQ(thrown<ShapeError>([&] { c.add(gaussian(20, 3, 1)); }),
            "fit::Calibration::add: x has 20 rows, the calibration 21 features");
  EXPECT_EQ(thrown<ShapeError>([&] { c.merge(Calibration(3)); }),
            "fit::Calibration::merge: 21 features and 3");
  EXPECT_THROW(Calibration(-1), ShapeError);
  EXPECT_EQ(c.samples(), 30);
  EXPECT_EQ(c.squared_norm(view(a)), before);
}

}  // namespace
}  // namespace strum::test
