// Expressions of operators: what they refer to and own, what they refuse, how they are named.
#include <cmath>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "strum/algebra/algebra.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/low_rank.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Matrix = Eigen::MatrixXd;
using Any = AnyLinearOp<double>;
using Ops = std::vector<Any>;

class Algebra : public testing::Test {
 public:
  const Matrix wa = Matrix::Random(5, 7), wb = Matrix::Random(7, 5), wc = Matrix::Random(5, 7);
  Dense<double> a{wa}, b{wb}, c{wc};
  const Tensor<double> zeros{{5, 7}};

  static void expect_near(const Matrix& got, const Matrix& wanted) {
    ASSERT_EQ(got.rows(), wanted.rows());
    ASSERT_EQ(got.cols(), wanted.cols());
    EXPECT_LT((got - wanted).norm(), 1e-13);
  }
};

TEST_F(Algebra, ReadsAsFormulas) {
  expect_near((a + 2 * c - 0.5 * (a * b) * c).to_dense(), wa + 2. * wc - 0.5 * wa * wb * wc);
  expect_near((-a * 3).to_dense(), -3. * wa);
  expect_near((a * b.transpose().conjugate().adjoint()).to_dense(), wa * wb);
  expect_near((a - b.transpose()).transpose().to_dense(), wa.transpose() - wb);
  expect_near(low_rank_update(a, wa * wb, wc).to_dense(), wa + wa * wb * wc);
  expect_near(low_rank_update(a, c, b * a).to_dense(), wa + wc * wb * wa);
  expect_near(rows(a, 1, 3).to_dense(), wa.middleRows(1, 3));
  expect_near(cols(a, 2, 4).to_dense(), wa.middleCols(2, 4));
  const Matrix x = Matrix::Random(7, 3);
  expect_near((a + c) * x, (wa + wc) * x);
}

TEST_F(Algebra, ReadsAsFormulasAtRunTime) {
  const Any p = a, q = b;
  Any r = p + q.transpose() * q * p;
  r = r + r;
  expect_near(r.to_dense(), 2. * (wa + wb.transpose() * wb * wa));
  expect_near(sum(Ops{p, r, p}).to_dense(), 2. * wa + r.to_dense());
  expect_near(product(Ops{p, q, p}).to_dense(), wa * wb * wa);
  Matrix blocks(12, 12);
  blocks << wa, Matrix::Zero(5, 5), Matrix::Zero(7, 7), wb;
  expect_near(direct_sum(Ops{p, q}).to_dense(), blocks);
  blocks << wa, wb.transpose() * wb, wb * wa, wb;
  expect_near(block_matrix<double>({{p, q.transpose() * q}, {q * p, q}}).to_dense(), blocks);
  expect_near(block_matrix(std::vector<Ops>{{p, q.transpose() * q}, {q * p, q}}).to_dense(),
              blocks);
}

TEST_F(Algebra, LongProductsReadOneVectorAndWriteAnother) {
  const Matrix w = Matrix::Random(100, 100) / 10;
  const Any op = Dense<double>(w);
  expect_near(product(Ops{op, op, op, op}).to_dense(), w * w * w * w);
}

TEST_F(Algebra, RefersToLvaluesAndOwnsTemporaries) {
  const auto refers = a + c;
  const auto owns = Dense<double>(wa) + c;
  const auto nested = (a + c) * b - rows(hcat(-a, c), 0, 5) * vcat(b, b);
  const Any any = a + c;
  const Any of_nested = nested;
  const Any view = a.transpose();
  const Matrix before = nested.to_dense();
  a.set("weight", zeros);
  c.set("weight", zeros);
  expect_near(refers.to_dense(), Matrix::Zero(5, 7));
  expect_near(nested.to_dense(), Matrix::Zero(5, 5));
  expect_near(owns.to_dense(), wa);
  expect_near(any.to_dense(), wa + wc);
  expect_near(of_nested.to_dense(), before);
  expect_near(view.to_dense(), wa.transpose());
}

TEST_F(Algebra, FoldsNumbers) {
  const auto twice = 2 * (3 * a);
  static_assert(std::is_same_v<decltype(twice), const Scaled<const Dense<double>&>>);
  EXPECT_EQ(twice.factor(), 6);
  expect_near(twice.to_dense(), 6. * wa);
  // 0·A does not read A.
  a.set("weight", Tensor<double>({5, 7}, std::vector<double>(35, std::nan(""))));
  expect_near((0 * a).to_dense(), Matrix::Zero(5, 7));
}

TEST_F(Algebra, HasReadableNames) {
  EXPECT_EQ((a + LowRank<double>(wa, wb) * c).name(), "(Dense + (LowRank * Dense))");
  EXPECT_EQ((a - 0.5 * c - a).name(), "((Dense - 0.5 * Dense) - Dense)");
  EXPECT_EQ((-a.conjugate()).name(), "-Dense.conjugate()");
  EXPECT_EQ(hcat(a, c).name(), "[Dense, Dense]");
  EXPECT_EQ(vcat(a, c).name(), "[Dense; Dense]");
  EXPECT_EQ(direct_sum(a, c).name(), "(Dense ⊕ Dense)");
  EXPECT_EQ(rows(a, 1, 3).name(), "Dense[1:4, 0:7]");
}

TEST_F(Algebra, RefusesSizesThatDoNotFit) {
  const auto text = [](auto&& f) { return thrown<ShapeError>([&] { (void)f(); }); };
  EXPECT_EQ(text([&] { return a + b; }),
            "Sum: Dense is 7 x 5, the operator it is added to is 5 x 7");
  EXPECT_EQ(text([&] { return a * c; }), "Product: Dense has 7 columns, Dense has 5 rows");
  EXPECT_EQ(text([&] { return hcat(a, b); }),
            "HorizontalConcat: Dense has 7 rows, the first operator has 5");
  EXPECT_EQ(text([&] { return vcat(a, b); }),
            "VerticalConcat: Dense has 5 columns, the first operator has 7");
  EXPECT_EQ(text([&] { return rows(a, 3, 3); }),
            "Submatrix: 3 x 7 at (3, 0) leaves Dense, which is 5 x 7");
  EXPECT_EQ(text([&] { return sum(Ops{}); }), "Sum: of no operators");
  EXPECT_EQ(text([&] {
              return product(Ops{a, b, b});
            }),
            "Product: Dense has 5 columns, Dense has 7 rows");
}

}  // namespace
}  // namespace strum::test
