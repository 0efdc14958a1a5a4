// Transpose, adjoint and conjugate of any operator, as operators.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "strum/core/linear_op.hpp"
#include "strum/core/owned.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {
template <class Scalar>
struct ExpressionParts;
struct StructureAccess;
}  // namespace detail

/// Aᵀ, Aᴴ or Ā. Op is `const A&` (refers to an operator that must outlive the view) or `A` (owns
/// it).
template <class Op, Mode mode>
class TransposedOp
    : public LinearOpBase<TransposedOp<Op, mode>, typename std::remove_cvref_t<Op>::Scalar> {
 public:
  using Scalar = typename std::remove_cvref_t<Op>::Scalar;

  /// Exactly an Op: a conversion to it (AnyLinearOp takes every operator) would ask whether this
  /// class can be copied in order to find out whether it can be copied.
  template <class A>
  requires std::same_as<std::remove_cvref_t<A>, std::remove_cvref_t<Op>>
  explicit TransposedOp(A&& op) : op_(std::forward<A>(op)) {}

  [[nodiscard]] Index rows() const { return transposes(mode) ? op_.cols() : op_.rows(); }
  [[nodiscard]] Index cols() const { return transposes(mode) ? op_.rows() : op_.cols(); }
  [[nodiscard]] std::string name() const {
    return std::string(op_.name()) + (mode == Mode::adjoint     ? ".adjoint()"
                                      : mode == Mode::conjugate ? ".conjugate()"
                                                                : ".transpose()");
  }
  [[nodiscard]] Index parameter_count() const { return op_.parameter_count(); }
  [[nodiscard]] Index flops() const { return op_.flops(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return op_.workspace_bytes(batch);
  }
  void prepare_transpose() const {
    if constexpr (requires { op_.prepare_transpose(); }) op_.prepare_transpose();
  }

  /// The same with the operator held by value.
  [[nodiscard]] auto owned() const& {
    return TransposedOp<detail::Owned<const Op&>, mode>(detail::owned(op_));
  }
  [[nodiscard]] auto owned() && {
    return TransposedOp<detail::Owned<Op>, mode>(detail::owned(std::forward<Op>(op_)));
  }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  void apply_unchecked(Mode own, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    detail::OpAccess::run(op_, compose(mode, own), alpha, x, beta, y, workspace);
  }

  bool apply_fused(Mode own, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    return detail::OpAccess::run_fused(op_, compose(mode, own), alpha, x, beta, y, epilogue,
                                       workspace);
  }

  template <class Parts = detail::ExpressionParts<Scalar>>
  [[nodiscard]] Parts take_parts() {
    Parts parts{.kind = decltype(Parts::kind)::transposed, .mode = mode};
    parts.operands.emplace_back(std::forward<Op>(op_));
    return parts;
  }

  Op op_;
};

}  // namespace strum::inline STRUM_ABI
