// Operators and Eigen: what a user writes.
#include <utility>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

template <class Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <class Scalar>
using RowMajor = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

template <class Scalar>
class WithEigen : public testing::Test {
 public:
  /// 16 x 16 and 21 x 20.
  Monarch<Scalar> square{MonarchShape::square(16), random_tensor<Scalar>({4, 4, 4}, 1),
                         random_tensor<Scalar>({4, 4, 4}, 2)};
  Monarch<Scalar> op{random_tensor<Scalar>({4, 6, 5}, 3), random_tensor<Scalar>({3, 7, 8}, 4)};

  /// What the operator gives for one sample at a time, through views.
  static Matrix<Scalar> expected(const Monarch<Scalar>& monarch, const Matrix<Scalar>& x) {
    Matrix<Scalar> y(monarch.rows(), x.cols());
    for (Index s = 0; s < x.cols(); ++s)
      monarch.apply(MatrixView<const Scalar>(x.data() + s * x.rows(), x.rows(), 1),
                    MatrixView<Scalar>(y.data() + s * y.rows(), y.rows(), 1));
    return y;
  }
};

using Scalars = testing::Types<float, double>;

struct ScalarName {
  template <class Scalar>
  static std::string GetName(int) {
    return std::is_same_v<Scalar, float> ? "f32" : "f64";
  }
};

TYPED_TEST_SUITE(WithEigen, Scalars, ScalarName);

TYPED_TEST(WithEigen, ProductIsAPlainMatrixInTheLayoutOfX) {
  using Scalar = TypeParam;
  const Matrix<Scalar> x = Matrix<Scalar>::Random(20, 5);
  const Matrix<Scalar> y = this->expected(this->op, x);
  const RowMajor<Scalar> rows = x;
  const Vector<Scalar> v = x.col(2);
  const Eigen::Matrix<Scalar, 20, 3> fixed = x.leftCols(3);
  static_assert(std::is_same_v<decltype(this->op * x), Matrix<Scalar>>);
  static_assert(std::is_same_v<decltype(this->op * rows), RowMajor<Scalar>>);
  static_assert(std::is_same_v<decltype(this->op * v), Vector<Scalar>>);
  static_assert(
      std::is_same_v<decltype(this->op * fixed), Eigen::Matrix<Scalar, Eigen::Dynamic, 3>>);
  EXPECT_EQ(this->op * x, y);
  EXPECT_EQ(this->op * rows, y);
  EXPECT_EQ(this->op * v, y.col(2));
  EXPECT_EQ(this->op * fixed, y.leftCols(3));
}

TYPED_TEST(WithEigen, ProductTakesAnyExpression) {
  using Scalar = TypeParam;
  const Matrix<Scalar> x = Matrix<Scalar>::Random(20, 5), u = Matrix<Scalar>::Random(20, 5),
                       t = x.transpose();
  const Matrix<Scalar> sum = x + 2 * u;
  EXPECT_EQ(this->op * (x + 2 * u), this->expected(this->op, sum));
  EXPECT_EQ(this->op * t.transpose(), this->expected(this->op, x));
  EXPECT_EQ(this->op * x.middleCols(1, 3), this->expected(this->op, x.middleCols(1, 3)));
  EXPECT_EQ(this->op * x.rowwise().reverse(), this->expected(this->op, x.rowwise().reverse()));
  EXPECT_EQ(this->op * Vector<Scalar>::Ones(20),
            this->expected(this->op, Vector<Scalar>::Ones(20)));
  EXPECT_EQ(this->op * (this->op.transpose() * Matrix<Scalar>(this->op * x)),
            this->expected(this->op, this->op.transpose() * Matrix<Scalar>(this->op * x)));
}

TYPED_TEST(WithEigen, ProductsAreSafeToAssignAndToKeep) {
  using Scalar = TypeParam;
  Matrix<Scalar> x = Matrix<Scalar>::Random(16, 5);
  const Matrix<Scalar> wanted = this->expected(this->square, x);
  auto y = this->square * x;
  const auto kept = Monarch<Scalar>(this->square) * Matrix<Scalar>(x);  // of temporaries
  x = this->square * x;
  EXPECT_EQ(x, wanted);
  EXPECT_EQ(y, wanted);
  EXPECT_EQ(kept, wanted);
  x.setZero();
  EXPECT_EQ(y, wanted) << "not a view of x";
}

TYPED_TEST(WithEigen, ApplyWritesToColumnsBlocksAndMaps) {
  using Scalar = TypeParam;
  const Matrix<Scalar> x = Matrix<Scalar>::Random(20, 5);
  const Matrix<Scalar> wanted = this->expected(this->op, x);
  Matrix<Scalar> y = Matrix<Scalar>::Constant(30, 9, Scalar(7));
  const Matrix<Scalar> before = y;

  this->op.apply(x.col(1), y.col(3).head(21));
  EXPECT_EQ(y.col(3).head(21), wanted.col(1));
  this->op.apply(x, y.block(4, 2, 21, 5));
  EXPECT_EQ(y.block(4, 2, 21, 5), wanted);
  EXPECT_EQ(y.leftCols(2), before.leftCols(2));
  EXPECT_EQ(y.bottomRows(5), before.bottomRows(5));

  RowMajor<Scalar> rows = RowMajor<Scalar>::Zero(21, 5);
  this->op.apply(RowMajor<Scalar>(x), rows);
  EXPECT_EQ(rows, wanted);
  this->op.apply(x.col(4), rows.col(0));
  EXPECT_EQ(rows.col(0), wanted.col(4));
  Matrix<Scalar> transposed(5, 21);
  this->op.apply(x, transposed.transpose());
  EXPECT_EQ(transposed, wanted.transpose());
  this->op.apply(x.col(0), transposed.row(2).transpose());
  EXPECT_EQ(transposed.row(2), wanted.col(0).transpose());

  std::vector<Scalar> memory(2 * 21 * 5, Scalar(-1));
  Eigen::Map<Matrix<Scalar>, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>> every_other(
      memory.data(), 21, 5, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(42, 2));
  this->op.apply(x, every_other);
  EXPECT_EQ(every_other, wanted);
  for (std::size_t i = 1; i < memory.size(); i += 2) EXPECT_EQ(memory[i], Scalar(-1));

  Eigen::Ref<Matrix<Scalar>> ref = y.block(0, 0, 21, 5);
  this->op.apply(Eigen::Ref<const Matrix<Scalar>>(x), ref);
  EXPECT_EQ(y.block(0, 0, 21, 5), wanted);
}

TYPED_TEST(WithEigen, OneApplyForBothOfTwoBlocksOfAMatrix) {
  using Scalar = TypeParam;
  Matrix<Scalar> both = Matrix<Scalar>::Random(41, 5);
  const Matrix<Scalar> wanted = this->expected(this->op, both.topRows(20));
  this->op.apply(both.topRows(20), both.bottomRows(21));
  EXPECT_EQ(both.bottomRows(21), wanted);
}

TYPED_TEST(WithEigen, ScaledAndTransposed) {
  using Scalar = TypeParam;
  const Matrix<Scalar> x = Matrix<Scalar>::Random(16, 3), u = Matrix<Scalar>::Random(21, 3);
  Matrix<Scalar> y = this->square * x;
  const Matrix<Scalar> wanted = 2 * y;
  this->square.apply(Scalar(1), x, Scalar(1), y);
  EXPECT_EQ(y, wanted);
  Matrix<Scalar> z(20, 3);
  this->op.apply_transpose(u, z);
  EXPECT_EQ(this->op.transpose() * u, z);
  EXPECT_EQ(this->op.adjoint() * u, z);
  EXPECT_EQ(AnyLinearOp<Scalar>(this->op).transpose() * u, z);
  this->op.apply_adjoint(Scalar(2), u, Scalar(-2), z);
  EXPECT_EQ(z, Matrix<Scalar>::Zero(20, 3));
}

TYPED_TEST(WithEigen, EmptyBatchesAreEmpty) {
  using Scalar = TypeParam;
  const Matrix<Scalar> y = this->op * Matrix<Scalar>(20, 0);
  EXPECT_EQ(y.rows(), 21);
  EXPECT_EQ(y.cols(), 0);
}

TYPED_TEST(WithEigen, RefusesWrongShapesAndAliases) {
  using Scalar = TypeParam;
  const Matrix<Scalar> wrong(16, 2);
  EXPECT_EQ(thrown<ShapeError>([&] { (void)(this->op * wrong); }),
            "Monarch::apply: x has 16 rows, operator has 20 columns");
  EXPECT_EQ(thrown<ShapeError>([&] { (void)(this->op.transpose() * wrong); }),
            "Monarch.transpose()::apply: x has 16 rows, operator has 21 columns");
  Matrix<Scalar> x = Matrix<Scalar>::Random(16, 2);
  EXPECT_EQ(thrown<OverlapError>([&] { this->square.apply(x, x); }),
            "Monarch::apply: the output shares memory with the input or with itself");
  Matrix<Scalar> y(15, 2);
  EXPECT_EQ(thrown<ShapeError>([&] { this->square.apply(x, y); }),
            "Monarch::apply: y has 15 rows, operator has 16 rows");
}

}  // namespace
}  // namespace strum::test
