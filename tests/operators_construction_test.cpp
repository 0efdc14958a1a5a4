// What operators are made from, and what their constructors refuse.
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

constexpr Index kHuge = Index{1} << 40;
constexpr Index kMost = std::numeric_limits<Index>::max();

const char* const kBeyond = " is not a size (negative, or beyond 64 bits)";

TEST(Dense, TakesAnyLayoutAndExpression) {
  const Eigen::MatrixXf w = Eigen::MatrixXf::Random(7, 11);
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = w;
  Eigen::MatrixXf larger = Eigen::MatrixXf::Zero(20, 40);
  Eigen::Map<Eigen::MatrixXf, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> strided(
      larger.data(), 7, 11, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(40, 2));
  strided = w;
  EXPECT_EQ(Dense(w).to_dense(), w);
  EXPECT_EQ(Dense(rows).to_dense(), w);
  EXPECT_EQ(Dense(strided).to_dense(), w);
  EXPECT_EQ(Dense(w.transpose()).to_dense(), w.transpose());
  EXPECT_EQ(Dense(w + w).to_dense(), w + w);
  EXPECT_EQ(Dense(w.block(1, 2, 3, 4)).to_dense(), w.block(1, 2, 3, 4));
  EXPECT_EQ(Dense(view(w)).to_dense(), w);
  static_assert(std::is_same_v<decltype(Dense(w)), Dense<float>>);
}

TEST(Sparse, IsMadeInThreeWays) {
  Eigen::MatrixXd w = Eigen::MatrixXd::Zero(3, 4);
  w(0, 1) = 2;
  w(2, 0) = 3;
  w(2, 3) = 4;
  const Sparse from_dense(w);
  EXPECT_EQ(from_dense.to_dense(), w);
  EXPECT_EQ(from_dense.row_starts(), (std::vector<Index>{0, 1, 1, 3}));
  EXPECT_EQ(from_dense.columns(), (std::vector<Index>{1, 0, 3}));
  EXPECT_EQ(Sparse<double>(3, 4, {{2, 3, 4.0}, {0, 1, 2.0}, {2, 0, 3.0}}).to_dense(), w);
  EXPECT_EQ(Sparse<double>(4, {0, 1, 1, 3}, {1, 0, 3}, Tensor<double>({3}, {2, 3, 4})).to_dense(),
            w);
}

TEST(Sparse, RefusesWhatIsNotAMatrix) {
  const auto compressed = [](std::vector<Index> row_starts, std::vector<Index> columns) {
    const auto count = static_cast<Index>(columns.size());
    return Sparse<float>(4, std::move(row_starts), columns, Tensor<float>({count}));
  };
  EXPECT_EQ(thrown<ValueError>([&] {
              compressed({0, 2, 1, 3}, {0, 1, 2});
            }),
            "Sparse: row 1 goes from 2 to 1 of 3 entries");
  EXPECT_EQ(thrown<ValueError>([&] {
              compressed({0, 9, 3}, {0, 1, 2});
            }),
            "Sparse: row 0 goes from 0 to 9 of 3 entries");
  EXPECT_EQ(thrown<ValueError>([&] {
              compressed({0, 2}, {0, 1, 2});
            }),
            "Sparse: rows from 0 to 2 of 3 entries");
  EXPECT_EQ(thrown<ValueError>([&] {
              compressed({0, 2}, {0, 4});
            }),
            "Sparse: an entry in column 4 of 4");
  EXPECT_EQ(thrown<ValueError>([&] {
              compressed({0, 2}, {1, 1});
            }),
            "Sparse: in row 0, column 1 follows column 1");
  EXPECT_THROW(compressed({}, {}), ShapeError);
  EXPECT_THROW(Sparse<float>(1, {0, 1}, {0}, Tensor<float>({2})), ShapeError);
  EXPECT_THROW(Sparse<float>(2, kHuge, {}), ShapeError);
  EXPECT_EQ(thrown<ValueError>([] {
              Sparse<float>(2, 2, {{2, 0, 1.0F}});
            }),
            "Sparse: an entry in row 2 of 2");
  EXPECT_EQ(thrown<ValueError>([] {
              Sparse<float>(2, 2, {{1, 0, 1.0F}, {1, 0, 2.0F}});
            }),
            "Sparse: in row 1, column 0 follows column 0");
}

TEST(LowRank, RefusesFactorsThatDoNotMeet) {
  const Eigen::MatrixXd u(5, 3), v(4, 7);
  EXPECT_EQ(thrown<ShapeError>([&] { LowRank(u, v); }), "LowRank: U has 3 columns, V has 4 rows");
  EXPECT_EQ(LowRank<double>(Eigen::MatrixXd::Ones(5, 4), v).rank(), 4);
}

TEST(BlockDiagonal, ShapesCoverTheMatrix) {
  const auto layer = BlockDiagonalShape::layer(18, 19, 5);
  EXPECT_EQ(layer, (BlockDiagonalShape{5, 4, 4, 18, 19}));
  // blocks 0-3 whole, the last one 2 x 3
  EXPECT_EQ(layer.parameter_count(), 4 * 16 + 2 * 3);
  EXPECT_EQ(BlockDiagonalShape::exact(3, 4, 5), (BlockDiagonalShape{3, 4, 5, 12, 15}));

  const std::vector<float> w(60);
  const std::string text = "BlockDiagonal: 3 blocks of 4 x 5 do not cover ";
  EXPECT_EQ(thrown<ShapeError>([&] {
              BlockDiagonal<float>({3, 4, 5, 13, 15}, w.data());
            }),
            text + "13 x 15");
  EXPECT_EQ(thrown<ShapeError>([&] {
              BlockDiagonal<float>({3, 4, 5, 12, 16}, w.data());
            }),
            text + "12 x 16");
  EXPECT_THROW(BlockDiagonal<float>({3, 4, 5, -1, 15}, w.data()), ShapeError);
  EXPECT_THROW(BlockDiagonal<float>({3, -4, 5, 0, 15}, w.data()), ShapeError);
  EXPECT_EQ(thrown<ShapeError>([] { (void)BlockDiagonalShape::layer(4, 4, 0); }),
            "BlockDiagonal: 0 blocks");
  EXPECT_EQ(thrown<ShapeError>([] { (void)BlockDiagonalShape::exact(kHuge, kHuge, 1); }),
            "BlockDiagonal: 1099511627776 x 1099511627776" + std::string(kBeyond));
  // Each side fits, the weights do not.
  EXPECT_THROW((void)BlockDiagonalShape::exact(1, kHuge, kHuge).factor(), ShapeError);
  EXPECT_EQ(BlockDiagonalShape::layer(kMost, 7, 7).block_rows, kMost / 7);
}

TEST(BlockDiagonal, TakesATensor) {
  const Tensor<float> w({2, 3, 4});
  EXPECT_EQ(BlockDiagonal<float>(w).shape(), BlockDiagonalShape::exact(2, 3, 4));
  EXPECT_EQ(BlockDiagonal<float>(w, 5, 7).shape(), (BlockDiagonalShape{2, 3, 4, 5, 7}));
  EXPECT_EQ(thrown<ShapeError>([] {
              BlockDiagonal<float>(Tensor<float>({2, 3}));
            }),
            "BlockDiagonal: weight has shape (2, 3), needs (blocks, out, in)");
  EXPECT_THROW(BlockDiagonal<float>(w, 7, 7), ShapeError);
}

TEST(BlockDiagonal, BlockSizeOfTheTypeMustBeThatOfTheWeights) {
  const Tensor<float> w({2, 8, 8});
  EXPECT_EQ((BlockDiagonal<float, 8>(w).rows()), 16);
  EXPECT_EQ(thrown<ShapeError>([&] { BlockDiagonal<float, 4>{w}; }),
            "BlockDiagonal: blocks of 8 x 8, the type says 4 x 4");
  EXPECT_THROW((BlockDiagonal<float, 8>(Tensor<float>({2, 8, 4}))), ShapeError);
}

TEST(KroneckerSparse, RefusesWhatIsNotAChain) {
  const auto tensor = [](Index a, Index b, Index c, Index d) {
    return Tensor<double>({a, b, c, d});
  };
  EXPECT_EQ(thrown<ShapeError>([] {
              KroneckerSparse<double>(Tensor<double>({2, 3, 4}));
            }),
            "KroneckerSparse: factor 0 has shape (2, 3, 4), needs (a, b, c, d)");
  EXPECT_EQ(thrown<ShapeError>([] { KroneckerSparse<double>(std::vector<Tensor<double>>{}); }),
            "KroneckerSparse: no factors");
  EXPECT_EQ(thrown<ShapeError>([&] {
              KroneckerSparse<double>({tensor(2, 3, 4, 1), tensor(1, 5, 3, 2), tensor(1, 1, 9, 1)});
            }),
            "factor 2 has 9 columns, the one before it has 10 rows");
  const KroneckerSparse<double> op({tensor(2, 3, 4, 1), tensor(1, 5, 3, 2)});
  EXPECT_EQ(op.factors(), 2);
  EXPECT_EQ(op.rows(), 10);
  EXPECT_EQ(op.cols(), 8);
}

TEST(Monarch, LayerFollowsTheConventionOfPublishedCheckpoints) {
  // nb·in < nb·out: w1 (nb, in, in), w2 (nb, out, in)
  EXPECT_EQ(MonarchShape::layer(10, 7, 3), (MonarchShape{3, 3, 3, 3, 4, 3, 10, 7}));
  // else: w1 (nb, out, in), w2 (nb, out, out)
  EXPECT_EQ(MonarchShape::layer(7, 10, 3), (MonarchShape{3, 3, 4, 3, 3, 3, 7, 10}));
  EXPECT_EQ(MonarchShape::layer(8, 8, 4), (MonarchShape{4, 2, 2, 4, 2, 2, 8, 8}));
  EXPECT_EQ(thrown<ShapeError>([] { (void)MonarchShape::layer(4, 4, 0); }), "Monarch: 0 blocks");
}

TEST(Monarch, ShapesCountTheWeightsThatJoinAnInputToAnOutput) {
  EXPECT_EQ(MonarchShape::square(1024).parameter_count(), 2 * 1024 * 32);
  // n·q + m·r with padding
  const MonarchShape s = MonarchShape::of_rank(258, 256, 16, 16, 4);
  EXPECT_EQ(s.parameter_count(), 256 * 64 + 258 * 64);
  EXPECT_EQ(s, (MonarchShape{16, 64, 16, 16, 17, 64, 258, 256}));
  EXPECT_EQ(thrown<ShapeError>([] { (void)MonarchShape::square(15); }),
            "Monarch: 15 is not a square");
  EXPECT_EQ(thrown<ShapeError>([] { (void)MonarchShape::of_rank(4, 4, 0, 2, 1); }),
            "Monarch: k = 0, l = 2, rank = 1");
  EXPECT_THROW((void)MonarchShape::of_rank(4, 4, kHuge, kHuge, kHuge), ShapeError);
}

TEST(Monarch, RefusesSizesThatDoNotFit) {
  const Tensor<float> w1({4, 6, 5}), w2({3, 7, 8});
  const std::string tail = " operator (needs l·r = k·q, rows <= s·l, cols <= k·p)";
  const std::string sizes = "Monarch: k, q, p = 4, 6, 5 and l, s, r = 3, 7, 8 do not make a ";
  EXPECT_EQ(Monarch<float>(w1, w2).rows(), 21);
  EXPECT_EQ(Monarch<float>(w1, w2).cols(), 20);
  EXPECT_EQ(thrown<ShapeError>([&] {
              Monarch<float>({4, 6, 5, 3, 7, 8, 22, 20}, w1, w2);
            }),
            sizes + "22 x 20" + tail);
  EXPECT_EQ(thrown<ShapeError>([&] {
              Monarch<float>({4, 6, 5, 3, 7, 8, 21, 21}, w1, w2);
            }),
            sizes + "21 x 21" + tail);
  EXPECT_THROW(Monarch<float>({4, 6, 5, 3, 7, 8, -1, 20}, w1, w2), ShapeError);
  EXPECT_THROW(Monarch<float>({4, 6, 5, 3, 7, 8, 21, -1}, w1, w2), ShapeError);
  EXPECT_EQ(thrown<ShapeError>([&] {
              Monarch<float>(w1, Tensor<float>({3, 7, 9}));
            }),
            "Monarch: k, q, p = 4, 6, 5 and l, s, r = 3, 7, 9 do not make a 21 x 20" + tail);
  const MonarchShape shape = MonarchShape::exact(4, 6, 5, 3, 7, 8);
  EXPECT_EQ(thrown<ShapeError>([&] { Monarch<float>(shape, w2, w2); }),
            "Monarch: blkdiag1 has shape (3, 7, 8), needs (4, 6, 5)");
  EXPECT_EQ(thrown<ShapeError>([&] { Monarch<float>(shape, w1, w1); }),
            "Monarch: blkdiag2 has shape (4, 6, 5), needs (3, 7, 8)");
  EXPECT_EQ(thrown<ShapeError>([&] {
              Monarch<float>(Tensor<float>({4, 6}), w2);
            }),
            "Monarch: blkdiag1 has shape (4, 6), blkdiag2 (3, 7, 8)");
}

TEST(Operators, ProductsOfSizesBeyondTheIndexTypeAreRefused) {
  float weight = 0;
  EXPECT_THROW(Dense<float>(MatrixView<const float>(&weight, kHuge, kHuge, 0, 0)), ShapeError);
  EXPECT_THROW((BlockDiagonal<float>({kHuge, kHuge, 1, 1, 1}, &weight)), ShapeError);
  EXPECT_THROW((Monarch<float>({kHuge, kHuge, 1, kHuge, 1, kHuge, 1, 1}, &weight, &weight)),
               ShapeError);
  EXPECT_THROW((void)detail::factor_shape(kHuge, 1, 1, kHuge), ShapeError);
  EXPECT_THROW((void)detail::factor_shape(1, kHuge, kHuge, 1), ShapeError);
}

TEST(Operators, DescriptionsThatDoNotFitAreRefused) {
  const Parameters<float> none;
  const Parameters<float> flat = {{"weight", Tensor<float>({2, 3, 4})}};
  EXPECT_EQ(thrown<ValueError>([&] {
              (void)Dense<float>::restore({"Dense", {}}, none);
            }),
            "Dense: there is no parameter 'weight'");
  EXPECT_THROW((void)Dense<float>::restore({"Dense", {}}, flat), ShapeError);
  EXPECT_THROW((void)BlockDiagonal<float>::restore({"BlockDiagonal", {}}, flat), ValueError);
  EXPECT_THROW((void)BlockDiagonal<float>::restore({"BlockDiagonal", {{"shape", {100, 8}}}}, flat),
               ShapeError);
  EXPECT_THROW((void)LowRank<float>::restore({"LowRank", {}}, none), ValueError);
  EXPECT_THROW((void)KroneckerSparse<float>::restore({"KroneckerSparse", {{"factors", {1}}}}, none),
               ValueError);
  const Monarch<float> op(MonarchShape::exact(4, 6, 5, 3, 7, 8), Tensor<float>({4, 6, 5}),
                          Tensor<float>({3, 7, 8}));
  const Parameters<float> weights = {{"blkdiag1", op.get("blkdiag1")},
                                     {"blkdiag2", op.get("blkdiag2")}};
  Description d = op.describe();
  d.attributes["input_stride"] = {3};
  EXPECT_EQ(thrown<ValueError>([&] { (void)Monarch<float>::restore(d, weights); }),
            "Monarch: input stride 3 is neither 1 nor k = 4");
  d = op.describe();
  d.attributes["blkdiag1"] = {4, 5, 6};
  EXPECT_THROW((void)Monarch<float>::restore(d, weights), ShapeError);
}

TEST(Operators, PaddingInTheTensorsIsIgnored) {
  Tensor<float> w1 = random_tensor<float>({4, 6, 5}, 1), w2 = random_tensor<float>({3, 7, 8}, 2);
  const MonarchShape shape{4, 6, 5, 3, 7, 8, 19, 17};
  const Monarch<float> op(shape, w1, w2);
  for (Index j = 0; j < 6; ++j)
    for (Index i = 2; i < 5; ++i) w1(3, j, i) = std::numeric_limits<float>::quiet_NaN();
  for (Index lambda = 1; lambda < 3; ++lambda)
    for (Index rho = 0; rho < 8; ++rho) w2(lambda, 6, rho) = std::numeric_limits<float>::infinity();
  const Monarch<float> other(shape, w1, w2);
  EXPECT_EQ(op.to_dense(), other.to_dense());
  EXPECT_EQ(op.get("blkdiag1"), other.get("blkdiag1"));
  EXPECT_EQ(other.get("blkdiag2")(2, 6, 3), 0.0f);
}

TEST(Operators, TheTransposesPackingShowsInBytes) {
  const Dense<float> op(Eigen::MatrixXf::Random(40, 30));
  const std::size_t before = op.bytes();
  EXPECT_GE(before, 40u * 30u * sizeof(float));
  op.prepare_transpose();
  const std::size_t after = op.bytes();
  EXPECT_GE(after, before);
  const Dense<float> copy = op;
  EXPECT_LE(copy.bytes(), after);
  op.prepare_transpose();
  EXPECT_EQ(op.bytes(), after);
}

}  // namespace
}  // namespace strum::test
