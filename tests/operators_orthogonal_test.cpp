// Permutations, reflections and rotations: known values, that they preserve lengths, what they
// refuse, files.
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include "io_files.hpp"
#include "strum/io/operator_file.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using List = std::vector<Index>;

TEST(Permutation, HasTheIndicesOfItsFormulas) {
  using P = Permutation<float>;
  EXPECT_EQ(P::identity(4).indices(), (List{0, 1, 2, 3}));
  EXPECT_EQ(P::reversal(4).indices(), (List{3, 2, 1, 0}));
  EXPECT_EQ(P::bit_reversal(8).indices(), (List{0, 4, 2, 6, 1, 5, 3, 7}));
  // y[j·a + i] = x[i·b + j]: the 2 x 3 matrix 0 1 2 / 3 4 5 column by column.
  EXPECT_EQ(P::stride(2, 3).indices(), (List{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(P::stride(2, 3).inverse().indices(), P::stride(3, 2).indices());
  const P p(List{2, 0, 1}), q(List{1, 0, 2});
  EXPECT_EQ(compose(p, q).indices(), (List{2, 1, 0}));
  EXPECT_EQ(compose(p, q).to_dense(), p.to_dense() * q.to_dense());
  EXPECT_EQ(P(List{}).rows(), 0);
}

TEST(Permutation, FindsTheRunsThatItCopies) {
  using P = Permutation<float>;
  EXPECT_EQ(P::identity(12).block(), 12);
  EXPECT_EQ(P::reversal(12).block(), 1);
  EXPECT_EQ(P(List{8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7}).block(), 4);
  EXPECT_EQ(P(List{4, 5, 6, 7, 8, 9, 0, 1, 2, 3}).block(), 2);  // runs of 6 and 4
}

TEST(Permutation, RefusesWhatIsNoBijection) {
  using P = Permutation<float>;
  EXPECT_EQ(thrown<ValueError>([] { P(List{0, 2}); }), "Permutation: index 1 of 2 is 2");
  EXPECT_EQ(thrown<ValueError>([] { P(List{-1}); }), "Permutation: index 0 of 1 is -1");
  EXPECT_EQ(thrown<ValueError>([] {
              P(List{1, 0, 1});
            }),
            "Permutation: 1 occurs twice among 3 indices");
  EXPECT_EQ(thrown<ShapeError>([] { (void)P::bit_reversal(6); }),
            "Permutation::bit_reversal: 6 is not a power of two");
  EXPECT_THROW((void)P::stride(Index{1} << 40, Index{1} << 40), ShapeError);
  EXPECT_THROW((void)P::identity(-1), ShapeError);
  EXPECT_THROW((void)compose(P::identity(2), P::identity(3)), ShapeError);
  EXPECT_EQ(thrown<ValueError>([] { (void)P::identity(2).get("weight"); }),
            "Permutation: there is no parameter 'weight'");
}

TEST(FixedOperators, CountNothingAndRefuseNegativeSizes) {
  EXPECT_EQ(Permutation<float>::reversal(9).flops(), 0);
  EXPECT_EQ(Identity<float>(9).flops() + Identity<float>(9).parameter_count(), 0);
  EXPECT_EQ(Zero<float>(9, 3).flops() + Zero<float>(9, 3).parameter_count(), 0);
  EXPECT_THROW(Identity<float>(-1, 2), ShapeError);
  EXPECT_THROW(Zero<float>(1, -2), ShapeError);
}

/// One of each kind whose inverse is its adjoint.
template <class S>
std::vector<AnyLinearOp<S>> isometries() {
  const auto tensor = [](const Shape& shape) { return random_tensor<S>(shape, 17); };
  Tensor<S> ones({48});
  std::fill_n(ones.data(), ones.size(), S(1));
  return {Permutation<S>::stride(6, 16), Householder<S>(tensor({96, 11})),
          GivensRotations<S>(tensor({48}), ones, 12), OrthogonalBlockDiagonal<S>(tensor({6, 120})),
          ButterflyOrthogonal<S>(tensor({4, 8, 12, 12}))};
}

template <class S>
class Orthogonal : public IoTest {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(Orthogonal, Scalars);

TYPED_TEST(Orthogonal, AdjointIsTheInverse) {
  for (const auto& op : isometries<TypeParam>()) {
    SCOPED_TRACE(op.name());
    using Matrix = Eigen::Matrix<TypeParam, Eigen::Dynamic, Eigen::Dynamic>;
    ASSERT_EQ(op.rows(), 96);
    const Matrix r = op.to_dense();
    // An entry of RᵀR errs by the roundings of four factors at most, and those average out.
    const TypeParam bound = 8 * std::numeric_limits<TypeParam>::epsilon();
    EXPECT_LE((r.transpose() * r - Matrix::Identity(96, 96)).cwiseAbs().maxCoeff(), bound);
    const Tensor<TypeParam> samples = random_tensor<TypeParam>({96, 5}, 3);
    const Eigen::Map<const Matrix> x(samples.data(), 96, 5);
    EXPECT_LE((op.adjoint() * (op * x) - x).cwiseAbs().maxCoeff(), 2 * bound);
  }
}

TYPED_TEST(Orthogonal, FilesHoldThem) {
  std::vector<AnyLinearOp<TypeParam>> ops = isometries<TypeParam>();
  ops.emplace_back(Permutation<TypeParam>::identity(0));
  ops.emplace_back(Identity<TypeParam>(3, 5));
  ops.emplace_back(Zero<TypeParam>(5, 3));
  ops.emplace_back(
      OrthogonalBlockDiagonal<TypeParam>(random_tensor<TypeParam>({2, 3}, 1), Cayley::neumann));
  ops.emplace_back(GivensRotations<TypeParam>(random_tensor<TypeParam>({24}, 1),
                                              random_tensor<TypeParam>({24}, 2), 4,
                                              RoadVariant::road_4));
  for (const auto& op : ops) {
    SCOPED_TRACE(op.name());
    io::save_operator(this->file("a"), "op", op);
    const auto loaded = io::load_operator<TypeParam>(this->file("a"), "op");
    EXPECT_EQ(loaded.describe(), op.describe());
    EXPECT_EQ(loaded.to_dense(), op.to_dense());
  }
}

TEST(Householder, ReflectsAlongItsColumns) {
  const Householder<double> op(Tensor<double>({3, 2}, {0, 3, -5, 0, 0, 4}));
  // H_1 turns e_1's sign; H_2 = I − 2uuᵀ, u = (0.6, 0, 0.8).
  Eigen::Matrix3d wanted;
  wanted << 0.28, 0, -0.96, 0, -1, 0, -0.96, 0, -0.28;
  EXPECT_LE((op.to_dense() - wanted).cwiseAbs().maxCoeff(), 1e-15);
  EXPECT_EQ(op.reflections(), 2);
  EXPECT_EQ(Householder<float>(Tensor<float>({3, 0})).to_dense(), Eigen::Matrix3f::Identity());
}

TEST(Householder, LengthsNeitherOverflowNorVanish) {
  const Householder<float> op(Tensor<float>({2, 1}, {3e38F, 3e38F}));
  const Householder<float> tiny(Tensor<float>({2, 1}, {3e-39F, 3e-39F}));
  const Householder<double> large(Tensor<double>({2, 1}, {1e308, 1e308}));
  EXPECT_NEAR(op.to_dense()(0, 1), -1, 1e-6);
  EXPECT_NEAR(tiny.to_dense()(0, 1), -1, 1e-6);
  EXPECT_NEAR(large.to_dense()(0, 1), -1, 1e-15);
}

TEST(Householder, RefusesColumnsOfZeros) {
  Householder<float> op(Tensor<float>({2, 2}, {1, 2, 3, 4}));
  const auto before = op.to_dense();
  EXPECT_EQ(thrown<ValueError>([&] {
              op.set("weight", Tensor<float>({2, 2}, {1, 0, 3, 0}));
            }),
            "Householder: column 1 of weight is zero");
  EXPECT_EQ(op.to_dense(), before);
  EXPECT_EQ(thrown<ShapeError>([] {
              Householder<float>(Tensor<float>({2, 2, 2}));
            }),
            "Householder: weight has shape (2, 2, 2), needs (n, r)");
}

TEST(GivensRotations, RefusesGroupsThatDoNotFit) {
  const auto make = [](Index angles, Index scales, Index group, RoadVariant variant) {
    return thrown<ShapeError>([=] {
      GivensRotations<float>(Tensor<float>({angles}), Tensor<float>({scales}), group, variant);
    });
  };
  EXPECT_EQ(make(6, 6, 8, RoadVariant::road_1),
            "GivensRotations: 6 angles, 1 a pair, do not make groups of 8");
  EXPECT_EQ(make(6, 6, 3, RoadVariant::road_2),
            "GivensRotations: 6 angles, 2 a pair, do not make groups of 3");
  EXPECT_EQ(make(8, 6, 4, RoadVariant::road_1),
            "GivensRotations: road_theta has shape (8), road_alpha (6), need two vectors of one "
            "length");
}

/// The series is off by O(Q⁴) from the transpose of the exact block.
TEST(OrthogonalBlockDiagonal, SeriesApproximatesTheTransposedBlock) {
  Tensor<double> q = random_tensor<double>({3, 10}, 5);
  for (Index i = 0; i < q.size(); ++i) q[i] *= 1e-3;
  const OrthogonalBlockDiagonal<double> exact(q), series(q, Cayley::neumann);
  const Eigen::MatrixXd a = exact.to_dense(), b = series.to_dense();
  EXPECT_LE((a.transpose() - b).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_GE((a - b).cwiseAbs().maxCoeff(), 1e-4);
}

/// x·R, R = (I − Q)(I + Q)⁻¹ for Q = [[0, t], [−t, 0]]: a rotation by 2·atan t.
TEST(OrthogonalBlockDiagonal, TurnsRowVectorsAsPublished) {
  const OrthogonalBlockDiagonal<double> op(Tensor<double>({1, 1}, {0.5}));
  Eigen::Matrix2d r;
  r << 0.6, -0.8, 0.8, 0.6;
  EXPECT_LE((op.to_dense() - r.transpose()).cwiseAbs().maxCoeff(), 1e-15);
}

TEST(OrthogonalBlocks, RefuseShapesThatAreNone) {
  EXPECT_EQ(thrown<ShapeError>([] {
              OrthogonalBlockDiagonal<float>(Tensor<float>({2, 4}));
            }),
            "OrthogonalBlockDiagonal: oft_R has shape (2, 4), needs (blocks, b(b - 1)/2)");
  for (const Shape& shape :
       {Shape{2, 3, 4, 4}, Shape{2, 4, 3, 3}, Shape{2, 4, 4, 2}, Shape{4, 4, 4}, Shape{4, 4, 2, 2}})
    EXPECT_EQ(thrown<ShapeError>([&] { ButterflyOrthogonal<float>(Tensor<float>(shape)); }),
              "ButterflyOrthogonal: boft_R has shape " + detail::text(shape) +
                  ", needs (K + 1, nb, b, b), for K > 0 b even and nb a multiple of 2^K");
}

}  // namespace
}  // namespace strum::test
