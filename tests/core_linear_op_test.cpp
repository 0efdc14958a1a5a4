// The LinearOp concept, AnyLinearOp, and operators of the user's own.
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "strum/strum.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Eigen::MatrixXd;

static_assert(LinearOp<Dense<float>>);
static_assert(LinearOp<BlockDiagonal<double, 8>>);
static_assert(LinearOp<LowRank<float>>);
static_assert(LinearOp<KroneckerSparse<float>>);
static_assert(LinearOp<Monarch<double>>);
static_assert(LinearOp<AnyLinearOp<float>>);
static_assert(LinearOp<decltype(Dense<float>().transpose())>);
static_assert(LinearOp<const Dense<float>&>);
static_assert(!LinearOp<int>);
static_assert(!LinearOp<MatrixXd>);
// A different scalar type is a different operator.
static_assert(!std::is_constructible_v<AnyLinearOp<float>, Dense<double>>);
static_assert(std::is_copy_constructible_v<decltype(AnyLinearOp<float>().transpose())>);

TEST(Mode, ComposesLikeMatrices) {
  EXPECT_EQ(compose(Mode::transpose, Mode::transpose), Mode::plain);
  EXPECT_EQ(compose(Mode::adjoint, Mode::adjoint), Mode::plain);
  EXPECT_EQ(compose(Mode::adjoint, Mode::transpose), Mode::conjugate);
  EXPECT_EQ(compose(Mode::conjugate, Mode::transpose), Mode::adjoint);
  EXPECT_TRUE(transposes(Mode::transpose));
  EXPECT_TRUE(transposes(Mode::adjoint));
  EXPECT_FALSE(transposes(Mode::plain));
  EXPECT_FALSE(transposes(Mode::conjugate));
}

/// A diagonal, by deriving from LinearOpBase.
class Diagonal : public LinearOpBase<Diagonal, double> {
 public:
  explicit Diagonal(Eigen::VectorXd d) : d_(std::move(d)) {}

  [[nodiscard]] Index rows() const { return d_.size(); }
  [[nodiscard]] Index cols() const { return d_.size(); }
  [[nodiscard]] static std::string name() { return "Diagonal"; }
  [[nodiscard]] Index parameter_count() const { return d_.size(); }
  [[nodiscard]] static std::size_t workspace_bytes(Index) { return 0; }

 private:
  friend detail::OpAccess;

  void apply_unchecked(Mode, double alpha, const MatrixView<const double>& x, double beta,
                       const MatrixView<double>& y, Workspace&) const {
    for (Index s = 0; s < x.cols(); ++s)
      for (Index i = 0; i < x.rows(); ++i)
        y(i, s) = alpha * d_[i] * x(i, s) + (beta == 0 ? 0 : beta * y(i, s));
  }

  Eigen::VectorXd d_;
};

/// The shift y_i = x_{i+1} (the last is 0) that only models the concept.
struct Shift {
  using Scalar = double;
  using In = MatrixView<const double>;
  using Out = MatrixView<double>;

  Index size;

  [[nodiscard]] Index rows() const { return size; }
  [[nodiscard]] Index cols() const { return size; }
  void apply(const In& x, const Out& y) const { apply(1, x, 0, y); }
  void apply(double alpha, const In& x, double beta, const Out& y) const {
    for (Index s = 0; s < x.cols(); ++s)
      for (Index i = 0; i < size; ++i)
        y(i, s) = alpha * (i + 1 < size ? x(i + 1, s) : 0) + (beta == 0 ? 0 : beta * y(i, s));
  }
  void apply_transpose(const In& x, const Out& y) const { apply_transpose(1, x, 0, y); }
  void apply_transpose(double alpha, const In& x, double beta, const Out& y) const {
    for (Index s = 0; s < x.cols(); ++s)
      for (Index i = 0; i < size; ++i)
        y(i, s) = alpha * (i > 0 ? x(i - 1, s) : 0) + (beta == 0 ? 0 : beta * y(i, s));
  }
  void apply_adjoint(const In& x, const Out& y) const { apply_transpose(x, y); }
  void apply_adjoint(double alpha, const In& x, double beta, const Out& y) const {
    apply_transpose(alpha, x, beta, y);
  }
};
static_assert(LinearOp<Shift>);

TEST(LinearOpBase, GivesAnOperatorTheRestOfTheInterface) {
  const Diagonal op(Eigen::Vector3d(1, 2, 3));
  const MatrixXd x = MatrixXd::Random(3, 4);
  const MatrixXd wanted = Eigen::Vector3d(1, 2, 3).asDiagonal() * x;
  EXPECT_EQ(op * x, wanted);
  EXPECT_EQ(op.adjoint() * x, wanted);
  EXPECT_EQ(op.to_dense(), MatrixXd(Eigen::Vector3d(1, 2, 3).asDiagonal()));
  EXPECT_EQ(op.flops(), 6);
  MatrixXd y = MatrixXd::Ones(3, 4);
  op.apply(0.0, x, 3.0, y);
  EXPECT_EQ(y, MatrixXd::Constant(3, 4, 3));
  EXPECT_EQ(thrown<ShapeError>([&] { (void)(op * MatrixXd(4, 1)); }),
            "Diagonal::apply: x has 4 rows, operator has 3 columns");
}

TEST(LinearOpBase, ToDenseGoesInPiecesOfColumns) {
  const Eigen::VectorXd d = Eigen::VectorXd::LinSpaced(150, 1, 150);
  EXPECT_EQ(Diagonal(d).to_dense(), MatrixXd(d.asDiagonal()));
}

/// Not inlined: gcc 12 otherwise guesses that a Dense is inside, and warns of reading past a Shift.
STRUM_NEVER_INLINE void expect_no_parameters(const AnyLinearOp<double>& op) {
  EXPECT_TRUE(op.parameters().empty());
  EXPECT_EQ(thrown<ValueError>([&] { (void)op.get("d"); }),
            op.name() + ": there is no parameter 'd'");
  EXPECT_EQ(thrown<ValueError>([&] { AnyLinearOp<double>(op).set("d", {}); }),
            op.name() + ": there is no parameter 'd'");
  EXPECT_EQ(thrown<ValueError>([&] { (void)op.describe(); }),
            op.name() + ": this operator has no description");
}

TEST(AnyLinearOp, HoldsOperatorsOfTheUsersOwn) {
  const MatrixXd x = MatrixXd::Random(3, 4);
  const AnyLinearOp<double> shift = Shift{3}, diagonal = Diagonal(Eigen::Vector3d(1, 2, 3));
  MatrixXd up = MatrixXd::Zero(3, 4), down = up;
  up.topRows(2) = x.bottomRows(2);
  down.bottomRows(2) = x.topRows(2);
  EXPECT_EQ(shift * x, up);
  EXPECT_EQ(shift.transpose() * x, down);
  EXPECT_EQ(shift.adjoint() * x, down);
  EXPECT_EQ(shift.transpose().adjoint() * x, up);
  EXPECT_EQ(shift.name(), "LinearOp");
  EXPECT_EQ(diagonal.name(), "Diagonal");
  EXPECT_EQ(diagonal.parameter_count(), 3);
  expect_no_parameters(shift);
  expect_no_parameters(diagonal);
}

TEST(AnyLinearOp, EmptyIsZeroByZero) {
  AnyLinearOp<float> op;
  EXPECT_EQ(op.rows(), 0);
  EXPECT_EQ(op.cols(), 0);
  EXPECT_EQ(op.name(), "AnyLinearOp");
  EXPECT_EQ(op.parameter_count() + op.flops(), 0);
  EXPECT_EQ(op.bytes() + op.workspace_bytes(10), 0u);
  EXPECT_TRUE(op.parameters().empty());
  EXPECT_EQ((op * Eigen::MatrixXf(0, 5)).cols(), 5);
  EXPECT_EQ(op.target<Dense<float>>(), nullptr);
  EXPECT_EQ(thrown<ValueError>([&] { (void)op.get("w"); }), "AnyLinearOp::get: it is empty");
  EXPECT_EQ(thrown<ValueError>([&] { op.set("w", {}); }), "AnyLinearOp::set: it is empty");
  EXPECT_EQ(thrown<ValueError>([&] { (void)op.describe(); }), "AnyLinearOp::describe: it is empty");
  const AnyLinearOp<float> copy = op;
  EXPECT_EQ(copy.rows(), 0);
}

TEST(AnyLinearOp, PassesTheOperatorsInterfaceOn) {
  const Eigen::MatrixXf w = Eigen::MatrixXf::Random(5, 3);
  AnyLinearOp<float> op = Dense(w);
  EXPECT_EQ(op.name(), "Dense");
  EXPECT_EQ(op.parameter_count(), 15);
  EXPECT_EQ(op.flops(), 30);
  EXPECT_EQ(op.parameters(), Dense(w).parameters());
  EXPECT_EQ(op.describe(), Dense(w).describe());
  EXPECT_EQ(op.bytes(), Dense(w).bytes());
  EXPECT_EQ(op.workspace_bytes(9), Dense(w).workspace_bytes(9));
  ASSERT_NE(op.target<Dense<float>>(), nullptr);
  EXPECT_EQ(op.target<Dense<float>>()->to_dense(), w);
  EXPECT_EQ(op.target<LowRank<float>>(), nullptr);
  EXPECT_EQ(op.get("weight"), Dense(w).get("weight"));
}

TEST(AnyLinearOp, IsAValue) {
  const Eigen::MatrixXf w = Eigen::MatrixXf::Random(5, 3);
  AnyLinearOp<float> op = Dense(w);
  const AnyLinearOp<float> copy = op;
  op.set("weight", Tensor<float>({5, 3}));
  EXPECT_EQ(op.to_dense(), Eigen::MatrixXf::Zero(5, 3));
  EXPECT_EQ(copy.to_dense(), w);
  AnyLinearOp<float> moved = std::move(op);
  EXPECT_EQ(op.rows(), 0);
  EXPECT_EQ(moved.rows(), 5);
  moved = copy;
  EXPECT_EQ(moved.to_dense(), w);
  moved = Dense(Eigen::MatrixXf(w.transpose()));
  EXPECT_EQ(moved.rows(), 3);
}

TEST(Transposed, RefersToAnOperatorAndOwnsATemporary) {
  const MatrixXd w = MatrixXd::Random(4, 3);
  Dense op(w);
  const auto view = op.transpose();
  const auto owner = Dense(w).transpose();
  const auto copy = owner;
  EXPECT_EQ(view.to_dense(), w.transpose());
  op.set("weight", Tensor<double>({4, 3}));
  EXPECT_EQ(view.to_dense(), MatrixXd::Zero(3, 4));
  EXPECT_EQ(owner.to_dense(), w.transpose());
  EXPECT_EQ(copy.to_dense(), w.transpose());
  EXPECT_EQ(view.name(), "Dense.transpose()");
  EXPECT_EQ(op.adjoint().name(), "Dense.adjoint()");
}

TEST(LinearOp, SolversAreWrittenOnceAgainstTheConcept) {
  const auto norm_estimate = [](const LinearOp auto& op) {
    Eigen::VectorXd x = Eigen::VectorXd::Ones(op.cols()), y(op.rows());
    for (int i = 0; i < 200; ++i) {
      op.apply(x, y);
      op.apply_adjoint(y, x);
      x.normalize();
    }
    return (op * x).norm();
  };
  const MatrixXd w = Eigen::Vector4d(1, -5, 2, 3).asDiagonal();
  EXPECT_NEAR(norm_estimate(Dense(w)), 5, 1e-12);
  EXPECT_NEAR(norm_estimate(Diagonal(Eigen::Vector4d(1, -5, 2, 3))), 5, 1e-12);
  EXPECT_NEAR(norm_estimate(AnyLinearOp<double>(Dense(w)).adjoint()), 5, 1e-12);
}

}  // namespace
}  // namespace strum::test
