// Gradients of operators that keep their parameters: against finite differences of the matrix.
#include <complex>
#include <string>

#include <gtest/gtest.h>

#include "strum/transforms/acdc.hpp"
#include "strum/transforms/block_circulant.hpp"
#include "strum/transforms/cauchy_like.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/fastfood.hpp"
#include "strum/transforms/hankel.hpp"
#include "strum/transforms/spectral_sparse.hpp"
#include "strum/transforms/toeplitz.hpp"
#include "strum/transforms/toeplitz_like.hpp"
#include "strum/transforms/vandermonde.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

template <class Scalar>
class Gradient : public ::testing::Test {
 public:
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

  static Tensor<Scalar> tensor(const Shape& shape) {
    return random_tensor<Scalar>(shape, ++seed());
  }
  static Matrix matrix(Index rows, Index cols) {
    const auto samples = random_samples<Scalar>(rows, cols, ++seed());
    return Eigen::Map<const Matrix>(samples.values.data(), rows, cols);
  }

  /// dL = Re⟨g, δw⟩ for the loss Re⟨u, A(w)·x⟩, A from the definition, and every part of every w.
  template <DifferentiableOp Op>
  static void check(const Op& op) {
    SCOPED_TRACE(std::string(op.name()) + ' ' + std::to_string(op.rows()) + " x " +
                 std::to_string(op.cols()));
    const Matrix x = matrix(op.cols(), 3), u = matrix(op.rows(), 3);
    Parameters<Scalar> grads;
    Matrix dx(x.rows(), x.cols());
    op.backward(x, u, dx, grads);
    EXPECT_LT((dx - op.to_dense().adjoint() * u).norm(), 1e-12 * (1 + dx.norm()));
    const auto listed = op.parameters();
    EXPECT_EQ(grads.size(), listed.size());
    constexpr double kStep = 1e-4;
    for (const ParameterInfo& info : listed) {
      const Tensor<Scalar> values = op.get(info.name);
      const Tensor<Scalar>& gradient = grads.at(info.name);
      ASSERT_EQ(gradient.shape(), info.shape);
      const auto expect = [&](Index k, const Scalar& direction) {
        const auto loss = [&](double size) {
          Tensor<Scalar> moved = values;
          moved[k] += direction * Scalar(size);
          Op other = op;
          other.set(info.name, moved);
          return std::real((u.conjugate().cwiseProduct(other.to_dense() * x)).sum());
        };
        const double wanted = (loss(kStep) - loss(-kStep)) / (2 * kStep);
        const double got = std::real(Eigen::numext::conj(gradient[k]) * direction);
        EXPECT_NEAR(got, wanted, 2e-7 * (1 + std::abs(wanted))) << info.name << '[' << k << ']';
      };
      for (Index k = 0; k < values.size(); ++k) {
        expect(k, Scalar(1));
        if constexpr (kIsComplex<Scalar>) expect(k, Scalar(0, 1));
      }
    }
    // What is there is added to; without dx.
    op.backward(x, u, MatrixView<Scalar>(), grads);
    Parameters<Scalar> once;
    op.backward(x, u, MatrixView<Scalar>(), once);
    for (const auto& [name, values] : once)
      for (Index k = 0; k < values.size(); ++k)
        ASSERT_LE(std::abs(grads.at(name)[k] - Scalar(2) * values[k]),
                  1e-12 * (1 + std::abs(values[k])));
  }

 private:
  static std::uint32_t& seed() {
    static std::uint32_t value = 2300;
    return value;
  }
};

using Scalars = ::testing::Types<double, std::complex<double>>;
TYPED_TEST_SUITE(Gradient, Scalars);

TYPED_TEST(Gradient, OfConvolutions) {
  const auto t = [](const Shape& shape) { return TestFixture::tensor(shape); };
  for (const Index n : {1, 5, 8}) this->check(Circulant<TypeParam>(t({n})));
  this->check(Toeplitz<TypeParam>(t({4}), t({7})));
  this->check(Toeplitz<TypeParam>(t({7}), t({1})));
  this->check(Hankel<TypeParam>(4, t({9})));
  this->check(BlockCirculant<TypeParam>(t({2, 3, 4}), 12));
  this->check(BlockCirculant<TypeParam>(t({2, 1, 5})));
  this->check(ToeplitzLike<TypeParam>(t({2, 4}), t({2, 4}), 1, -1));
  this->check(ToeplitzLike<TypeParam>(t({1, 5}), t({1, 5}), 0, 2.5));
}

TYPED_TEST(Gradient, OfDiagonalsAndTransforms) {
  const auto t = [](const Shape& shape) { return TestFixture::tensor(shape); };
  this->check(Acdc<TypeParam>(t({6}), t({6})));
  this->check(Fastfood<TypeParam>(7, 3, t({2, 4}), t({2, 4}), t({2, 4}), {2, 0, 3, 1, 3, 2, 1, 0}));
  this->check(SpectralSparse<TypeParam>(8, 5, {0, 4, 7, 3}, {0, 3, 1, 2}, t({4}), 30));
}

TYPED_TEST(Gradient, OfNodes) {
  this->check(Vandermonde<TypeParam>(TestFixture::tensor({5}), 9));
  // Nodes that are far enough from each other for differences.
  Tensor<TypeParam> x({4}), y({3});
  for (Index i = 0; i < 4; ++i) x[i] = TypeParam(static_cast<double>(2 * i));
  for (Index j = 0; j < 3; ++j) y[j] = TypeParam(static_cast<double>(2 * j - 3));
  this->check(
      CauchyLike<TypeParam>(TestFixture::tensor({2, 4}), TestFixture::tensor({2, 3}), x, y));
}

TEST(GradientErrors, NameTheSizes) {
  const Circulant<double> op(random_tensor<double>({4}, 1));
  const Eigen::MatrixXd x(4, 3), dy(5, 3);
  Parameters<double> grads;
  EXPECT_EQ(thrown<ShapeError>([&] { op.backward(x, dy, MatrixView<double>(), grads); }),
            "Circulant::backward: x is 4 x 3, dy 5 x 3, operator 4 x 4");
  Eigen::MatrixXd dx(3, 3);
  EXPECT_EQ(thrown<ShapeError>([&] { op.backward(x, x, dx, grads); }),
            "Circulant::backward: dx is 3 x 3, x 4 x 3");
  grads["column"] = Tensor<double>({5});
  EXPECT_EQ(thrown<ShapeError>([&] { op.backward(x, x, MatrixView<double>(), grads); }),
            "Circulant: gradient of column has shape (5), needs (4)");
}

}  // namespace
}  // namespace strum::test
