// simplify(): what becomes of expressions, by name and by value.
#include <gtest/gtest.h>

#include "strum/algebra/simplify.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "suite/random.hpp"

namespace strum::test {
namespace {

using Any = AnyLinearOp<double>;
using Matrix = Eigen::MatrixXd;

class Simplify : public testing::Test {
 public:
  Dense<double> a{Matrix(Matrix::Random(6, 6))}, b{Matrix(Matrix::Random(6, 6))};
  Identity<double> one{6};
  Zero<double> zero{6, 6};
  Permutation<double> p = Permutation<double>::stride(2, 3);
  KroneckerSparse<double> d{random_tensor<double>({1, 1, 1, 6}, 1)};

  /// The simplified expression's name, after a look at its value.
  static std::string name_of(const Any& expression) {
    const Any simple = simplify(expression);
    const Matrix wanted = expression.to_dense();
    EXPECT_LE((simple.to_dense() - wanted).norm(), 1e-14 * (1 + wanted.norm()))
        << expression.name();
    EXPECT_LE(simple.flops(), expression.flops()) << expression.name();
    return simple.name();
  }
};

TEST_F(Simplify, IdentitiesAndZerosGo) {
  EXPECT_EQ(name_of(one * a * one), "Dense");
  EXPECT_EQ(name_of(a + zero * b), "Dense");
  EXPECT_EQ(name_of(a * zero + zero), "Zero");
  EXPECT_EQ(name_of(direct_sum(one, one)), "Identity");
  EXPECT_EQ(name_of(vcat(zero, zero)), "Zero");
  EXPECT_EQ(name_of(rows(rows(a, 1, 4), 2, 1)), "Dense[3:4, 0:6]");
  EXPECT_EQ(name_of(rows(a, 0, 6)), "Dense");
  // A rectangular identity pads: it stays.
  EXPECT_EQ(name_of(Identity<double>(8, 6) * a), "(Identity * Dense)");
}

TEST_F(Simplify, NumbersMeet) {
  EXPECT_EQ(name_of(2 * (one * (3 * a))), "6 * Dense");
  EXPECT_EQ(name_of((2 * a.transpose()) * zero), "Zero");
  EXPECT_EQ(name_of(0 * a + 1 * b), "Dense");
  EXPECT_EQ(name_of((2 * rows(a, 0, 3)) * (0.5 * cols(b, 0, 2))),
            "(Dense[0:3, 0:6] * Dense[0:6, 0:2])");
}

TEST_F(Simplify, TransposesMeet) {
  EXPECT_EQ(name_of(a.transpose().adjoint()), "Dense");
  EXPECT_EQ(name_of(a.conjugate()), "Dense");
  EXPECT_EQ(name_of((rows(a, 0, 3).transpose() * rows(b, 1, 3)).transpose()),
            "(Dense.transpose()[0:6, 1:4] * Dense[0:3, 0:6])");
  EXPECT_EQ(name_of(hcat(a, 2 * b).transpose()), "[Dense.transpose(); 2 * Dense.transpose()]");
  EXPECT_EQ(name_of((a - b).transpose()), "(Dense.transpose() - Dense.transpose())");
  EXPECT_EQ(name_of(submatrix(a, 1, 2, 3, 4).transpose()), "Dense.transpose()[2:6, 1:4]");
}

TEST_F(Simplify, PermutationsMeet) {
  EXPECT_EQ(name_of(p.transpose() * p), "Identity");
  EXPECT_EQ(name_of(p * p * p.transpose() * p.transpose() * a), "Dense");
  EXPECT_EQ(name_of(p * p), "Permutation");
  EXPECT_EQ(name_of(p.transpose()), "Permutation");
}

TEST_F(Simplify, ChainsMerge) {
  EXPECT_EQ(simplify(d * a * d.transpose()).flops(), a.flops());
  EXPECT_EQ(simplify(d * d * d).flops(), d.flops());
  EXPECT_NE(simplify(d * a * b * d).target<MergedChain<double>>(), nullptr);
  // One row of blocks reads a permuted vector by two strides, a dense matrix does not.
  const KroneckerSparse<double> blocks(random_tensor<double>({2, 4, 3, 1}, 2));
  EXPECT_NE(simplify(blocks * p.transpose()).target<MergedChain<double>>(), nullptr);
  EXPECT_EQ(simplify(blocks * p).target<MergedChain<double>>(), nullptr);
  EXPECT_EQ(name_of(a * p * b), "(Dense * Permutation * Dense)");
  for (const Any& expression : {Any(d * a * d), Any(blocks * p.transpose() * d), Any(blocks * p)})
    (void)name_of(expression);
}

TEST_F(Simplify, LeavesOthersAlone) {
  EXPECT_EQ(simplify(a).get("weight"), a.get("weight"));
  EXPECT_EQ(name_of(a.transpose() * a), "(Dense.transpose() * Dense)");
  EXPECT_EQ(simplify(Any()).rows(), 0);
}

}  // namespace
}  // namespace strum::test
