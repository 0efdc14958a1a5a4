// Nearest circulant, Toeplitz and Hankel matrices: averages over classes of entries; and nearest
// matrices with few Fourier coefficients.
#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "fit_reference.hpp"
#include "strum/fit/diagonals.hpp"
#include "strum/fit/search.hpp"
#include "strum/fit/spectral_sparse.hpp"

namespace {

using namespace fit_reference;

/// The nearest matrix that is constant where `same` holds, averaging entry by entry.
template <class Same>
MatrixXd averaged(const MatrixXd& w, const Same& same) {
  return MatrixXd::NullaryExpr(w.rows(), w.cols(), [&](Index i, Index j) {
    double sum = 0, count = 0;
    for (Index k = 0; k < w.rows(); ++k)
      for (Index l = 0; l < w.cols(); ++l)
        if (same(i, j, k, l)) {
          sum += w(k, l);
          ++count;
        }
    return sum / count;
  });
}

template <class FitResult>
void expect_is(const FitResult& fit, const MatrixXd& w, const MatrixXd& nearest, Index parameters) {
  EXPECT_LT((MatrixXd(fit.op.to_dense().template cast<double>()) - nearest).norm(),
            1e-14 * w.norm());
  EXPECT_NEAR(fit.relative_error, (w - nearest).norm() / w.norm(), 1e-13);
  EXPECT_EQ(fit.parameter_count, parameters);
  EXPECT_EQ(fit.op.parameter_count(), parameters);
}

TEST(FitDiagonals, AreAverages) {
  const MatrixXd square = gaussian(7, 7, 61), wide = gaussian(4, 9, 62);
  expect_is(strum::fit::circulant(square), square,
            averaged(square,
                     [](auto i, auto j, auto k, auto l) { return (i - j - k + l + 14) % 7 == 0; }),
            7);
  expect_is(strum::fit::toeplitz(wide), wide,
            averaged(wide, [](auto i, auto j, auto k, auto l) { return i - j == k - l; }), 12);
  expect_is(strum::fit::hankel(wide), wide,
            averaged(wide, [](auto i, auto j, auto k, auto l) { return i + j == k + l; }), 12);
}

TEST(FitDiagonals, ExtremeScalesAndBadInput) {
  MatrixXd w = gaussian(5, 5, 63);
  const double error = strum::fit::toeplitz(w).relative_error;
  for (const int exponent : {-900, 1000})
    EXPECT_NEAR(strum::fit::toeplitz(w * std::ldexp(1.0, exponent)).relative_error, error, 1e-14);
  EXPECT_EQ(strum::fit::circulant(MatrixXd::Zero(3, 3)).relative_error, 0);
  EXPECT_THROW((void)strum::fit::circulant(gaussian(3, 4, 1)), strum::ShapeError);
  EXPECT_THROW((void)strum::fit::hankel(MatrixXd(0, 4)), strum::ShapeError);
  w(1, 2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW((void)strum::fit::hankel(w), strum::ValueError);
}

TEST(FitSpectralSparse, KeepsTheLargestCosines) {
  // Two cosines of different sizes, one that is alone in its pair, and a sine that is out of reach.
  const Index m = 6, n = 8;
  const MatrixXd w = MatrixXd::NullaryExpr(m, n, [](Index i, Index j) {
    const double turn = 2 * std::acos(-1.0);
    const auto a = static_cast<double>(i), b = static_cast<double>(j);
    return 5 * std::cos(turn * (a * 2 / 6 + b * 7 / 8)) + 3 * (j % 2 == 0 ? 1 : -1) +
           0.5 * std::cos(turn * a / 6) + 0.25 * std::sin(turn * b / 8);
  });
  const double all = 48 * (12.5 + 9 + 0.125 + 0.03125);
  const double missed[] = {48 * (9 + 0.125 + 0.03125), 48 * (0.125 + 0.03125), 48 * 0.03125};
  for (const Index count : {1, 2, 3}) {
    const auto fit = strum::fit::spectral_sparse(w, count);
    EXPECT_NEAR(fit.relative_error, std::sqrt(missed[count - 1] / all), 1e-13);
    EXPECT_NEAR((MatrixXd(fit.op.to_dense()) - w).norm() / w.norm(), fit.relative_error, 1e-13);
    EXPECT_EQ(fit.parameter_count, count);
  }
  EXPECT_LT(strum::fit::spectral_sparse(w.cast<float>().eval(), 26).relative_error, 0.06);
  EXPECT_THROW((void)strum::fit::spectral_sparse(w, 27), strum::ShapeError);
}

TEST(FitDiagonals, TheSearchRecognisesThem) {
  const Index n = 48;
  const MatrixXd v = gaussian(2 * n, 1, 64);
  const auto structure = [&](const auto& at) {
    strum::fit::SearchOptions<double> options;
    options.batches = {};
    const MatrixXd w = MatrixXd::NullaryExpr(n, n, [&](Index i, Index j) { return v(at(i, j)); });
    const auto result = strum::fit::search(w, options);
    const auto* const found = result.smallest(1e-12);
    return found == nullptr ? std::string("nothing") : found->structure;
  };
  EXPECT_EQ(structure([](Index i, Index j) { return (i - j + n) % n; }), "Circulant");
  EXPECT_EQ(structure([](Index i, Index j) { return i - j + n; }), "Toeplitz");
  EXPECT_EQ(structure([](Index i, Index j) { return i + j; }), "Hankel");
}

}  // namespace
