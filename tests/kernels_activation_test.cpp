// The epilogue's arithmetic, through the kernel table: how right the functions are, and that an
// element gets the same bits in whatever lane, tail and layout it comes.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "strum/kernels/table.hpp"
#include "suite/placed_matrix.hpp"

namespace strum::test {
namespace {

using kernels::Epilogue;

constexpr Activation kActivations[] = {Activation::identity,     Activation::relu,
                                       Activation::squared_relu, Activation::gelu,
                                       Activation::gelu_tanh,    Activation::silu};

std::string name(Activation activation) {
  const char* const names[] = {"identity", "relu", "squared_relu", "gelu", "gelu_tanh", "silu"};
  return names[static_cast<int>(activation)];
}

template <class Scalar>
void apply(const MatrixView<Scalar>& y, const Epilogue<Scalar>& epilogue) {
  kernels::table<Scalar, Scalar>().apply_epilogue(
      {y.rows(), y.cols(), y.data(), y.row_stride(), y.col_stride(), epilogue});
}

/// f of every value, in place.
template <class Scalar>
void apply(std::vector<Scalar>& values, Activation activation) {
  apply(MatrixView<Scalar>(values.data(), static_cast<Index>(values.size()), 1),
        {.activation = activation});
}

long double exact(Activation activation, long double x) {
  const long double kPi = 3.14159265358979323846264338327950288L;
  switch (activation) {
    case Activation::identity:
      return x;
    case Activation::relu:
      return std::max(x, 0.0L);
    case Activation::squared_relu:
      return x > 0 ? x * x : 0;
    case Activation::gelu:
      return x * (std::erfc(-x / std::sqrt(2.0L)) / 2);
    case Activation::gelu_tanh:
      return x / (1 + std::exp(-2 * std::sqrt(2 / kPi) * (x + 0.044715L * x * x * x)));
    case Activation::silu:
      return x / (1 + std::exp(-x));
  }
  return 0;
}

/// Finite numbers of either sign: every exponent, denormals too, and closer together where the
/// functions bend.
std::vector<float> sweep(float) {
  std::vector<float> values;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 1021) {
    const auto pattern = static_cast<std::uint32_t>(bits);
    float value = 0;
    std::memcpy(&value, &pattern, sizeof value);
    if (std::isfinite(value)) values.push_back(value);
  }
  return values;
}
std::vector<double> sweep(double) {
  std::vector<double> values;
  for (int exponent = -1074; exponent < 1024; ++exponent)
    for (int i = 0; i < 100; ++i)
      for (const double sign : {1.0, -1.0})
        values.push_back(std::ldexp(sign * (1 + (i + 0.37) / 100), exponent));
  for (double x = -45; x < 45; x += 6.1e-5) values.push_back(x);
  return values;
}

template <class Scalar>
class Activations : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(Activations, Scalars);

TYPED_TEST(Activations, AreRightToTwoEps) {
  using Limits = std::numeric_limits<TypeParam>;
  const std::vector<TypeParam> x = sweep(TypeParam());
  for (const Activation activation : kActivations) {
    std::vector<TypeParam> y = x;
    apply(y, activation);
    long double worst = 0;
    TypeParam where = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const long double wanted = exact(activation, x[i]);
      if (wanted > Limits::max()) {
        ASSERT_TRUE(std::isinf(y[i])) << name(activation) << '(' << x[i] << ") = " << y[i];
        continue;
      }
      // One rounding among the denormals beside.
      const long double error = std::abs(y[i] - wanted) - Limits::denorm_min();
      const long double size = std::max(std::abs(static_cast<long double>(x[i])), wanted);
      const long double relative = error <= 0 ? 0 : error / size;
      if (!(relative <= worst)) {
        worst = relative;
        where = x[i];
      }
    }
    EXPECT_LE(worst, 2 * static_cast<long double>(Limits::epsilon())) << name(activation) << where;
    this->RecordProperty(name(activation) + "_eps",
                         std::to_string(static_cast<double>(worst / Limits::epsilon())));
  }
}

TYPED_TEST(Activations, KeepNanAndHaveTheirLimits) {
  constexpr TypeParam kInf = std::numeric_limits<TypeParam>::infinity();
  constexpr TypeParam kNan = std::numeric_limits<TypeParam>::quiet_NaN();
  for (const Activation activation : kActivations)
    for (const std::size_t count : {1u, 37u}) {
      SCOPED_TRACE(name(activation));
      const auto constant = [&](TypeParam value) {
        std::vector<TypeParam> y(count, value);
        apply(y, activation);
        return y;
      };
      for (const TypeParam y : constant(kNan)) EXPECT_TRUE(std::isnan(y));
      for (const TypeParam y : constant(-kNan)) EXPECT_TRUE(std::isnan(y));
      for (const TypeParam y : constant(kInf)) EXPECT_EQ(y, kInf);
      for (const TypeParam y : constant(0)) EXPECT_EQ(y, 0);
      for (const TypeParam y : constant(-kInf))
        EXPECT_EQ(y, activation == Activation::identity ? -kInf : 0);
    }
}

/// Numbers of every kind, and among them those on which the parts of a vector could disagree.
template <class Scalar>
Samples<Scalar> mixed(Index rows, Index cols, std::uint32_t seed) {
  auto values = random_samples<Scalar>(rows, cols, seed);
  const Scalar odd[] = {Scalar(0),
                        Scalar(-0.0),
                        std::numeric_limits<Scalar>::infinity(),
                        -std::numeric_limits<Scalar>::infinity(),
                        std::numeric_limits<Scalar>::quiet_NaN(),
                        std::numeric_limits<Scalar>::denorm_min(),
                        std::numeric_limits<Scalar>::max(),
                        std::numeric_limits<Scalar>::lowest()};
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    if (i % 13 == 0)
      values.values[i] = odd[i / 13 % std::size(odd)];
    else
      values.values[i] *= static_cast<Scalar>(i % 12);
  }
  return values;
}

struct Steps {
  bool bias, gate, residual;
};

TYPED_TEST(Activations, GiveTheSameBitsInAnyLayoutAndTail) {
  const Index most = 37;
  const auto v = mixed<TypeParam>(most, most, 1);
  const auto gate = random_samples<TypeParam>(most, most, 2);
  const auto residual = random_samples<TypeParam>(most, most, 3);
  const auto bias = random_tensor<TypeParam>({most}, 4);
  for (const Activation activation : kActivations)
    for (const Steps steps :
         {Steps{false, false, false}, Steps{true, false, false}, Steps{true, false, true},
          Steps{false, true, false}, Steps{true, true, true}}) {
      const auto epilogue = [&](const MatrixView<const TypeParam>& gates,
                                const MatrixView<const TypeParam>& residuals) {
        return Epilogue<TypeParam>{steps.bias ? bias.data() : nullptr,
                                   activation,
                                   steps.gate ? gates.data() : nullptr,
                                   gates.row_stride(),
                                   gates.col_stride(),
                                   steps.residual ? residuals.data() : nullptr,
                                   residuals.row_stride(),
                                   residuals.col_stride()};
      };
      Samples<TypeParam> expected = v;  // element by element
      for (Index s = 0; s < most; ++s)
        for (Index i = 0; i < most; ++i) {
          Epilogue<TypeParam> one =
              epilogue(gate.view().block(i, s, 1, 1), residual.view().block(i, s, 1, 1));
          if (steps.bias) one.bias += i;
          apply(expected.view().block(i, s, 1, 1), one);
        }
      for (const MatrixLayout& layout : kLayouts)
        for (const MatrixLayout& other : {kLayouts[0], kLayouts[1], kLayouts[4]})
          for (const auto& size : {std::pair<Index, Index>{most, most}, {17, 3}, {5, 33}}) {
            const Index rows = size.first, cols = size.second;
            const auto part = [&](const Samples<TypeParam>& from) {
              Samples<TypeParam> top(rows, cols);
              copy_samples(from, 0, top.view());
              return top;
            };
            const PlacedMatrix<TypeParam> y(layout, part(v), 0, cols);
            const PlacedMatrix<TypeParam> wanted(layout, part(expected), 0, cols);
            const PlacedMatrix<TypeParam> gates(other, part(gate), 0, cols);
            const PlacedMatrix<TypeParam> residuals(other, part(residual), 0, cols);
            apply(y.view(), epilogue(gates.view(), residuals.view()));
            ASSERT_TRUE(y.same_memory(wanted))
                << name(activation) << (steps.bias ? ", bias" : "") << (steps.gate ? ", gate" : "")
                << (steps.residual ? ", residual" : "") << ", " << layout.name << " with "
                << other.name << ", " << rows << " x " << cols << ": "
                << first_difference(y.view(), part(expected), 0);
          }
    }
}

TYPED_TEST(Activations, StepsAreTakenInOrder) {
  const Index count = 50;
  const auto v = random_samples<TypeParam>(count, 1, 1),
             gate = random_samples<TypeParam>(count, 1, 2),
             residual = random_samples<TypeParam>(count, 1, 3);
  const auto bias = random_tensor<TypeParam>({count}, 4);
  const long double eps = std::numeric_limits<TypeParam>::epsilon();
  for (const Activation activation : kActivations)
    for (const bool gated : {false, true}) {
      auto y = v;
      apply(y.view(), {.bias = bias.data(),
                       .activation = activation,
                       .gate = gated ? gate.values.data() : nullptr,
                       .gate_row = 1,
                       .residual = residual.values.data(),
                       .residual_row = 1});
      for (Index i = 0; i < count; ++i) {
        const long double sum = static_cast<long double>(v(i, 0)) + bias[i];
        const long double wanted =
            exact(activation, sum) * (gated ? gate(i, 0) : TypeParam(1)) + residual(i, 0);
        // |f'| < 1.2 but for the square, whose slope is 2·sum <= 4.
        EXPECT_LE(std::abs(y(i, 0) - wanted), 20 * eps) << name(activation) << i;
      }
    }
}

}  // namespace
}  // namespace strum::test
