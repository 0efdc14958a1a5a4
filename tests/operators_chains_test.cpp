// What the constructors of the chains refuse, and values that follow from their papers' formulas.
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

Tensor<float> zeros(const Shape& shape) { return Tensor<float>(shape); }

TEST(Chains, RefuseTensorsThatDoNotFit) {
  EXPECT_EQ(thrown<ShapeError>([] {
              BlockDense<float>(zeros({3, 5, 7}), zeros({13, 14}));
            }),
            "BlockDense: blkdiag has shape (3, 5, 7), lr (13, 14); they need (nb, r/nb, n/nb) and "
            "(m, r)");
  EXPECT_EQ(thrown<ShapeError>([] {
              BlockShuffle<float>(10, 7, 3, zeros({3, 3, 3}), zeros({3, 4, 4}));
            }),
            "BlockShuffle: blkdiag2 has shape (3, 4, 4), needs (3, 4, 3)");
  EXPECT_EQ(thrown<ShapeError>([] {
              Blast<float>(zeros({2, 7, 4}), zeros({3, 4, 5}), zeros({3, 2, 4}));
            }),
            "Blast: B has shape (2, 7, 4), C (3, 4, 5), D (3, 2, 4); they need (b1, m/b1, r), "
            "(b2, r, n/b2) and (b1, b2, r)");
  EXPECT_EQ(thrown<ShapeError>([] {
              TwoCoreBlockTensorTrain<float>(zeros({3, 5, 8}), zeros({4, 7, 7}));
            }),
            "TwoCoreBlockTensorTrain: W1 has shape (3, 5, 8), W2 (4, 7, 7); they need (m1, m0, "
            "n0·rank) and (n0, m1·rank, n1)");
  EXPECT_EQ(
      thrown<ShapeError>([] {
        EinsumOperator<float>(zeros({2, 3, 2, 3, 4}), zeros({2, 5, 1, 3, 2}));
      }),
      "EinsumOperator: A has shape (2, 3, 2, 3, 4), B (2, 5, 1, 3, 2); they need (phi, delta, "
      "rho, gamma, alpha) and (phi, epsilon, rho, gamma, beta)");
  EXPECT_EQ(thrown<ShapeError>([] {
              Diagonal<float>(zeros({3, 3}));
            }),
            "Diagonal: diagonal has shape (3, 3), needs (n)");
  EXPECT_EQ(thrown<ShapeError>([] {
              RaggedBlockDiagonal<float>(std::vector{zeros({2, 3}), zeros({4})});
            }),
            "RaggedBlockDiagonal: block1 has shape (4), needs (rows, cols)");
  EXPECT_EQ(thrown<ValueError>([] {
              (void)RaggedBlockDiagonal<float>(std::vector{zeros({2, 3})}).get("block00");
            }),
            "RaggedBlockDiagonal: there is no parameter 'block00'");
}

TEST(MonarchChain, SquareFactorsOfAnyOrder) {
  EXPECT_EQ(MonarchChain<float>::square({4, 3, 5}),
            (std::vector<Shape>{{15, 4, 4, 1}, {5, 3, 3, 4}, {1, 5, 5, 12}}));
  EXPECT_EQ(thrown<ShapeError>([] {
              MonarchChain<float>({2, 3}, std::vector{zeros({3, 2, 2, 1}), zeros({1, 3, 3, 1})});
            }),
            "MonarchChain: blkdiag2 has shape (1, 3, 3, 1), needs (1, 3, 3, 2)");
  EXPECT_EQ(thrown<ShapeError>([] {
              MonarchChain<float>({2, 3}, std::vector{zeros({3, 2, 2, 1})});
            }),
            "MonarchChain: 1 factors for 2 block sizes");
  EXPECT_THROW((void)MonarchChain<float>::square({4, 0}), ShapeError);
  EXPECT_EQ(thrown<ShapeError>([] { MonarchChain<float>(std::vector<Tensor<float>>()); }),
            "MonarchChain: no factors");
}

TEST(BlockTensorTrain, RefusesCoresThatDoNotMeet) {
  const auto first = zeros({3, 1, 4, 3, 5}), second = zeros({1, 3, 4, 2, 5});
  const BlockTensorTrain<float> op(std::vector{first, second});
  EXPECT_EQ(op.shape(), (BlockTensorTrainShape{{3, 5}, {4, 2}, {1, 3, 1}}));
  EXPECT_EQ(thrown<ShapeError>([&] {
              BlockTensorTrain<float>(std::vector{first, zeros({1, 2, 4, 2, 5})});
            }),
            "BlockTensorTrain: core2 has shape (1, 2, 4, 2, 5), needs (1, 3, 4, 2, 5)");
  EXPECT_EQ(thrown<ShapeError>([&] { BlockTensorTrain<float>(std::vector{first}); }),
            "BlockTensorTrain: core1 of 1 has shape (3, 1, 4, 3, 5), needs 4 extents");
  EXPECT_THROW(BlockTensorTrain<float>(std::vector{first, zeros({2, 3, 4, 2, 5})}), ShapeError);
  EXPECT_THROW(BlockTensorTrain<float>(std::vector<Tensor<float>>()), ShapeError);
}

/// alpha is no weight: it survives a description exactly, whatever number it is.
TEST(BlockLowRank, AlphaIsPartOfTheDescription) {
  const auto a = random_tensor<double>({2, 3, 4}, 1), b = random_tensor<double>({2, 4, 5}, 2);
  const Parameters<double> parameters = {{"A", a}, {"B", b}};
  using Op = BlockLowRank<double>;
  EXPECT_EQ(Op(16, a, b).describe().attributes.at("alpha"), (std::vector<Index>{1, 4}));
  for (const double alpha : {0.0, -0.1, 16.0, 1e300, std::numeric_limits<double>::denorm_min()})
    EXPECT_EQ(Op::restore(Op(alpha, a, b).describe(), parameters).alpha(), alpha);
  EXPECT_EQ(Op(6, a, b).scale(), 1.5);
  EXPECT_THROW(Op(std::nan(""), a, b), ValueError);
  EXPECT_EQ(thrown<ShapeError>([&] {
              Op(1, random_tensor<double>({2, 3, 3}, 3), b);
            }),
            "BlockLowRank: A has shape (2, 3, 3), B (2, 4, 5); they need (k, n/k, r) and (k, r, "
            "m/k), r a multiple of k");
}

/// β = δ = 1 is the published BTT, tensor for tensor.
TEST(EinsumOperator, ContainsTheTwoCoreTrain) {
  constexpr Index m1 = 3, m0 = 5, n0 = 4, n1 = 7, rho = 2;
  const auto w1 = random_tensor<double>({m1, m0, n0 * rho}, 4);
  const auto w2 = random_tensor<double>({n0, m1 * rho, n1}, 5);
  Tensor<double> a({n0, 1, rho, m1, m0}), b({n0, n1, rho, m1, 1});
  for (Index f = 0; f < n0; ++f)
    for (Index r = 0; r < rho; ++r)
      for (Index g = 0; g < m1; ++g) {
        for (Index i = 0; i < m0; ++i) a[((f * rho + r) * m1 + g) * m0 + i] = w1(g, i, f * rho + r);
        for (Index e = 0; e < n1; ++e) b[((f * n1 + e) * rho + r) * m1 + g] = w2(f, g * rho + r, e);
      }
  const auto train = TwoCoreBlockTensorTrain<double>(w1, w2).to_dense();
  EXPECT_LE((EinsumOperator<double>(a, b).to_dense() - train).norm(), 1e-14 * train.norm());
}

}  // namespace
}  // namespace strum::test
