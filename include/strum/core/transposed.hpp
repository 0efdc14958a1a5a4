// Transpose and adjoint of any operator, as operators.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "strum/core/linear_op.hpp"

namespace strum::inline STRUM_ABI {

/// Aᵀ or Aᴴ. Op is `const A&` (refers to an operator that must outlive the view) or `A` (owns it).
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

  [[nodiscard]] Index rows() const { return op_.cols(); }
  [[nodiscard]] Index cols() const { return op_.rows(); }
  [[nodiscard]] std::string name() const {
    return std::string(op_.name()) + (mode == Mode::adjoint ? ".adjoint()" : ".transpose()");
  }
  [[nodiscard]] Index parameter_count() const { return op_.parameter_count(); }
  [[nodiscard]] Index flops() const { return op_.flops(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return op_.workspace_bytes(batch);
  }

 private:
  friend detail::OpAccess;

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

  Op op_;
};

}  // namespace strum::inline STRUM_ABI
