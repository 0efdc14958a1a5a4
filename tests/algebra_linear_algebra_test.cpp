// Systems, inverses, determinants, traces, norms and singular values of operators against Eigen's
// of the same matrices.
#include <gtest/gtest.h>
#include <Eigen/LU>
#include <Eigen/SVD>

#include "strum/algebra/linear_algebra.hpp"
#include "strum/ops/block_shuffle.hpp"
#include "strum/ops/givens_rotations.hpp"
#include "strum/ops/kronecker_sum.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/monarch_chain.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using List = std::vector<Index>;

/// 2·δ_ij + noise in the axes i and j of a tensor: blocks that are far from singular.
template <class S>
Tensor<S> near_identity(const Shape& shape, std::size_t i_axis, std::size_t j_axis,
                        std::uint32_t seed) {
  Tensor<S> t = random_tensor<S>(shape, seed);
  const auto size = static_cast<Real<S>>(shape[i_axis]);
  std::vector<Index> at(shape.size());
  for (Index n = 0; n < t.size(); ++n) {
    Index rest = n;
    for (std::size_t axis = shape.size(); axis-- > 0; rest /= shape[axis])
      at[axis] = rest % shape[axis];
    t[n] = t[n] / (2 * size) + (at[i_axis] == at[j_axis] ? S(2) : S(0));
  }
  return t;
}
template <class S>
Tensor<S> blocks(const Shape& shape, std::uint32_t seed = 1) {
  return near_identity<S>(shape, shape.size() - 2, shape.size() - 1, seed);
}
template <class S>
Dense<S> dense(Index n, std::uint32_t seed = 1) {
  return Dense<S>(blocks<S>({n, n}, seed).matrix());
}
template <class S>
Diagonal<S> positive(Index n) {
  Tensor<S> d({n});
  for (Index i = 0; i < n; ++i) d[i] = S(static_cast<Real<S>>(1 + i % 5));
  return Diagonal<S>(d);
}
template <class S>
auto low_rank(Index n, Index r) {
  return LowRank<S>(random_tensor<S>({n, r}, 5).matrix(), random_tensor<S>({r, n}, 6).matrix());
}
template <class S>
Monarch<S> monarch(const MonarchShape& s) {
  return {s, blocks<S>({s.k, s.q, s.p}), blocks<S>({s.l, s.s, s.r}, 2)};
}

/// Operators that compute in any scalar, all to be solved with.
template <class S>
std::vector<AnyLinearOp<S>> solvable() {
  MonarchShape strided = MonarchShape::exact(3, 4, 4, 4, 3, 3, MonarchInput::strided);
  const S half(Real<S>(0.5));
  std::vector<AnyLinearOp<S>> list = {
      dense<S>(7),
      positive<S>(9),
      Identity<S>(5),
      Permutation<S>::stride(3, 4),
      BlockDiagonal<S>(blocks<S>({3, 5, 5})),
      BlockDiagonal<S>(blocks<S>({3, 5, 5}), 13, 13),
      RaggedBlockDiagonal<S>({blocks<S>({2, 2}), blocks<S>({1, 1}), blocks<S>({3, 3})}),
      KroneckerSparse<S>(near_identity<S>({2, 3, 3, 4}, 1, 2, 1)),
      monarch<S>(MonarchShape::square(16)),
      monarch<S>(strided),
      MonarchChain<S>({near_identity<S>({6, 2, 2, 1}, 1, 2, 1),
                       near_identity<S>({2, 3, 3, 2}, 1, 2, 2),
                       near_identity<S>({1, 2, 2, 6}, 1, 2, 3)}),
      half * dense<S>(6).transpose(),
      dense<S>(6).adjoint() * (positive<S>(6) * Permutation<S>::reversal(6)),
      direct_sum(dense<S>(3), positive<S>(4), half * BlockDiagonal<S>(blocks<S>({2, 2, 2}))),
      positive<S>(12) + low_rank<S>(12, 3),
      BlockDiagonal<S>(blocks<S>({3, 4, 4})) + half * Identity<S>(12) + half * low_rank<S>(12, 2),
      monarch<S>(strided) + (low_rank<S>(12, 2) - low_rank<S>(12, 1).adjoint()),
  };
  const std::vector<Tensor<S>> factors = {blocks<S>({2, 2}), blocks<S>({3, 3}, 2)};
  list.insert(list.end(),
              {Kronecker<S>(factors), Householder<S>(random_tensor<S>({9, 4}, 1)),
               OrthogonalBlockDiagonal<S>(random_tensor<S>({3, 6}, 1)),
               OrthogonalBlockDiagonal<S>(random_tensor<S>({3, 1}, 1), Cayley::neumann),
               ButterflyOrthogonal<S>(random_tensor<S>({2, 2, 4, 4}, 1)),
               OrthogonalButterfly<S>({8, 8, 2}, random_tensor<S>({1, 2, 3, 4}, 1)),
               GivensRotations<S>(random_tensor<S>({6}, 1), random_tensor<S>({6}, 2), 4),
               Butterfly<S>({8, 8, 1}, blocks<S>({1, 1, 3, 4, 2, 2})),
               Butterfly<S>({9, 9, 2, false, 3}, blocks<S>({1, 2, 2, 3, 3, 3})),
               BlockButterfly<S>({12, 12, 1, true, 2, 3}, [] {
                 Tensor<S> t = random_tensor<S>({1, 1, 2, 2, 2, 2, 3, 3}, 1);
                 for (Index i = 0; i < t.size(); ++i)
                   t[i] = t[i] / S(8) + S(i / 18 % 2 == i / 9 % 2 && i / 3 % 3 == i % 3 ? 2 : 0);
                 return t;
               }())});
  return list;
}

/// Others, square or not: their entries and norms are to be had all the same.
template <class S>
std::vector<AnyLinearOp<S>> any() {
  std::vector<AnyLinearOp<S>> list = {
      low_rank<S>(9, 4),
      Identity<S>(4, 6),
      Zero<S>(3, 3),
      Dense<S>(random_tensor<S>({3, 70}, 1).matrix()),
      BlockDiagonal<S>(random_tensor<S>({3, 4, 2}, 1), 11, 5),
      Monarch<S>(MonarchShape::layer(11, 14, 3), random_tensor<S>({3, 4, 5}, 1),
                 random_tensor<S>({3, 4, 4}, 2)),
      hcat(dense<S>(4), dense<S>(4, 2)).transpose(),
  };
  const std::vector<Tensor<S>> wide = {random_tensor<S>({2, 3}, 1), random_tensor<S>({3, 1}, 2)};
  const std::vector<Tensor<S>> square = {blocks<S>({2, 2}), blocks<S>({3, 3})};
  list.insert(list.end(), {Kronecker<S>(wide), KroneckerSum<S>(square)});
  return list;
}

template <class S>
using WideMatrix = detail::BlockMatrix<S>;
template <class S>
WideMatrix<S> wide(const Eigen::MatrixX<S>& a) {
  return a.template cast<detail::BlockScalar<S>>();
}
template <class S>
inline constexpr double kEps = std::numeric_limits<Real<S>>::epsilon();

template <class S>
class LinearAlgebra : public testing::Test {};
using Scalars = testing::Types<float, std::complex<double>>;
TYPED_TEST_SUITE(LinearAlgebra, Scalars);

TYPED_TEST(LinearAlgebra, SolvesAsALuOfTheMatrix) {
  using S = TypeParam;
  for (const auto& op : solvable<S>()) {
    SCOPED_TRACE(op.name());
    const WideMatrix<S> a = wide<S>(op.to_dense());
    const Eigen::PartialPivLU<WideMatrix<S>> lu(a);
    const WideMatrix<S> inverse = lu.inverse();
    const double bound = 4 * kEps<S> * a.norm() * inverse.norm();  // eps · condition
    const auto error = [&](const Eigen::MatrixX<S>& got, const WideMatrix<S>& wanted) {
      return (wide<S>(got) - wanted).norm() / wanted.norm();
    };

    const Index n = op.rows();
    const Tensor<S> samples = random_tensor<S>({n, 3}, 3);
    const Eigen::MatrixX<S> b = Eigen::Map<const Eigen::MatrixX<S>>(samples.data(), n, 3);
    const auto f = factorize(op);
    const Eigen::MatrixX<S> x = f.solve(b);
    EXPECT_LE(error(x, inverse * wide<S>(b)), bound);
    EXPECT_LE(error(f.adjoint() * b, inverse.adjoint() * wide<S>(b)), bound);
    EXPECT_LE(error(f.inverse().to_dense(), inverse), bound);
    EXPECT_EQ(solve(op, b.col(1) + b.col(1)), S(2) * x.col(1));

    const double log_abs = lu.matrixLU().diagonal().array().abs().log().sum();
    EXPECT_NEAR(f.log_abs_determinant(), log_abs, static_cast<double>(n) * bound);
    EXPECT_EQ(log_abs_determinant(op), f.log_abs_determinant());
  }
}

TYPED_TEST(LinearAlgebra, HasTheEntriesAndNormsOfTheMatrix) {
  using S = TypeParam;
  auto list = solvable<S>();
  for (auto& op : any<S>()) list.push_back(std::move(op));
  for (const auto& op : list) {
    SCOPED_TRACE(op.name());
    const WideMatrix<S> a = wide<S>(op.to_dense());
    const Index n = std::min(op.rows(), op.cols());
    const double bound = 4 * kEps<S> * a.norm();
    const Eigen::VectorXd sigma = Eigen::JacobiSVD<WideMatrix<S>>(a).singularValues();
    const auto d = diagonal(op);
    ASSERT_EQ(d.size(), n);
    EXPECT_LE((wide<S>(d) - a.diagonal()).norm(), bound);
    if (op.rows() == op.cols()) {
      EXPECT_LE(std::abs(detail::BlockScalar<S>(trace(op)) - a.trace()),
                bound * static_cast<double>(n));
    }
    EXPECT_NEAR(frobenius_norm(op), a.norm(), bound);
    EXPECT_NEAR(spectral_norm(op), sigma(0), 1e-4 * sigma(0) + bound);
    try {
      EXPECT_LE((singular_values(op).template cast<double>() - sigma).norm(), 4 * bound);
    } catch (const ValueError& e) {
      EXPECT_EQ(std::string(e.what()).find("singular_values: "), 0);
    }
  }
}

TEST(SingularValues, AreToBeHadWhereStructureTells) {
  const std::vector<Tensor<double>> factors = {random_tensor<double>({2, 3}, 1),
                                               random_tensor<double>({3, 3}, 2)};
  EXPECT_EQ(singular_values(Kronecker<double>(factors)).size(), 6);
  EXPECT_EQ(singular_values(direct_sum(positive<double>(3), Permutation<double>::reversal(2))),
            (Eigen::VectorXd(5) << 3, 2, 1, 1, 1).finished());
  EXPECT_THROW((void)singular_values(monarch<double>(MonarchShape::square(4))), ValueError);
}

TEST(Inverse, IsOfTheOperatorsOwnKind) {
  const auto name_of = [](const auto& op) { return inverse(op).name(); };
  EXPECT_EQ(name_of(dense<float>(3)), "Dense");
  EXPECT_EQ(name_of(positive<float>(3)), "Diagonal");
  EXPECT_EQ(name_of(BlockDiagonal<float, 4>(blocks<float>({2, 4, 4}))), "BlockDiagonal");
  EXPECT_EQ(name_of(Permutation<float>::stride(2, 3)), "Permutation");
  EXPECT_EQ(name_of(monarch<float>(MonarchShape::square(9))), "KroneckerSparse");
  EXPECT_EQ(name_of(Butterfly<float>({4, 4}, blocks<float>({1, 1, 2, 2, 2, 2}))), "Butterfly");
  EXPECT_EQ(name_of(with_weights<bfloat16>(dense<float>(3))), "Dense");
  EXPECT_EQ(factorize(dense<float>(3)).name(), "inverse(Dense)");
  EXPECT_EQ(factorize(AnyLinearOp<float>()).rows(), 0);
}

TEST(LogAbsDeterminant, OfASingularOperatorIsMinusInfinity) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(log_abs_determinant(Diagonal<double>(Tensor<double>({3}))), -infinity);
  EXPECT_EQ(log_abs_determinant(2 * BlockDiagonal<double>(Tensor<double>({2, 3, 3}))), -infinity);
  EXPECT_EQ(log_abs_determinant(Zero<double>(2, 2)), -infinity);
}

template <class Op>
std::string refusal(const Op& op) {
  return thrown<ValueError>([&] { (void)factorize(op); });
}

TEST(Factorize, NamesTheBlockThatIsSingular) {
  Tensor<double> w = blocks<double>({3, 2, 2});
  std::fill_n(w.data() + 4, 4, 0.1);
  EXPECT_EQ(refusal(BlockDiagonal<double>(w)),
            "factorize: BlockDiagonal: block 1 is singular (reciprocal condition 0)");
  EXPECT_EQ(refusal(Monarch<double>(blocks<double>({2, 3, 3}), w)),
            "factorize: Monarch: block 1 of factor 1 is singular (reciprocal condition 0)");
  EXPECT_EQ(refusal(Diagonal<double>(Tensor<double>({2}, {1, 0}))),
            "factorize: Diagonal: entry 1 is singular (reciprocal condition 0)");
  w[4] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(BlockDiagonal<double>(w)),
            "factorize: BlockDiagonal: block 1 is singular (reciprocal condition nan)");
}

TEST(Factorize, RefusesWhatHasNoStructureForIt) {
  EXPECT_EQ(refusal(low_rank<double>(4, 2)),
            "factorize: LowRank: block 0 of factor 1 is 4 x 2; only square blocks can be inverted");
  const std::vector<Tensor<double>> factors = {blocks<double>({2, 2}), blocks<double>({2, 2})};
  EXPECT_EQ(refusal(KroneckerSum<double>(factors)),
            "factorize: KroneckerSum has no structure by which it can be inverted; factorize its "
            "to_dense(), or solve iteratively");
  const auto wide = hcat(dense<double>(4), dense<double>(4));
  EXPECT_EQ(thrown<ShapeError>([&] { (void)factorize(wide * wide.transpose()); }),
            "factorize: [Dense, Dense] is 4 x 8, not square");
  EXPECT_EQ(refusal(dense<double>(4) + dense<double>(4)),
            "factorize: (Dense + Dense): of a sum, one operand may be neither diagonal nor of low "
            "rank; Dense and Dense are");
  EXPECT_EQ(refusal(monarch<double>(MonarchShape::square(4)) + positive<double>(4)),
            "factorize: (Monarch + Diagonal): a diagonal can be added to an operator that is one "
            "factor with its diagonal in its blocks; Monarch is not");
  EXPECT_EQ(thrown<ShapeError>([] { (void)factorize(Zero<double>(2, 3)); }),
            "factorize: Zero is 2 x 3, not square");
  EXPECT_EQ(thrown<ShapeError>([] { (void)solve(positive<double>(3), Eigen::Vector2d(1, 2)); }),
            "solve: b has 2 rows, Diagonal has 3");
  EXPECT_EQ(thrown<ShapeError>([] { (void)trace(Zero<double>(2, 3)); }),
            "trace: Zero is 2 x 3, not square");
}

TEST(SpectralNorm, SaysWhenItDidNotConverge) {
  EXPECT_EQ(thrown<Error>([] {
              (void)spectral_norm(dense<double>(9), {1e-12, 2});
            }),
            "spectral_norm: Dense: 2 products were not enough for a tolerance of 0.000000");
}

}  // namespace
}  // namespace strum::test
