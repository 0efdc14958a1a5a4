// Operators by fast transforms, where the operators' suite does not look: published numbers, which
// way round indices run, integers, systems, and what constructors refuse.
#include <cmath>
#include <complex>

#include <gtest/gtest.h>

#include "strum/algebra/factorize.hpp"
#include "strum/transforms/block_circulant.hpp"
#include "strum/transforms/cauchy_like.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/fastfood.hpp"
#include "strum/transforms/hankel.hpp"
#include "strum/transforms/spectral_sparse.hpp"
#include "strum/transforms/toeplitz.hpp"
#include "strum/transforms/toeplitz_like.hpp"
#include "strum/transforms/toeplitz_solve.hpp"
#include "strum/transforms/vandermonde.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Tensor<double> vector(std::vector<double> values) {
  const auto count = static_cast<Index>(values.size());
  return Tensor<double>({count}, std::move(values));
}

TEST(ToeplitzLike, ReproducesThePublishedIntegers) {
  const Tensor<double> v({2, 4}, {0, 1, 0, -1, 0, 1, 2, 3});
  MatrixXd u(4, 2), one(4, 2), zero(4, 2);
  u << 1, 0, 1, 1, 1, 2, 1, 3;
  one << -16, 16, -20, -8, -4, 12, 16, 64;
  zero << 0, 0, 6, 12, 16, 38, 26, 66;
  for (const auto& [f, g, wanted] : {std::tuple{1.0, -1.0, one}, {0.0, 0.0, zero}}) {
    const ToeplitzLike<double> w(v, v, f, g);
    EXPECT_EQ(MatrixXd(w.to_dense() * u), wanted);
    EXPECT_EQ(MatrixXd((w * u).array().round()), wanted);
  }
}

TEST(BlockCirculant, CorrelatesAndDivides) {
  const Tensor<double> w({1, 2, 3}, {1, 2, 3, 10, 20, 30});
  MatrixXd wanted(3, 6);
  wanted << 1, 2, 3, 10, 20, 30, 3, 1, 2, 30, 10, 20, 2, 3, 1, 20, 30, 10;
  EXPECT_EQ(BlockCirculant<double>(w).to_dense(), wanted);
  EXPECT_EQ(BlockCirculant<double>::c3a(w).divisor(), 6);
  EXPECT_EQ(BlockCirculant<double>::c3a(w).to_dense(), MatrixXd(wanted / 6));
}

TEST(Structures, ReadTheirVectorsTheRightWayRound) {
  MatrixXd wanted(3, 3);
  wanted << 1, 3, 2, 2, 1, 3, 3, 2, 1;
  EXPECT_EQ(Circulant<double>(vector({1, 2, 3})).to_dense(), wanted);
  wanted.resize(2, 3);
  wanted << 1, 4, 5, 2, 1, 4;
  EXPECT_EQ(Toeplitz<double>(vector({1, 2}), vector({99, 4, 5})).to_dense(), wanted);
  wanted << 1, 2, 3, 2, 3, 4;
  EXPECT_EQ(Hankel<double>(2, vector({1, 2, 3, 4})).to_dense(), wanted);
  wanted << 1, 3, 9, 1, -2, 4;
  EXPECT_EQ(Vandermonde<double>(vector({3, -2}), 3).to_dense(), wanted);
}

template <class Scalar>
void expect_inverted(Index n) {
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const Circulant<Scalar> op(random_tensor<Scalar>({n}, 2501));
  const auto inverse = factorize(op);
  const Vector x = Vector::Random(n);
  EXPECT_LT((inverse.solve(op * x) - x).norm(), 1e-11 * x.norm()) << n;
  EXPECT_NEAR(inverse.log_abs_determinant(),
              std::log(std::abs(op.to_dense().partialPivLu().determinant())), 1e-9);
  EXPECT_EQ(inverse.inverse().name(), "Circulant");
}

TEST(Circulant, IsInvertedByItsSpectrum) {
  for (const Index n : {1, 2, 7, 32}) {
    expect_inverted<double>(n);
    expect_inverted<std::complex<double>>(n);
  }
  const Circulant<double> singular(vector({1, -1, 0, 0}));
  EXPECT_EQ(thrown<ValueError>([&] { (void)factorize(singular); }),
            "factorize: Circulant is singular");
}

/// T from a function that is positive on the circle, and from one that is not.
Toeplitz<double> smooth_toeplitz(Index n, bool symmetric) {
  Tensor<double> column({n}), row({n});
  for (Index d = 0; d < n; ++d) {
    column[d] = d == 0 ? 2 : 1 / std::pow(static_cast<double>(1 + d), 1.5);
    row[d] = symmetric ? column[d] : -0.5 * column[d];
  }
  return Toeplitz<double>(column, row);
}

TEST(ToeplitzSystems, TakeFewIterationsOrSayThatTheyFail) {
  for (const bool symmetric : {true, false}) {
    const auto t = smooth_toeplitz(300, symmetric);
    const MatrixXd b = MatrixXd::Random(300, 2);
    const auto solution = solve_toeplitz(t, b);
    EXPECT_LE(solution.iterations, 30) << symmetric;
    EXPECT_LE(solution.relative_residual, 1.9e-12);
    EXPECT_LT((t.to_dense() * solution.x - b).norm(), 1e-11 * b.norm());
  }
  const VectorXd b = VectorXd::Unit(3, 0);
  const Toeplitz<double> ones(vector({1, 1, 1}), vector({1, 1, 1}));
  const std::string text = thrown<Error>([&] { (void)solve_toeplitz(ones, b); });
  EXPECT_EQ(text.find("solve_toeplitz: column 0 has a relative residual of "), 0u) << text;
  const Toeplitz<double> wide(vector({1, 1}), vector({1, 1, 1}));
  EXPECT_EQ(thrown<ShapeError>([&] { (void)solve_toeplitz(wide, b); }),
            "solve_toeplitz: T is 2 x 3, b has 3 rows");
}

TEST(Refusals, NameWhatIsWrong) {
  const auto v = [](Index n) { return random_tensor<double>({n}, 1); };
  const auto m = [](Index i, Index j) { return random_tensor<double>({i, j}, 1); };
  EXPECT_EQ(thrown<ShapeError>([&] { Circulant<double> op(m(2, 3)); }),
            "Circulant: column has shape (2, 3), needs one extent, not 0");
  EXPECT_EQ(thrown<ShapeError>([&] { Hankel<double> op(5, v(4)); }),
            "Hankel: 5 rows of 4 values, which are those of rows and columns, and one less");
  EXPECT_EQ(thrown<ShapeError>([&] { BlockCirculant<double> op(m(2, 3)); }),
            "BlockCirculant: weight has shape (2, 3), needs (m/b, n/b, b), none of them 0");
  EXPECT_EQ(thrown<ShapeError>([&] { ToeplitzLike<double> op(m(2, 3), m(3, 2), 1, 1); }),
            "ToeplitzLike: H has shape (3, 2), needs (2, 3)");
  EXPECT_EQ(thrown<ValueError>([&] {
              Fastfood<double> op(4, 4, m(1, 4), m(1, 4), m(1, 4), {0, 1, 1, 3});
            }),
            "Fastfood: in the permutation of stack 0, 1 is outside or there twice");
  EXPECT_EQ(thrown<ValueError>([&] {
              SpectralSparse<double> op(3, 4, {0, 0}, {1, 1}, v(2));
            }),
            "SpectralSparse: entry (0, 1) is there twice");
  CauchyLike<double> cauchy(m(1, 2), m(1, 2), vector({1, 2}), vector({3, 4}));
  EXPECT_EQ(thrown<ValueError>([&] {
              cauchy.set("y", vector({5, 2}));
            }),
            "CauchyLike: x[1] is y[1]");
  EXPECT_EQ(cauchy.get("y"), vector({3, 4}));
}

}  // namespace
}  // namespace strum::test
