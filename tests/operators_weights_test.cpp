// Weights stored narrower than they are used: what operators take them from and hand them out as.
// What they compute is checked by the suite.
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using HalfDense = Dense<float, bfloat16>;

/// Numbers of float that bfloat16 does not have.
Tensor<float> wide(const Shape& shape) { return random_tensor<float>(shape, 7); }

Tensor<bfloat16> narrow(const Shape& shape) { return wide(shape).cast<bfloat16>(); }

template <class Op>
void expect_same(const Op& a, const Op& b) {
  EXPECT_EQ(a.describe(), b.describe());
  ASSERT_EQ(a.parameters(), b.parameters());
  for (const ParameterInfo& info : a.parameters())
    EXPECT_EQ(a.get(info.name), b.get(info.name)) << info.name;
  EXPECT_EQ(a.to_dense(), b.to_dense());
}

TEST(Bf16Weights, AreTakenAsTheyAreOrRounded) {
  const MonarchShape monarch{4, 6, 5, 3, 7, 8, 19, 17};
  const BlockDiagonalShape blocks{3, 5, 4, 13, 11};
  const Tensor<float> w = wide({3, 5, 4}), w1 = wide({4, 6, 5}), w2 = wide({3, 7, 8});
  const Tensor<bfloat16> h = narrow({3, 5, 4}), h1 = narrow({4, 6, 5}), h2 = narrow({3, 7, 8});

  using Blocks = BlockDiagonal<float, Dynamic, bfloat16>;
  expect_same(Blocks(w), Blocks(h));
  expect_same(Blocks(w, 13, 11), Blocks(h, 13, 11));
  expect_same(Blocks(blocks, w.data()), Blocks(blocks, h.data()));
  EXPECT_EQ(Blocks(w).get("weight"), h);
  expect_same(BlockDiagonal<float, 8, bfloat16>(wide({3, 8, 8})),
              BlockDiagonal<float, 8, bfloat16>(narrow({3, 8, 8})));

  using HalfMonarch = Monarch<float, bfloat16>;
  expect_same(HalfMonarch(monarch, w1, w2), HalfMonarch(monarch, h1, h2));
  expect_same(HalfMonarch(monarch, w1.data(), w2.data()),
              HalfMonarch(monarch, h1.data(), h2.data()));
  expect_same(HalfMonarch(w1, w2), HalfMonarch(h1, h2));

  using Sparse = KroneckerSparse<float, bfloat16>;
  expect_same(Sparse(wide({2, 3, 4, 5})), Sparse(narrow({2, 3, 4, 5})));
  expect_same(Sparse(std::vector{wide({1, 3, 2, 8}), wide({2, 4, 3, 4})}),
              Sparse(std::vector{narrow({1, 3, 2, 8}), narrow({2, 4, 3, 4})}));

  const Tensor<float> matrix = wide({7, 9});
  expect_same(HalfDense(matrix.matrix()), HalfDense(narrow({7, 9}).matrix()));
  expect_same(
      LowRank<float, bfloat16>(matrix.matrix(), matrix.matrix().transposed()),
      LowRank<float, bfloat16>(narrow({7, 9}).matrix(), narrow({7, 9}).matrix().transposed()));
  // and the other way round
  EXPECT_EQ(Dense<float>(narrow({7, 9}).matrix()).get("weight"), narrow({7, 9}).cast<float>());
}

TEST(Bf16Weights, FromEigenMatrices) {
  const Eigen::MatrixXf w = Eigen::MatrixXf::Random(7, 11), v = Eigen::MatrixXf::Random(11, 5);
  const Eigen::MatrixXf rounded =
      w.unaryExpr([](float x) { return static_cast<float>(bfloat16(x)); });
  EXPECT_EQ(HalfDense(w).to_dense(), rounded);
  EXPECT_EQ(HalfDense(w.transpose()).to_dense(), rounded.transpose());
  EXPECT_EQ(HalfDense(w.block(1, 2, 3, 4)).to_dense(), rounded.block(1, 2, 3, 4));
  EXPECT_EQ(HalfDense(w + w).to_dense(), 2 * rounded);
  EXPECT_EQ((LowRank<float, bfloat16>(w, v).rank()), 11);
}

/// What lies in a checkpoint: two bytes a number, read where they are.
TEST(Bf16Weights, FromABlockOfBytes) {
  const std::vector<std::uint16_t> checkpoint = {0x3f80, 0xc000, 0x0001, 0x7f81, 0x8000, 0x4049};
  const MatrixView<const bfloat16> w(reinterpret_cast<const bfloat16*>(checkpoint.data()), 2, 3, 3,
                                     1);
  const Dense op(w);
  static_assert(std::is_same_v<decltype(op), const HalfDense>);
  const Tensor<bfloat16> got = op.get("weight");
  for (std::size_t i = 0; i < checkpoint.size(); ++i)
    EXPECT_EQ(got[static_cast<Index>(i)].bits(), checkpoint[i]);
}

TEST(Bf16Weights, AreSetInEitherType) {
  HalfDense op(wide({6, 4}).matrix());
  op.prepare_transpose();
  const Tensor<float> other = random_tensor<float>({6, 4}, 8);
  op.set("weight", other);
  EXPECT_EQ(op.get("weight"), other.cast<bfloat16>());
  expect_same(op, HalfDense(other.matrix()));
  EXPECT_EQ(op.transpose().to_dense(), op.to_dense().transpose());
  op.set("weight", narrow({6, 4}));
  EXPECT_EQ(op.get("weight"), narrow({6, 4}));
  EXPECT_EQ(thrown<ShapeError>([&] {
              op.set("weight", wide({4, 6}));
            }),
            "Dense: weight has shape (4, 6), needs (6, 4)");
}

TEST(Bf16Weights, TakeHalfTheMemory) {
  const Tensor<float> w = wide({256, 256});
  const Dense<float> full(w.matrix());
  const HalfDense half(w.matrix());
  EXPECT_EQ(2 * half.bytes(), full.bytes());
  EXPECT_EQ(half.parameter_count(), full.parameter_count());
}

/// Every operator, with padding where it may have some.
TEST(WithWeights, RoundsEveryOperator) {
  const auto check = [](const auto& op) {
    const auto half = with_weights<bfloat16>(op);
    EXPECT_EQ(half.describe().type, op.describe().type);
    EXPECT_EQ(half.describe().attributes, op.describe().attributes);
    EXPECT_EQ(half.describe().weights, "BF16");
    EXPECT_EQ(op.describe().weights, "");
    for (const ParameterInfo& info : op.parameters())
      EXPECT_EQ(half.get(info.name), op.get(info.name).template cast<bfloat16>()) << info.name;
    const auto again = with_weights<float>(half);
    static_assert(std::is_same_v<decltype(again), const std::remove_cvref_t<decltype(op)>>);
    EXPECT_EQ(again.to_dense(), half.to_dense());
    expect_same(with_weights<bfloat16>(half), half);
  };
  check(Dense<float>(wide({7, 9}).matrix()));
  check(BlockDiagonal<float>(wide({3, 5, 4}), 13, 11));
  check(BlockDiagonal<float, 8>(wide({4, 8, 8})));
  check(LowRank<float>(wide({7, 3}).matrix(), wide({3, 9}).matrix()));
  check(KroneckerSparse<float>(std::vector{wide({1, 3, 2, 8}), wide({2, 4, 3, 4})}));
  check(Monarch<float>({4, 6, 5, 3, 7, 8, 19, 17}, wide({4, 6, 5}), wide({3, 7, 8})));
  check(Monarch<float>({4, 6, 5, 3, 7, 8, 20, 18, MonarchInput::strided}, wide({4, 6, 5}),
                       wide({3, 7, 8})));
  EXPECT_EQ(with_weights<bfloat16>(Monarch<float>()).rows(), 0);
  const Dense<double> same(random_tensor<double>({3, 4}, 1).matrix());
  expect_same(with_weights<double>(same), same);
}

TEST(Bf16Weights, InsideAnyLinearOp) {
  const HalfDense op(wide({6, 4}).matrix());
  AnyLinearOp<float> any(op);
  EXPECT_EQ(any.describe(), op.describe());
  EXPECT_NE(any.describe(), AnyLinearOp<float>(Dense<float>(wide({6, 4}).matrix())).describe());
  EXPECT_EQ(any.get("weight"), op.get("weight").cast<float>());
  const Tensor<float> other = random_tensor<float>({6, 4}, 8);
  any.set("weight", other);
  EXPECT_EQ(any.get("weight"), other.cast<bfloat16>().cast<float>());
  ASSERT_NE(any.target<HalfDense>(), nullptr);
  EXPECT_EQ(any.target<Dense<float>>(), nullptr);
  EXPECT_EQ(any.target<HalfDense>()->get("weight"), other.cast<bfloat16>());
}

}  // namespace
}  // namespace strum::test
