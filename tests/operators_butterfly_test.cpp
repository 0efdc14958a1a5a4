// Butterflies and Kronecker products: known matrices, memory, and what constructors refuse.
#include <vector>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

/// Every T_i the same R x R matrix: the Kronecker power of it, whatever the strides' order.
TEST(Butterfly, OfOneMatrixIsItsKroneckerPower) {
  for (const bool increasing : {true, false}) {
    const ButterflyShape shape{.rows = 64, .cols = 64, .increasing_stride = increasing};
    Tensor<float> twiddle(Butterfly<float>::parameter_shape(shape));
    ASSERT_EQ(twiddle.shape(), (Shape{1, 1, 6, 32, 2, 2}));
    for (Index i = 0; i < twiddle.size(); ++i) twiddle[i] = i % 4 == 3 ? -1.0f : 1.0f;
    const auto hadamard = Butterfly<float>(shape, twiddle).to_dense();
    for (int i = 0; i < 64; ++i)
      for (int j = 0; j < 64; ++j)
        ASSERT_EQ(hadamard(i, j), __builtin_popcount(i & j) % 2 == 0 ? 1 : -1) << i << ", " << j;
  }
}

/// One factor by hand: x = (1, 2, 3, 4), stride 1 swaps neighbours, stride 2 adds 10 times the
/// other half.
TEST(Butterfly, AppliesLevelsInTheOrderOfTheThirdIndex) {
  const ButterflyShape shape{.rows = 4, .cols = 4};
  const std::vector<double> swap = {0, 1, 1, 0}, add = {1, 10, 0, 1};
  Tensor<double> twiddle({1, 1, 2, 2, 2, 2});
  for (Index i = 0; i < 8; ++i) {
    twiddle[i] = swap[static_cast<std::size_t>(i % 4)];
    twiddle[8 + i] = add[static_cast<std::size_t>(i % 4)];
  }
  const Eigen::Vector4d y = Butterfly<double>(shape, twiddle) * Eigen::Vector4d(1, 2, 3, 4);
  EXPECT_EQ(y, Eigen::Vector4d(2 + 40, 1 + 30, 4, 3));
}

TEST(OrthogonalButterfly, AdjointIsInverse) {
  const ButterflyShape shape{.rows = 128, .cols = 128, .blocks = 2};
  const OrthogonalButterfly<double> q(
      shape, random_tensor<double>(OrthogonalButterfly<double>::parameter_shape(shape), 1));
  const Eigen::VectorXd x = Eigen::VectorXd::Random(128);
  EXPECT_LT((q.adjoint() * (q * x) - x).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(Butterfly, RefusesShapes) {
  const auto make = [](const ButterflyShape& shape, const Shape& twiddle) {
    return thrown<ShapeError>([&] { Butterfly<float>(shape, Tensor<float>(twiddle)); });
  };
  EXPECT_EQ(make({.rows = 5, .cols = 0}, {1}),
            "butterfly: 5 x 0, 1 blocks, radix 2, 1 entries to a position");
  EXPECT_EQ(make({.rows = 5, .cols = 3}, {1, 1, 2, 2, 2, 2}),
            "Butterfly: twiddle has shape (1, 1, 2, 2, 2, 2), needs (2, 1, 2, 2, 2, 2)");
  EXPECT_EQ(make({.rows = 5, .cols = 3, .block = 2}, {1}),
            "Butterfly: 2 entries to a position, needs 1");
  EXPECT_EQ(thrown<ShapeError>(
                [] { BlockButterfly<float>({.rows = 5, .cols = 3, .radix = 4, .block = 2}, {}); }),
            "BlockButterfly: radix 4, needs 2");
  EXPECT_EQ(thrown<ShapeError>(
                [] { OrthogonalButterfly<float>({.rows = 5, .cols = 3, .radix = 4}, {}); }),
            "OrthogonalButterfly: radix 4, 1 entries to a position; needs 2 and 1");
  EXPECT_EQ(thrown<ShapeError>([&] {
              FlatButterfly<float>(FlatButterflyShape::exact(6, 1, 2, 2, 0), Tensor<float>());
            }),
            "FlatButterfly: a grid of 6 with 1 levels of blocks of 2 x 2 and rank 0 does not make "
            "a 12 x 12 operator (needs grid = 2^k >= 2^levels, rows and cols within it)");
}

/// What a solver of 250 000 unknowns needs: the two matrices, packed for both directions, and a few
/// vectors between them. Expanded, the factors would take 2 GB.
TEST(Kronecker, NeverExpandsItsWeights) {
  const auto a = random_tensor<double>({500, 500}, 1), b = random_tensor<double>({500, 500}, 2);
  const Kronecker<double> op(std::vector{a, b});
  EXPECT_EQ(op.rows(), 250000);
  EXPECT_EQ(op.parameter_count(), 2 * 250000);
  op.prepare_transpose();
  EXPECT_LT(op.bytes() + op.workspace_bytes(1), 32u << 20);
}

TEST(Kronecker, RefusesShapes) {
  using Tensors = std::vector<Tensor<float>>;
  const Tensor<float> w({2, 3}), vector(Shape{3}), empty({2, 0});
  EXPECT_EQ(thrown<ShapeError>([&] { Kronecker<float>(Tensors{}); }), "Kronecker: no factors");
  EXPECT_EQ(thrown<ShapeError>([&] {
              Kronecker<float>(Tensors{w, vector});
            }),
            "Kronecker: factor1 has shape (3), needs (rows, columns), neither of them 0");
  EXPECT_EQ(thrown<ShapeError>([&] { Kronecker<float>(Tensors{empty}); }),
            "Kronecker: factor0 has shape (2, 0), needs (rows, columns), neither of them 0");
  EXPECT_EQ(thrown<ShapeError>([&] { KroneckerSum<float>(Tensors{w}); }),
            "KroneckerSum: factor0 has shape (2, 3), needs to be square");
  EXPECT_EQ(thrown<ShapeError>([&] { Kronecker<float>(Tensors(50, w)); }).substr(0, 10),
            "Kronecker:");
  EXPECT_EQ(thrown<ShapeError>([] {
              TensorTrain<float>(Tensors{Tensor<float>({1, 2, 3, 4}), Tensor<float>({3, 2, 3, 1})});
            }),
            "TensorTrain: core1 has shape (3, 2, 3, 1); its rank in must be 4, that out of the "
            "last core 1");
}

}  // namespace
}  // namespace strum::test
