// LinearOp: one verb for every matrix.
//
// A block-diagonal matrix, a Monarch product, a Fourier synthesis, the transpose of one of them and
// a sum of several have one thing in common: they take a batch of vectors to another. strum calls
// that `apply`, and everything that can be applied is a LinearOp. A solver, a layer or a benchmark
// written once against the concept works for all of them, and the fastest one can be chosen by
// measurement instead of by rewriting:
//
//     template <strum::LinearOp Op>
//     float norm_estimate(const Op& op) {                       // largest singular value
//       Eigen::VectorXf x = Eigen::VectorXf::Ones(op.cols()), y(op.rows());
//       for (int i = 0; i < 30; ++i) {
//         op.apply(x, y);
//         op.apply_adjoint(y, x);
//         x.normalize();
//       }
//       return (op * x).norm();
//     }
//
// Columns of x and y are samples. `apply` neither allocates (after a thread's first call with a
// shape) nor resizes; `op * X` returns a new matrix. A sample's result has the same bits whatever
// batch, layout or strides it comes in, and on any number of threads (core/parallel.hpp).
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "strum/core/description.hpp"
#include "strum/core/eigen.hpp"
#include "strum/core/epilogue.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/core/overlap.hpp"
#include "strum/core/scalar.hpp"
#include "strum/core/tensor.hpp"
#include "strum/core/workspace.hpp"

namespace strum::inline STRUM_ABI {

/// Which of the four relatives of a matrix A is applied. Two bits: transposition and conjugation.
enum class Mode { plain = 0, transpose = 1, conjugate = 2, adjoint = 3 };

/// The mode of the mode: the adjoint of a transpose is the conjugate.
[[nodiscard]] constexpr Mode compose(Mode a, Mode b) {
  return static_cast<Mode>(static_cast<int>(a) ^ static_cast<int>(b));
}

[[nodiscard]] constexpr bool transposes(Mode mode) { return (static_cast<int>(mode) & 1) != 0; }
[[nodiscard]] constexpr bool conjugates(Mode mode) { return (static_cast<int>(mode) & 2) != 0; }

/// Anything that maps a batch of vectors to another by a matrix. Models of one's own get the rest
/// of the interface (Eigen expressions, checks, views) by deriving from LinearOpBase.
template <class Op>
concept LinearOp = requires(const std::remove_cvref_t<Op>& op,
                            MatrixView<const typename std::remove_cvref_t<Op>::Scalar> x,
                            MatrixView<typename std::remove_cvref_t<Op>::Scalar> y,
                            typename std::remove_cvref_t<Op>::Scalar factor) {
  { op.rows() } -> std::convertible_to<Index>;
  { op.cols() } -> std::convertible_to<Index>;
  op.apply(x, y);
  op.apply(factor, x, factor, y);
  op.apply_transpose(x, y);
  op.apply_adjoint(x, y);
};

template <class Op, Mode mode>
class TransposedOp;

namespace detail {

/// A thread's own scratch, for calls that bring none.
inline Workspace& thread_workspace() {
  static thread_local Workspace workspace;
  return workspace;
}

/// The way to an operator's private work function, which may assume that shapes fit, that the batch
/// is not empty and that alpha is not 0.
struct OpAccess {
  template <class Op, class Scalar>
  static void run(const Op& op, Mode mode, Scalar alpha, const MatrixView<const Scalar>& x,
                  Scalar beta, const MatrixView<Scalar>& y, Workspace& workspace) {
    op.apply_unchecked(mode, alpha, x, beta, y, workspace);
  }

  /// The entry in row i and column j of an operator that has a private entry(i, j).
  template <class Op>
  [[nodiscard]] static auto entry(const Op& op, Index i, Index j) {
    return op.entry(i, j);
  }

  /// The same with an epilogue on y while it is in cache, for operators that can: those have
  ///
  ///     bool apply_fused(Mode, Scalar alpha, MatrixView<const Scalar> x, Scalar beta,
  ///                      MatrixView<Scalar> y, const kernels::Epilogue<Scalar>&, Workspace&)
  ///                      const;
  ///
  /// and return true. False: nothing has been done.
  template <class Op, class Scalar>
  static bool run_fused(const Op& op, Mode mode, Scalar alpha, const MatrixView<const Scalar>& x,
                        Scalar beta, const MatrixView<Scalar>& y,
                        const kernels::Epilogue<Scalar>& epilogue, Workspace& workspace) {
    if constexpr (requires { op.apply_fused(mode, alpha, x, beta, y, epilogue, workspace); })
      return op.apply_fused(mode, alpha, x, beta, y, epilogue, workspace);
    else
      return false;
  }
};

/// y = beta·y; beta = 0 does not read y.
template <class Scalar>
void scale(Scalar beta, const MatrixView<Scalar>& y) {
  if (beta == Scalar(1)) return;
  for (Index j = 0; j < y.cols(); ++j)
    for (Index i = 0; i < y.rows(); ++i) y(i, j) = beta == Scalar(0) ? Scalar(0) : beta * y(i, j);
}

inline const char* verb(Mode mode) {
  return mode == Mode::transpose ? "apply_transpose"
         : mode == Mode::adjoint ? "apply_adjoint"
                                 : "apply";
}

struct Size {
  Index rows, cols;
};

/// `op` is the size in the mode. One of the three does not fit.
[[noreturn]] inline void refuse_shapes(std::string_view name, Mode mode, Size op, Size x, Size y) {
  const bool t = transposes(mode);
  if (x.rows != op.cols)
    fail<ShapeError>(name, "::", verb(mode), ": x has ", x.rows, " rows, operator has ", op.cols,
                     t ? " rows" : " columns");
  if (y.rows != op.rows)
    fail<ShapeError>(name, "::", verb(mode), ": y has ", y.rows, " rows, operator has ", op.rows,
                     t ? " columns" : " rows");
  fail<ShapeError>(name, "::", verb(mode), ": x has ", x.cols, " columns, y has ", y.cols);
}

[[noreturn]] inline void refuse_overlap(std::string_view name, Mode mode) {
  fail<OverlapError>(name, "::", verb(mode),
                     ": the output shares memory with the input or with itself");
}

template <class X, class Scalar>
concept MatrixOf = MatrixLike<X> && std::same_as<typename Plain<X>::Scalar, Scalar>;

/// One name for the message in a compiler's first error line.
template <class X, class Scalar>
constexpr void check_matrix() {
  static_assert(MatrixLike<X>,
                "strum: apply takes strum::MatrixView or an Eigen matrix, map or block in memory; "
                "evaluate an expression first (x.eval()) or write op * x");
  if constexpr (MatrixLike<X>)
    static_assert(std::same_as<typename Plain<X>::Scalar, Scalar>,
                  "strum: the matrix and the operator have different scalar types; convert one of "
                  "them (x.template cast<float>())");
}

}  // namespace detail

/// What every operator of strum offers; Derived supplies rows(), cols(), name(),
/// parameter_count(), workspace_bytes(batch) and a private
///
///     void apply_unchecked(Mode, Scalar alpha, MatrixView<const Scalar> x, Scalar beta,
///                          MatrixView<Scalar> y, Workspace&) const;
///
/// with `friend strum::detail::OpAccess`. See the head of this file for what apply promises.
template <class Derived, class ScalarType>
class LinearOpBase {
 public:
  using Scalar = ScalarType;

  /// y = A·x. x is cols() x batch, y rows() x batch: MatrixView or Eigen objects in memory, in any
  /// layout, also `y.col(3)`. Throws ShapeError where the sizes do not fit and OverlapError where x
  /// and y share an element.
  template <class X, class Y>
  void apply(const X& x, Y&& y) const {
    run(Mode::plain, Scalar(1), x, Scalar(0), y, detail::thread_workspace());
  }
  /// The same with the caller's scratch, see workspace_bytes().
  template <class X, class Y>
  void apply(const X& x, Y&& y, Workspace& workspace) const {
    run(Mode::plain, Scalar(1), x, Scalar(0), y, workspace);
  }
  /// y = alpha·A·x + beta·y. As in BLAS, beta = 0 does not read y and alpha = 0 reads neither A nor
  /// x.
  template <class X, class Y>
  void apply(Scalar alpha, const X& x, Scalar beta, Y&& y) const {
    run(Mode::plain, alpha, x, beta, y, detail::thread_workspace());
  }
  template <class X, class Y>
  void apply(Scalar alpha, const X& x, Scalar beta, Y&& y, Workspace& workspace) const {
    run(Mode::plain, alpha, x, beta, y, workspace);
  }

  /// y = Aᵀ·x.
  template <class X, class Y>
  void apply_transpose(const X& x, Y&& y) const {
    run(Mode::transpose, Scalar(1), x, Scalar(0), y, detail::thread_workspace());
  }
  template <class X, class Y>
  void apply_transpose(const X& x, Y&& y, Workspace& workspace) const {
    run(Mode::transpose, Scalar(1), x, Scalar(0), y, workspace);
  }
  /// y = alpha·Aᵀ·x + beta·y.
  template <class X, class Y>
  void apply_transpose(Scalar alpha, const X& x, Scalar beta, Y&& y) const {
    run(Mode::transpose, alpha, x, beta, y, detail::thread_workspace());
  }

  /// y = Aᴴ·x.
  template <class X, class Y>
  void apply_adjoint(const X& x, Y&& y) const {
    run(Mode::adjoint, Scalar(1), x, Scalar(0), y, detail::thread_workspace());
  }
  template <class X, class Y>
  void apply_adjoint(const X& x, Y&& y, Workspace& workspace) const {
    run(Mode::adjoint, Scalar(1), x, Scalar(0), y, workspace);
  }
  /// y = alpha·Aᴴ·x + beta·y.
  template <class X, class Y>
  void apply_adjoint(Scalar alpha, const X& x, Scalar beta, Y&& y) const {
    run(Mode::adjoint, alpha, x, beta, y, detail::thread_workspace());
  }

  /// Aᵀ as an operator: refers to this one, or owns it when called on a temporary.
  [[nodiscard]] auto transpose() const& {
    return TransposedOp<const Derived&, Mode::transpose>(derived());
  }
  [[nodiscard]] auto transpose() && {
    return TransposedOp<Derived, Mode::transpose>(static_cast<Derived&&>(*this));
  }
  /// Aᴴ as an operator, held like transpose().
  [[nodiscard]] auto adjoint() const& {
    return TransposedOp<const Derived&, Mode::adjoint>(derived());
  }
  [[nodiscard]] auto adjoint() && {
    return TransposedOp<Derived, Mode::adjoint>(static_cast<Derived&&>(*this));
  }
  /// Ā as an operator, held like transpose(). Of real numbers it is A.
  [[nodiscard]] auto conjugate() const& {
    return TransposedOp<const Derived&, Mode::conjugate>(derived());
  }
  [[nodiscard]] auto conjugate() && {
    return TransposedOp<Derived, Mode::conjugate>(static_cast<Derived&&>(*this));
  }

  /// The matrix itself, by applying it to the identity.
  [[nodiscard]] Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> to_dense() const {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    constexpr Index kColumns = 64;
    Matrix dense(derived().rows(), derived().cols());
    for (Index j = 0; j < dense.cols(); j += kColumns) {
      const Index count = dense.cols() - j < kColumns ? dense.cols() - j : kColumns;
      Matrix unit = Matrix::Zero(dense.cols(), count);
      unit.block(j, 0, count, count).setIdentity();
      apply(unit, dense.middleCols(j, count));
    }
    return dense;
  }

  /// Real operations per sample: a multiply-add is two (complex: eight).
  [[nodiscard]] Index flops() const {
    return kMultiplyAddFlops<Scalar> * derived().parameter_count();
  }

 protected:
  LinearOpBase() = default;

 private:
  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }

  template <class X, class Y>
  void run(Mode mode, Scalar alpha, const X& x, Scalar beta, Y&& y, Workspace& workspace) const {
    detail::check_matrix<X, Scalar>();
    detail::check_matrix<Y, Scalar>();
    if constexpr (detail::MatrixOf<X, Scalar> && detail::MatrixOf<Y, Scalar>)
      run_views(mode, alpha, MatrixView<const Scalar>(view(x)), beta, mutable_view(y), workspace);
  }

  void run_views(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                 const MatrixView<Scalar>& y, Workspace& workspace) const {
    const bool t = transposes(mode);
    const Index rows = t ? derived().cols() : derived().rows();
    const Index cols = t ? derived().rows() : derived().cols();
    if (x.rows() != cols || y.rows() != rows || x.cols() != y.cols()) [[unlikely]]
      detail::refuse_shapes(derived().name(), mode, {rows, cols}, {x.rows(), x.cols()},
                            {y.rows(), y.cols()});
    if (detail::overlaps_itself(y) || detail::share_element(x, MatrixView<const Scalar>(y)))
        [[unlikely]]
      detail::refuse_overlap(derived().name(), mode);
    if (y.size() == 0) return;
    if (alpha == Scalar(0) || cols == 0) return detail::scale(beta, y);
    detail::OpAccess::run(derived(), mode, alpha, x, beta, y, workspace);
  }
};

/// A·X as a new matrix in X's layout, for any dense Eigen expression X: `auto y = op * x;` and
/// `x = op * x;` are safe. Throws ShapeError where the sizes do not fit.
template <class Derived, class Scalar, class X>
[[nodiscard]] auto operator*(const LinearOpBase<Derived, Scalar>& op,
                             const Eigen::MatrixBase<X>& x) {
  static_assert(
      std::same_as<typename X::Scalar, Scalar>,
      "strum: the matrix and the operator have different scalar types; convert one of them "
      "(x.template cast<float>())");
  constexpr int kCols = X::ColsAtCompileTime;
  constexpr int kLayout = X::IsRowMajor && kCols != 1 ? Eigen::RowMajor : Eigen::ColMajor;
  Eigen::Matrix<Scalar, Eigen::Dynamic, kCols, kLayout> y(static_cast<const Derived&>(op).rows(),
                                                          x.cols());
  if constexpr (EigenInMemory<X>)
    op.apply(x.derived(), y);
  else
    op.apply(x.derived().eval(), y);
  return y;
}

}  // namespace strum::inline STRUM_ABI

#include "strum/core/transposed.hpp"
