// Cosine, sine, Hartley, Hadamard and Haar transforms against their definitions.
#include <gtest/gtest.h>

#include <complex>
#include <limits>
#include <vector>

#include "cases/transforms.hpp"
#include "strum/algebra/linear_algebra.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

constexpr Norm kNorms[] = {Norm::backward, Norm::ortho, Norm::forward};

/// Every output up to this length, above it some of them.
constexpr Index kAllOutputs = 256, kSomeOutputs = 64;
constexpr Index kLong[] = {257,  263,  509,  961,  1000, 1021, 1155, 1369, 2047,  2048,
                           2187, 3125, 4093, 4096, 4097, 6000, 6561, 8191, 10007, 65536};

/// Numbers that floats hold too, so that all scalars share one reference.
std::vector<float> signal(Index n) { return random_samples<float>(n, 1, 7).values; }

long double length_of(const std::vector<float>& x) {
  long double squares = 0;
  for (const float value : x) squares += static_cast<long double>(value) * value;
  return std::sqrt(squares);
}

/// Outputs to look at.
std::vector<Index> outputs(Index n) {
  std::vector<Index> some;
  const Index step = n <= kAllOutputs ? 1 : n / kSomeOutputs;
  for (Index k = 0; k < n; k += step) some.push_back(k);
  if (some.back() != n - 1) some.push_back(n - 1);
  return some;
}

/// T·x of some outputs.
template <class Definition>
std::vector<long double> product(const Definition& t, const std::vector<float>& x,
                                 const std::vector<Index>& outputs) {
  std::vector<long double> y;
  for (const Index k : outputs) {
    long double sum = 0;
    for (std::size_t j = 0; j < x.size(); ++j) sum += t(k, static_cast<Index>(j)) * x[j];
    y.push_back(sum);
  }
  return y;
}

/// The bound of suite/reference.hpp for a transform of 2·n numbers with a pass before and behind.
template <class R>
long double bound(Index n, long double norm, const std::vector<float>& x) {
  const double levels = std::log2(static_cast<double>(2 * n)) + 2;
  return (2 * levels + 4) * std::numeric_limits<R>::epsilon() * norm * length_of(x);
}

template <class R>
MatrixView<const R> view(const std::vector<R>& x) {
  return {x.data(), static_cast<Index>(x.size()), 1};
}
template <class R>
MatrixView<R> view(std::vector<R>& x) {
  return {x.data(), static_cast<Index>(x.size()), 1};
}

/// A transform and what it must be: its outputs, and that the inverse takes them back, in place.
template <class R, class Transform>
void expect_product(const Transform& t, Norm norm, const std::vector<float>& x,
                    const std::vector<Index>& outputs, const std::vector<long double>& expected,
                    long double t_norm) {
  const auto n = static_cast<Index>(x.size());
  const std::vector<R> in(x.begin(), x.end());
  std::vector<R> y(in.size());
  t.forward(view(in), view(y), norm);
  const long double most = bound<R>(n, t_norm, x);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    ASSERT_LE(std::abs(y[static_cast<std::size_t>(outputs[i])] - expected[i]), most)
        << "output " << outputs[i];
  t.inverse(MatrixView<const R>(view(y)), view(y), norm);
  const long double back = 3 * bound<R>(n, 1, x);  // sqrt(2) for each transform, and both
  for (std::size_t j = 0; j < in.size(); ++j)
    ASSERT_LE(std::abs(static_cast<long double>(y[j]) - in[j]), back) << "there and back, " << j;
}

template <template <class> class Transform>
void expect_definition(bool sine, Index n) {
  const std::vector<float> x = signal(n);
  const std::vector<Index> some = outputs(n);
  for (int type = 1; type <= 4; ++type) {
    if (type == 1 && n == 1 && !sine) continue;
    const Transform<float> f32(type, n);
    const Transform<double> f64(type, n);
    for (const Norm norm : kNorms) {
      SCOPED_TRACE("type " + std::to_string(type) + norm_name(norm) + ", " + std::to_string(n));
      const TrigDefinition t(sine, type, n, norm);
      const auto expected = product(t, x, some);
      expect_product<float>(f32, norm, x, some, expected, t.norm());
      expect_product<double>(f64, norm, x, some, expected, t.norm());
    }
  }
}

TEST(CosineTransform, IsItsDefinition) {
  for (Index n = 1; n <= kAllOutputs; ++n) expect_definition<CosineTransform>(false, n);
  for (const Index n : kLong) expect_definition<CosineTransform>(false, n);
}

TEST(SineTransform, IsItsDefinition) {
  for (Index n = 1; n <= kAllOutputs; ++n) expect_definition<SineTransform>(true, n);
  for (const Index n : kLong) expect_definition<SineTransform>(true, n);
}

TEST(HartleyTransform, IsItsDefinition) {
  std::vector<Index> lengths(kLong, std::end(kLong));
  for (Index n = 1; n <= kAllOutputs; ++n) lengths.push_back(n);
  for (const Index n : lengths) {
    const std::vector<float> x = signal(n);
    const std::vector<Index> some = outputs(n);
    const Angles angles(n);
    const auto cas = [&](Index k, Index j) {
      return angles.cos(2 * j * k) + angles.sin(2 * j * k);
    };
    const auto sums = product(cas, x, some);
    for (const Norm norm : kNorms) {
      SCOPED_TRACE(std::to_string(n) + norm_name(norm));
      const long double scale = fourier_scale(norm, n);
      auto expected = sums;
      for (long double& value : expected) value *= scale;
      const long double size = scale * std::sqrt(static_cast<long double>(n));
      expect_product<float>(HartleyTransform<float>(n), norm, x, some, expected, size);
      expect_product<double>(HartleyTransform<double>(n), norm, x, some, expected, size);
    }
  }
}

/// (T·x)·u = x·(Tᵀ·u), for the inverse too; and orthonormal ones are transposed by inversion.
template <class Transform>
void expect_transposes(const Transform& t) {
  const Index n = t.length();
  const auto x = random_samples<double>(n, 1, 1).values, u = random_samples<double>(n, 1, 2).values;
  const auto dot = [](const auto& a, const auto& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  std::vector<double> tx(x.size()), tu(x.size()), inverse(x.size());
  for (const Norm norm : kNorms) {
    const double most = 1e-14 * static_cast<double>(n) *
                        (norm == Norm::backward ? 2 * std::sqrt(static_cast<double>(n)) : 1);
    t.forward(view(x), view(tx), norm);
    t.forward_transpose(view(u), view(tu), norm);
    EXPECT_NEAR(dot(tx, u), dot(x, tu), most) << n << norm_name(norm);
    t.inverse(view(u), view(inverse), norm);
    if (norm == Norm::ortho) {
      EXPECT_EQ(tu, inverse) << n;
    }
    t.inverse_transpose(view(x), view(tx), norm);
    EXPECT_NEAR(dot(tx, u), dot(x, inverse), 2e-14 * static_cast<double>(n)) << n;
  }
}

TEST(RealTransforms, HaveTransposes) {
  for (const Index n : {2, 3, 8, 15, 100}) {
    for (int type = 1; type <= 4; ++type) {
      SCOPED_TRACE("type " + std::to_string(type));
      expect_transposes(CosineTransform<double>(type, n));
      expect_transposes(SineTransform<double>(type, n));
    }
    expect_transposes(HartleyTransform<double>(n));
  }
}

TEST(CosineTransform, OfTypeOneIsAsPublished) {
  const std::vector<double> x = {4, 3, 5, 10};  // the example of SciPy's documentation
  std::vector<double> y(4);
  CosineTransform<double>(1, 4).forward(view(x), view(y));
  const double published[] = {30, -8, 6, -2};
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(y[k], published[k], 1e-14);
}

/// Scaled first outputs, as of older programs, would be (3/2, −1).
TEST(SineTransform, OrthonormalTypeTwoScalesItsLastOutput) {
  const std::vector<double> x = {1, 2};
  std::vector<double> y(2);
  SineTransform<double>(2, 2).forward(view(x), view(y), Norm::ortho);
  EXPECT_NEAR(y[0], 3 / std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(y[1], -1 / std::sqrt(2.0), 1e-15);
  SineTransform<double>(3, 2).forward(view(y), view(y), Norm::ortho);
  EXPECT_NEAR(y[0], 1, 1e-15);
  EXPECT_NEAR(y[1], 2, 1e-15);
}

TEST(RealTransforms, RefuseWhatDoesNotFit) {
  EXPECT_EQ(thrown<ValueError>([] { CosineTransform<float>(5, 8); }),
            "CosineTransform: type 5 is none of 1, 2, 3, 4");
  EXPECT_EQ(thrown<ShapeError>([] { CosineTransform<float>(1, 1); }),
            "CosineTransform: a length of 1, type 1 needs 2");
  EXPECT_EQ(thrown<ShapeError>([] { SineTransform<float>(1, 0); }), "SineTransform: a length of 0");
  EXPECT_EQ(thrown<ShapeError>([] { HartleyTransform<float>(-1); }),
            "HartleyTransform: a length of -1");
  std::vector<float> x(8), y(7);
  EXPECT_EQ(thrown<ShapeError>([&] {
              SineTransform<float>(2, 8).forward(MatrixView<const float>(view(x)), view(y));
            }),
            "SineTransform: x is 8 x 1 and y 7 x 1, the transform has length 8");
  EXPECT_EQ(thrown<ShapeError>([] { Hadamard<float>(36); }),
            "Hadamard: a size of 36 is none of 2^k, 12·2^k, 20·2^k");
  EXPECT_EQ(thrown<ShapeError>([] { Haar<float>(12); }), "Haar: a size of 12 is no power of two");
}

/// Integers, of which every sum is one that floats hold.
template <class R>
void expect_exact(Index n) {
  const std::vector<float> noise = signal(n);
  std::vector<R> x, y(noise.size());
  for (const float value : noise) x.push_back(std::round(R(100) * value));
  Hadamard<R>(n).apply(view(x), view(y));
  for (const Index i : outputs(n)) {
    R sum = 0;
    for (Index j = 0; j < n; ++j)
      sum += hadamard_sign(n, i, j) > 0 ? x[std::size_t(j)] : -x[std::size_t(j)];
    ASSERT_EQ(y[std::size_t(i)], sum) << n << ", output " << i;
  }
  const std::vector<R> there = y;
  Hadamard<R>(n).inverse().apply(view(there), view(y));
  for (std::size_t j = 0; j < x.size(); ++j) ASSERT_NEAR(y[j], x[j], 1e-4) << n;
}

TEST(Hadamard, IsExactOnIntegers) {
  for (const Index order : {1, 12, 20})
    for (Index n = 1; order * n <= 20000; n *= 2) {
      expect_exact<float>(order * n);
      expect_exact<double>(order * n);
    }
}

TEST(Hadamard, OfTwelveAndTwentyIsOne) {
  for (const Index n : {12, 20, 48}) {
    const Eigen::MatrixXd h = Hadamard<double>(n).to_dense();
    const double size = static_cast<double>(n);
    EXPECT_EQ(h * h.transpose(), size * Eigen::MatrixXd::Identity(n, n)) << n;
    EXPECT_EQ(h, h.transpose()) << n;
  }
}

/// Solutions, determinants and norms by what is known of the transform.
template <class Op>
void expect_inverse(const Op& op) {
  using S = typename Op::Scalar;
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  SCOPED_TRACE(std::string(op.name()) + " " + std::to_string(op.rows()));
  const Matrix dense = op.to_dense(), x = Matrix::Random(op.cols(), 2);
  const auto inverse = factorize(op);
  EXPECT_LE((inverse.solve(op * x) - x).norm(), 1e-13 * x.norm());
  EXPECT_LE((factorize(op.transpose()).solve(dense.transpose() * x) - x).norm(), 1e-13 * x.norm());
  EXPECT_NEAR(inverse.log_abs_determinant(), std::log(std::abs(dense.determinant())), 1e-11);
  EXPECT_NEAR(frobenius_norm(op), dense.norm(), 1e-12 * dense.norm());
}

TEST(Transforms, AreSolvedInClosedForm) {
  using C = std::complex<double>;
  for (const Norm norm : kNorms) {
    for (int type = 1; type <= 4; ++type) {
      expect_inverse(Cosine<double>(type, 9, norm));
      expect_inverse(Sine<double>(type, 8, norm));
    }
    expect_inverse(Sine<C>(2, 7, norm));
    expect_inverse(Hartley<double>(9, norm));
    expect_inverse(Hadamard<double>(12, norm));
    expect_inverse(Fourier<C>(9, norm));
    expect_inverse(Fourier<C>(8, norm, Direction::inverse));
  }
  expect_inverse(Haar<double>(16));
  EXPECT_EQ(inverse(Cosine<double>(2, 9)).name(), "Cosine");
  EXPECT_EQ(spectral_norm(Fourier<C>(9, Norm::ortho)), 1);
}

}  // namespace
}  // namespace strum::test
