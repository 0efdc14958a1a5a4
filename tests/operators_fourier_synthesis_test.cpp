// FourierSynthesis against its formula in long double, on every instruction set.
#include "strum/nn/fourier_synthesis.hpp"

#include <cmath>
#include <string>

#include "fourier_fixture.hpp"
#include "strum/core/any_linear_op.hpp"

namespace {

using namespace fourier;
using strum::FourierSynthesis;

template <class Scalar>
class Synthesis : public Fixture<Scalar> {};
TYPED_TEST_SUITE(Synthesis, Scalars);

long double synthesis_entry(Index frequencies, Index bins, Index j, Index column) {
  const Index k = column % (frequencies + 1);
  const bool imaginary = column > frequencies;
  if (k == 0) return imaginary ? 0 : 0.5L;
  const long double angle = kPi * static_cast<long double>(k) * centre(j, bins);
  return imaginary ? -std::sin(angle) : std::cos(angle);
}

TYPED_TEST(Synthesis, IsItsDenseMatrix) {
  for (const auto& [n, m] : kSizes) {
    SCOPED_TRACE(std::to_string(n) + " frequencies, " + std::to_string(m) + " bins");
    const FourierSynthesis<TypeParam> op(n, m);
    const auto dense = op.to_dense();
    ASSERT_EQ(dense.rows(), m);
    ASSERT_EQ(dense.cols(), 2 * (n + 1));
    // The angle is right to eps, and so is its cosine; kPi·k·z in long double is far better.
    for (Index j = 0; j < m; ++j)
      for (Index i = 0; i < dense.cols(); ++i)
        EXPECT_LE(std::abs(dense(j, i) - synthesis_entry(n, m, j, i)), 2 * this->kEps);

    const auto x = this->random(2 * (n + 1), 5);
    const typename TestFixture::Matrix y = op * x, back = op.transpose() * y;
    for (Index s = 0; s < 5; ++s) {
      for (Index j = 0; j < m; ++j) {
        long double sum = 0, size = 0;
        for (Index i = 0; i < x.rows(); ++i) {
          sum += synthesis_entry(n, m, j, i) * x(i, s);
          size += std::abs(static_cast<long double>(x(i, s)));
        }
        EXPECT_LE(std::abs(y(j, s) - sum),
                  static_cast<long double>(x.rows() + 4) * this->kEps * size);
      }
      for (Index i = 0; i < x.rows(); ++i) {
        long double sum = 0, size = 0;
        for (Index j = 0; j < m; ++j) {
          sum += synthesis_entry(n, m, j, i) * y(j, s);
          size += std::abs(static_cast<long double>(y(j, s)));
        }
        EXPECT_LE(std::abs(back(i, s) - sum), static_cast<long double>(m + 4) * this->kEps * size);
      }
    }
  }
}

TYPED_TEST(Synthesis, IsAnOperatorWithoutParameters) {
  const strum::AnyLinearOp<TypeParam> op = FourierSynthesis<TypeParam>(3, 8);
  EXPECT_EQ(op.name(), "FourierSynthesis");
  EXPECT_EQ(op.parameter_count(), 0);
  EXPECT_TRUE(op.parameters().empty());
  EXPECT_EQ(op.flops(), 2 * 8 * 8);
  const auto again = FourierSynthesis<TypeParam>::restore(op.describe(), {});
  EXPECT_EQ(again.to_dense(), op.to_dense());
  EXPECT_THROW(FourierSynthesis<TypeParam>(-1, 3), strum::ShapeError);
  EXPECT_THROW(FourierSynthesis<TypeParam>(1, 0), strum::ShapeError);
  EXPECT_THROW(FourierSynthesis<TypeParam>(Index{1} << 40, Index{1} << 40), strum::ShapeError);
}

}  // namespace
