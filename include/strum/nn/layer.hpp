// What layers have in common: a product with an epilogue, whichever operator it is, and the checks
// before it.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include "strum/core/linear_op.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI::detail {

/// What every layer y = L(x) offers; Derived supplies a private
///
///     void run(const char* verb, const MatrixView<const Scalar>& x,
///              const MatrixView<const Scalar>* residual, const MatrixView<Scalar>& y,
///              Workspace&) const;
///
/// that checks and computes, residual null where there is none, with `friend` for this class.
template <class Derived, class Scalar>
class LayerBase {
 public:
  /// y = L(x). x is cols() x batch, y rows() x batch: MatrixView or Eigen objects in memory, in any
  /// layout. Throws ShapeError where the sizes do not fit, OverlapError where x and y share an
  /// element.
  template <class X, class Y>
  void apply(const X& x, Y&& y) const {
    apply(x, y, thread_workspace());
  }
  /// The same with the caller's scratch, see workspace_bytes().
  template <class X, class Y>
  void apply(const X& x, Y&& y, Workspace& workspace) const {
    derived().run("apply", view(x), nullptr, mutable_view(y), workspace);
  }

  /// y = L(x) + residual, which is rows() x batch and must not share an element with y, but for
  /// what the layer says of itself.
  template <class X, class R, class Y>
  void apply_residual(const X& x, const R& residual, Y&& y) const {
    apply_residual(x, residual, y, thread_workspace());
  }
  template <class X, class R, class Y>
  void apply_residual(const X& x, const R& residual, Y&& y, Workspace& workspace) const {
    const MatrixView<const Scalar> added = view(residual);
    derived().run("apply_residual", view(x), &added, mutable_view(y), workspace);
  }

 protected:
  LayerBase() = default;

 private:
  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }
};

/// y = epilogue(A·x + beta·y); shapes fit, y is not empty. Operators made of factors apply the
/// epilogue to outputs that are still in L1; after any other it is a pass of its own over y, with
/// the same bits.
template <class Op, class Scalar>
void run_layer(const Op& op, const MatrixView<const Scalar>& x, Scalar beta,
               const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
               Workspace& workspace) {
  if (op.cols() == 0) {
    scale(beta, y);
  } else if constexpr (std::derived_from<Op, LinearOpBase<Op, Scalar>>) {
    if (OpAccess::run_fused(op, Mode::plain, Scalar(1), x, beta, y, epilogue, workspace)) return;
    OpAccess::run(op, Mode::plain, Scalar(1), x, beta, y, workspace);
  } else {
    op.apply(Scalar(1), x, beta, y);
  }
  kernels::table<Scalar, Scalar>().apply_epilogue({.rows = y.rows(),
                                                   .batch = y.cols(),
                                                   .y = y.data(),
                                                   .y_row = y.row_stride(),
                                                   .y_col = y.col_stride(),
                                                   .epilogue = epilogue});
}

/// Scratch of that, for operators that know theirs.
template <class Op>
[[nodiscard]] std::size_t layer_workspace_bytes(const Op& op, Index batch) {
  if constexpr (requires { op.workspace_bytes(batch); }) return op.workspace_bytes(batch);
  return 0;
}

/// Whether two views of the same shape are the same elements in the same places.
template <class T>
[[nodiscard]] bool same_elements(const MatrixView<const T>& a, const MatrixView<const T>& b) {
  return a.data() == b.data() && (a.rows() <= 1 || a.row_stride() == b.row_stride()) &&
         (a.cols() <= 1 || a.col_stride() == b.col_stride());
}

/// Throws unless y (rows x batch), x (cols x batch) and the residual, null where there is none, fit
/// together and y shares no element with x, itself or the residual. `in_place`: the residual may be
/// y itself.
template <class Scalar>
void check_layer(std::string_view name, std::string_view verb, Index rows, Index cols,
                 const MatrixView<const Scalar>& x, const MatrixView<const Scalar>* residual,
                 const MatrixView<Scalar>& y, bool in_place) {
  if (x.rows() != cols)
    fail<ShapeError>(name, "::", verb, ": x has ", x.rows(), " rows, the layer takes ", cols);
  if (y.rows() != rows)
    fail<ShapeError>(name, "::", verb, ": y has ", y.rows(), " rows, the layer ", rows, " outputs");
  if (x.cols() != y.cols())
    fail<ShapeError>(name, "::", verb, ": x has ", x.cols(), " columns, y has ", y.cols());
  const MatrixView<const Scalar> out = y;
  if (overlaps_itself(y) || share_element(x, out))
    fail<OverlapError>(name, "::", verb,
                       ": the output shares memory with the input or with itself");
  if (residual == nullptr) return;
  if (residual->rows() != rows || residual->cols() != y.cols())
    fail<ShapeError>(name, "::", verb, ": the residual is ", residual->rows(), " x ",
                     residual->cols(), ", y is ", rows, " x ", y.cols());
  if (in_place && same_elements(*residual, out)) return;
  if (share_element(*residual, out))
    fail<OverlapError>(name, "::", verb, ": the output shares memory with the residual",
                       in_place ? " but is not the same matrix"
                                : ", which only a layer without activation and gate allows");
}

}  // namespace strum::inline STRUM_ABI::detail
