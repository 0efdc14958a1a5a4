// Linear and GatedLinear against their parts, one after the other, on every instruction set.
#include "strum/nn/linear.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "allocation_count.hpp"
#include "strum/core/any_linear_op.hpp"
#include "strum/nn/fourier_synthesis.hpp"
#include "strum/nn/gated_linear.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/block_low_rank.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/two_core_block_tensor_train.hpp"
#include "suite/placed_matrix.hpp"

namespace strum::test {
namespace {

constexpr Activation kActivations[] = {Activation::identity,     Activation::relu,
                                       Activation::squared_relu, Activation::gelu,
                                       Activation::gelu_tanh,    Activation::silu};
constexpr Index kBatches[] = {1, 3, 17, 70};
constexpr Index kMostSamples = 70;

/// An operator of a user's own, which derives from nothing.
template <class ScalarType>
class Reversal {
 public:
  using Scalar = ScalarType;
  [[nodiscard]] Index rows() const { return 7; }
  [[nodiscard]] Index cols() const { return 7; }
  [[nodiscard]] Index parameter_count() const { return 0; }
  void apply(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y) const {
    apply(1, x, 0, y);
  }
  void apply(Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y) const {
    for (Index j = 0; j < x.cols(); ++j)
      for (Index i = 0; i < 7; ++i)
        y(i, j) = alpha * x(6 - i, j) + (beta == 0 ? 0 : beta * y(i, j));
  }
  template <class... Arguments>
  void apply_transpose(const Arguments&... arguments) const {
    apply(arguments...);
  }
  template <class... Arguments>
  void apply_adjoint(const Arguments&... arguments) const {
    apply(arguments...);
  }
};
static_assert(LinearOp<Reversal<float>>);

template <class Scalar>
Monarch<Scalar> monarch(const MonarchShape& s) {
  return Monarch<Scalar>(s, random_tensor<Scalar>({s.k, s.q, s.p}, 1),
                         random_tensor<Scalar>({s.l, s.s, s.r}, 2));
}

template <class Scalar>
BlockDiagonal<Scalar> block_diagonal(Index blocks, Index out, Index in, Index rows, Index cols) {
  return BlockDiagonal<Scalar>(random_tensor<Scalar>({blocks, out, in}, 3), rows, cols);
}

template <class Scalar>
KroneckerSparse<Scalar> kronecker(const std::vector<Shape>& shapes) {
  std::vector<Tensor<Scalar>> factors;
  for (const Shape& shape : shapes) factors.push_back(random_tensor<Scalar>(shape, 4));
  return KroneckerSparse<Scalar>(factors);
}

/// Calls f with operators whose last factors are of every kind: each layout, whole blocks and parts
/// of one in a piece, padding that cuts either. f takes a name and the operator.
template <class Scalar, class F>
void for_each_operator(F&& f) {
  constexpr MonarchInput kStrided = MonarchInput::strided;
  f("blocks 2x2", block_diagonal<Scalar>(301, 2, 2, 602, 602));
  f("blocks 3x3, cut", block_diagonal<Scalar>(200, 3, 3, 590, 580));
  f("blocks 16x16", block_diagonal<Scalar>(20, 16, 16, 320, 320));
  f("blocks 33x20, cut", block_diagonal<Scalar>(9, 33, 20, 270, 171));
  f("blocks 64x64", block_diagonal<Scalar>(5, 64, 64, 320, 320));
  f("blocks 150x130, cut", block_diagonal<Scalar>(3, 150, 130, 340, 270));
  f("blocks, two of them padding", block_diagonal<Scalar>(5, 130, 20, 290, 100));
  f("dense", Dense<Scalar>(random_tensor<Scalar>({517, 40}, 5).matrix()));
  f("dense, one output", Dense<Scalar>(random_tensor<Scalar>({1, 40}, 5).matrix()));
  f("no inputs", Dense<Scalar>(random_tensor<Scalar>({5, 0}, 5).matrix()));
  f("no outputs", Dense<Scalar>(random_tensor<Scalar>({0, 5}, 5).matrix()));
  f("low rank", LowRank<Scalar>(random_tensor<Scalar>({300, 7}, 6).matrix(),
                                random_tensor<Scalar>({7, 61}, 7).matrix()));
  f("low rank 0", LowRank<Scalar>(random_tensor<Scalar>({30, 0}, 6).matrix(),
                                  random_tensor<Scalar>({0, 61}, 7).matrix()));
  f("KS d = 3", kronecker<Scalar>({{2, 90, 3, 3}}));
  f("KS d = 5", kronecker<Scalar>({{1, 201, 3, 5}}));
  f("KS d = 16", kronecker<Scalar>({{3, 40, 5, 16}}));
  f("KS d = 35", kronecker<Scalar>({{2, 45, 3, 35}}));
  f("KS d = 2, 64", kronecker<Scalar>({{64, 3, 2, 2}, {1, 5, 6, 64}}));
  f("diagonal", kronecker<Scalar>({{3, 1, 1, 517}}));
  f("two cores", TwoCoreBlockTensorTrain<Scalar>(random_tensor<Scalar>({5, 11, 36}, 8),
                                                 random_tensor<Scalar>({12, 15, 33}, 9)));
  f("transposed scaled two cores", BlockLowRank<Scalar>(3, random_tensor<Scalar>({4, 70, 8}, 8),
                                                        random_tensor<Scalar>({4, 8, 11}, 9))
                                       .transpose());
  f("monarch", monarch<Scalar>(MonarchShape::square(1024)));
  f("monarch, cut", monarch<Scalar>({3, 35, 7, 35, 30, 3, 1011, 17}));
  f("monarch, cut in the last row", monarch<Scalar>({3, 35, 7, 35, 30, 3, 1046, 17}));
  f("monarch, cut in the first row", monarch<Scalar>({3, 20, 7, 20, 3, 3, 11, 20, kStrided}));
  f("monarch, strided", monarch<Scalar>({16, 20, 12, 20, 17, 16, 335, 190, kStrided}));
  f("transposed monarch", monarch<Scalar>({4, 40, 30, 40, 17, 4, 670, 117}).transpose());
  f("transposed strided monarch",
    monarch<Scalar>({16, 20, 12, 20, 17, 16, 335, 190, kStrided}).transpose());
  f("transposed KS d = 35", kronecker<Scalar>({{2, 3, 45, 35}}).transpose());
  f("any monarch", AnyLinearOp<Scalar>(monarch<Scalar>({3, 35, 7, 35, 30, 3, 1011, 17})));
  f("Fourier synthesis", FourierSynthesis<Scalar>(9, 50));
  f("an operator of one's own", Reversal<Scalar>());
}

/// f(v + bias)·gate + residual in place, as a pass of its own.
template <class Scalar>
void finish(const MatrixView<Scalar>& y, const Tensor<Scalar>* bias, Activation activation,
            const Samples<Scalar>* gate, const Samples<Scalar>* residual) {
  kernels::Epilogue<Scalar> e{.bias = bias != nullptr ? bias->data() : nullptr,
                              .activation = activation};
  if (gate != nullptr) e.gate = gate->values.data(), e.gate_row = 1, e.gate_col = gate->rows;
  if (residual != nullptr)
    e.residual = residual->values.data(), e.residual_row = 1, e.residual_col = residual->rows;
  if (y.size() > 0)
    kernels::table<Scalar, Scalar>().apply_epilogue(
        {y.rows(), y.cols(), y.data(), y.row_stride(), y.col_stride(), e});
}

template <class Scalar>
class Layers : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(Layers, Scalars);

/// run(x, y) writes y; expected holds what sample s of x gives.
template <class Scalar, class Run>
void expect_bits(const std::string& what, const Samples<Scalar>& x, const Samples<Scalar>& expected,
                 const MatrixLayout& from, const MatrixLayout& to, Index first, Index batch,
                 Run&& run) {
  const PlacedMatrix<Scalar> in(from, x, first, batch);
  const PlacedMatrix<Scalar> out(to, expected.rows, batch);
  const PlacedMatrix<Scalar> wanted(to, expected, first, batch);
  run(MatrixView<const Scalar>(in.view()), out.view(), first);
  ASSERT_TRUE(out.same_memory(wanted))
      << what << ", " << from.name << " to " << to.name << ", " << batch << " samples from "
      << first << " on: " << first_difference(out.view(), expected, first);
}

TYPED_TEST(Layers, AreTheirPartsToTheBit) {
  for_each_operator<TypeParam>([](const std::string& what, const auto& op) {
    using Op = std::decay_t<decltype(op)>;
    const auto x = random_samples<TypeParam>(op.cols(), kMostSamples, 31);
    const auto residual = random_samples<TypeParam>(op.rows(), kMostSamples, 32);
    const auto bias = random_tensor<TypeParam>({op.rows()}, 33);
    Samples<TypeParam> product(op.rows(), kMostSamples);
    op.apply(x.view(), product.view());
    int variant = 0;
    for (const Activation activation : kActivations)
      for (const bool with_bias : {false, true})
        for (const bool with_residual : {false, true}) {
          const Linear<Op> layer =
              with_bias ? Linear<Op>(op, bias, activation) : Linear<Op>(op, activation);
          auto expected = product;
          finish(expected.view(), with_bias ? &bias : nullptr, activation,
                 static_cast<const Samples<TypeParam>*>(nullptr),
                 with_residual ? &residual : nullptr);
          // Not every layout with every variant: each of them with several.
          const MatrixLayout& other =
              kLayouts[static_cast<std::size_t>(++variant) % kLayouts.size()];
          const auto check = [&](const MatrixLayout& from, const MatrixLayout& to, Index batch) {
            expect_bits(what + ", activation " + std::to_string(static_cast<int>(activation)), x,
                        expected, from, to, kMostSamples - batch, batch,
                        [&](const auto& in, const auto& out, Index first) {
                          if (with_residual) {
                            const PlacedMatrix<TypeParam> added(other, residual, first, batch);
                            layer.apply_residual(in, added.view(), out);
                          } else {
                            layer.apply(in, out);
                          }
                        });
          };
          for (const Index batch : kBatches) {
            check(kLayouts[0], kLayouts[0], batch);
            check(kLayouts[1], kLayouts[1], batch);
          }
          check(other, kLayouts[0], 17);
          check(kLayouts[0], other, 17);
          check(kLayouts[1], other, 17);
          if (testing::Test::HasFatalFailure()) return;
        }
  });
}

TYPED_TEST(Layers, AddToTheirOutputInPlace) {
  for_each_operator<TypeParam>([](const std::string& what, const auto& op) {
    using Op = std::decay_t<decltype(op)>;
    if constexpr (std::derived_from<Op, LinearOpBase<Op, TypeParam>>) {
      const auto x = random_samples<TypeParam>(op.cols(), 17, 31);
      const auto residual = random_samples<TypeParam>(op.rows(), 17, 32);
      const Linear<Op> layer(op, random_tensor<TypeParam>({op.rows()}, 33));
      Samples<TypeParam> apart(op.rows(), 17), in_place = residual;
      layer.apply_residual(x.view(), residual.view(), apart.view());
      layer.apply_residual(x.view(), in_place.view(), in_place.view());
      EXPECT_EQ(apart.values, in_place.values) << what;
    }
  });
}

TYPED_TEST(Layers, GatedAreTheirPartsToTheBit) {
  for_each_operator<TypeParam>([](const std::string& what, const auto& op) {
    using Op = std::decay_t<decltype(op)>;
    const auto x = random_samples<TypeParam>(op.cols(), kMostSamples, 31);
    const auto residual = random_samples<TypeParam>(op.rows(), kMostSamples, 32);
    const auto bias = random_tensor<TypeParam>({op.rows()}, 33);
    const Dense<TypeParam> other(random_tensor<TypeParam>({op.rows(), op.cols()}, 34).matrix());
    Samples<TypeParam> values(op.rows(), kMostSamples), expected = values;
    other.apply(x.view(), values.view());
    finish<TypeParam>(values.view(), &bias, Activation::identity, nullptr, nullptr);
    op.apply(x.view(), expected.view());
    auto with_residual = expected;
    finish<TypeParam>(expected.view(), nullptr, Activation::silu, &values, nullptr);
    finish<TypeParam>(with_residual.view(), nullptr, Activation::silu, &values, &residual);
    const GatedLinear<Op, Dense<TypeParam>> layer(Linear<Op>(op, Activation::silu),
                                                  Linear<Dense<TypeParam>>(other, bias));
    for (const MatrixLayout& from : kLayouts)
      for (const MatrixLayout& to : {kLayouts[0], kLayouts[1], kLayouts[4], kLayouts[7]})
        for (const Index batch : kBatches) {
          if (&from != &kLayouts[0] && &from != &kLayouts[1] && batch != 17) continue;
          expect_bits(what, x, expected, from, to, kMostSamples - batch, batch,
                      [&](const auto& in, const auto& out, Index) { layer.apply(in, out); });
          expect_bits(what, x, with_residual, from, to, kMostSamples - batch, batch,
                      [&](const auto& in, const auto& out, Index first) {
                        const PlacedMatrix<TypeParam> added(from, residual, first, batch);
                        layer.apply_residual(in, added.view(), out);
                      });
          if (testing::Test::HasFatalFailure()) return;
        }
  });
}

TYPED_TEST(Layers, FuseWhereTheyCan) {
  const auto fuses = [](const auto& op) {
    const auto x = random_samples<TypeParam>(op.cols(), 2, 31);
    Samples<TypeParam> y(op.rows(), 2);
    Workspace workspace;
    return detail::OpAccess::run_fused(op, Mode::plain, TypeParam(1), x.view(), TypeParam(0),
                                       y.view(), kernels::Epilogue<TypeParam>{}, workspace);
  };
  const auto op = monarch<TypeParam>(MonarchShape::square(16));
  EXPECT_TRUE(fuses(op));
  EXPECT_TRUE(fuses(op.transpose()));
  EXPECT_TRUE(fuses(AnyLinearOp<TypeParam>(op)));
  EXPECT_TRUE(fuses(AnyLinearOp<TypeParam>(op).transpose()));
  EXPECT_TRUE(fuses(block_diagonal<TypeParam>(3, 4, 5, 12, 15)));
  EXPECT_FALSE(fuses(AnyLinearOp<TypeParam>(Reversal<TypeParam>())));
}

TYPED_TEST(Layers, NanStaysInItsSample) {
  constexpr TypeParam kNan = std::numeric_limits<TypeParam>::quiet_NaN();
  const auto op = monarch<TypeParam>(MonarchShape::square(64));
  auto x = random_samples<TypeParam>(op.cols(), 20, 31);
  const auto residual = random_samples<TypeParam>(op.rows(), 20, 32);
  for (const Activation activation : kActivations) {
    const Linear<Monarch<TypeParam>> layer(op, activation);
    x(5, 7) = 1;
    Samples<TypeParam> clean(op.rows(), 20), y = clean;
    layer.apply_residual(x.view(), residual.view(), clean.view());
    x(5, 7) = kNan;
    std::fill(y.values.begin(), y.values.end(), kNan);  // not read
    layer.apply_residual(x.view(), residual.view(), y.view());
    for (Index s = 0; s < 20; ++s)
      for (Index i = 0; i < op.rows(); ++i)
        ASSERT_TRUE(s == 7 ? std::isnan(y(i, s)) : same_bits(y(i, s), clean(i, s)))
            << i << ' ' << s;
  }
}

TYPED_TEST(Layers, AllocateOnlyOnce) {
  const auto expect_none = [](const auto& layer, Index batch) {
    const auto x = random_samples<TypeParam>(layer.cols(), batch, 31);
    Samples<TypeParam> y(layer.rows(), batch);
    Workspace workspace(layer.workspace_bytes(batch));
    const AllocationCount with_workspace;
    layer.apply(x.view(), y.view(), workspace);
    EXPECT_EQ(with_workspace.calls(), 0u) << batch;
    layer.apply(x.view(), y.view());
    const AllocationCount second;
    layer.apply(x.view(), y.view());
    EXPECT_EQ(second.calls(), 0u) << batch;
  };
  const auto op = monarch<TypeParam>(MonarchShape::square(100));
  const auto bias = random_tensor<TypeParam>({op.rows()}, 33);
  const Linear<Monarch<TypeParam>> linear(op, bias, Activation::gelu);
  const auto gated = swiglu(op, op);
  for (const Index batch : {1, 7, 100}) {
    expect_none(linear, batch);
    expect_none(gated, batch);
  }
  EXPECT_EQ(gated.workspace_bytes(64), gated.workspace_bytes(4096));
}

TYPED_TEST(Layers, Parameters) {
  const Tensor<TypeParam> weight = random_tensor<TypeParam>({4, 3, 5}, 1);
  const Tensor<TypeParam> bias = random_tensor<TypeParam>({12}, 2);
  Linear<BlockDiagonal<TypeParam>> layer(BlockDiagonal<TypeParam>(weight), bias, Activation::relu);
  EXPECT_EQ(layer.parameter_count(), 4 * 3 * 5 + 12);
  EXPECT_EQ(layer.parameters(),
            (std::vector<ParameterInfo>{{"weight", {4, 3, 5}}, {"bias", {12}}}));
  EXPECT_EQ(layer.get("weight"), weight);
  EXPECT_EQ(layer.get("bias"), bias);
  const Tensor<TypeParam> other = random_tensor<TypeParam>({12}, 3);
  layer.set("bias", other);
  EXPECT_EQ(layer.get("bias"), other);
  layer.set("weight", random_tensor<TypeParam>({4, 3, 5}, 4));
  EXPECT_EQ(layer.get("weight"), (random_tensor<TypeParam>({4, 3, 5}, 4)));
  EXPECT_THROW((void)layer.get("gate.bias"), ValueError);
  EXPECT_THROW(layer.set("bias", Tensor<TypeParam>({11})), ShapeError);

  const Linear<BlockDiagonal<TypeParam>> without(BlockDiagonal<TypeParam>{weight});
  EXPECT_FALSE(without.has_bias());
  EXPECT_EQ(without.parameters().size(), 1u);
  EXPECT_THROW((void)without.get("bias"), ValueError);

  GatedLinear<BlockDiagonal<TypeParam>> gated(layer, without);
  EXPECT_EQ(gated.parameter_count(), layer.parameter_count() + without.parameter_count());
  EXPECT_EQ(gated.parameters(),
            (std::vector<ParameterInfo>{
                {"gate.weight", {4, 3, 5}}, {"gate.bias", {12}}, {"value.weight", {4, 3, 5}}}));
  gated.set("gate.bias", bias);
  EXPECT_EQ(gated.get("gate.bias"), bias);
  EXPECT_EQ(gated.get("value.weight"), weight);
  EXPECT_THROW((void)gated.get("weight"), ValueError);
  EXPECT_THROW((void)gated.get("value.bias"), ValueError);
  EXPECT_THROW(gated.set("bias", bias), ValueError);

  EXPECT_TRUE(Linear<Reversal<TypeParam>>(Reversal<TypeParam>()).parameters().empty());
}

TEST(LayersOfNarrowWeights, AreFusedAndWiden) {
  Tensor<float> weight({5, 7}), bias({5});
  for (Index i = 0; i < weight.size(); ++i) weight[i] = 0.37f * static_cast<float>(i % 9 - 4);
  for (Index i = 0; i < bias.size(); ++i) bias[i] = 0.21f * static_cast<float>(i - 2);
  const Dense<float, bfloat16> op(weight.matrix());
  Linear<Dense<float, bfloat16>> layer(op, bias, Activation::relu);
  const Eigen::MatrixXf x = Eigen::MatrixXf::Random(7, 3);
  Eigen::MatrixXf y(5, 3);
  layer.apply(x, y);
  const Eigen::MatrixXf plain = op * x;
  for (Index s = 0; s < 3; ++s)
    for (Index i = 0; i < 5; ++i) EXPECT_EQ(y(i, s), std::max(plain(i, s) + bias[i], 0.0f));
  EXPECT_EQ(layer.get("weight"), op.get("weight").cast<float>());
  layer.set("weight", weight);
  EXPECT_EQ(layer.get("weight"), op.get("weight").cast<float>());
}

TYPED_TEST(Layers, Refusals) {
  using Matrix = Eigen::Matrix<TypeParam, Eigen::Dynamic, Eigen::Dynamic>;
  const BlockDiagonal<TypeParam> op = block_diagonal<TypeParam>(4, 3, 5, 12, 20);
  using Layer = Linear<BlockDiagonal<TypeParam>>;
  EXPECT_THROW(Layer(op, Tensor<TypeParam>({11})), ShapeError);
  EXPECT_THROW(Layer(op, Tensor<TypeParam>({12, 1})), ShapeError);
  EXPECT_THROW((GatedLinear<BlockDiagonal<TypeParam>>(
                   Layer(op), Layer(block_diagonal<TypeParam>(4, 3, 5, 11, 20)))),
               ShapeError);

  const Layer identity(op), relu(op, Activation::relu);
  const auto gated = swiglu(op, op);
  Matrix x = Matrix::Zero(20, 6), y = Matrix::Zero(12, 6), r = Matrix::Zero(12, 6);
  const auto refuses = [&](const auto& layer) {
    EXPECT_THROW(layer.apply(x.topRows(19), y), ShapeError);
    EXPECT_THROW(layer.apply(x, y.topRows(11)), ShapeError);
    EXPECT_THROW(layer.apply(x, y.leftCols(5)), ShapeError);
    EXPECT_THROW(layer.apply_residual(x, r.topRows(11), y), ShapeError);
    EXPECT_THROW(layer.apply_residual(x, r.leftCols(5), y), ShapeError);
    EXPECT_THROW(layer.apply(x, x.topRows(12)), OverlapError);
    Matrix wide = Matrix::Zero(13, 7);
    EXPECT_THROW(layer.apply_residual(x, wide.block(0, 0, 12, 6), wide.block(1, 0, 12, 6)),
                 OverlapError);
    EXPECT_THROW(layer.apply_residual(x, wide.block(0, 0, 12, 6), wide.block(0, 1, 12, 6)),
                 OverlapError);
    layer.apply_residual(x, x.topRows(12), y);  // x and the residual are only read
    layer.apply(x.leftCols(0), y.leftCols(0));
  };
  refuses(identity);
  refuses(relu);
  refuses(gated);
  identity.apply_residual(x, y, y);
  EXPECT_THROW(relu.apply_residual(x, y, y), OverlapError);
  EXPECT_THROW(gated.apply_residual(x, y, y), OverlapError);
}

}  // namespace
}  // namespace strum::test
