// Sum: operators added.
#pragma once

#include <string>
#include <vector>

#include "strum/algebra/scaled.hpp"

namespace strum::inline STRUM_ABI {

/// A + B + ..., each Op `const A&` or `A`, or std::vector<AnyLinearOp> for any number of them.
/// y = alpha·A·x + beta·y, then y += alpha·B·x: no vector in between, one pass over y for each.
/// Multiply-adds per sample: those of the operands.
template <class... Ops>
class Sum : public detail::Expression<Sum<Ops...>, Ops...> {
  using Base = detail::Expression<Sum, Ops...>;
  using Base::operands_;

 public:
  using typename Base::Scalar;

  Sum() = default;
  /// Throws ShapeError unless all have the same rows and columns.
  explicit Sum(detail::Operands<Ops...> operands) : Base(std::move(operands)) {
    if (operands_.size() == 0) detail::fail<ShapeError>("Sum: of no operators");
    operands_.for_each([this](const auto& op) {
      if (op.rows() != rows() || op.cols() != cols())
        detail::fail<ShapeError>("Sum: ", op.name(), " is ", op.rows(), " x ", op.cols(),
                                 ", the operator it is added to is ", rows(), " x ", cols());
    });
  }

  [[nodiscard]] Index rows() const { return operands_.size() == 0 ? 0 : operands_.first().rows(); }
  [[nodiscard]] Index cols() const { return operands_.size() == 0 ? 0 : operands_.first().cols(); }
  /// "(Monarch + LowRank)".
  [[nodiscard]] std::string name() const { return Base::joined("(", " + ", ")"); }

  /// The same with the operators held by value.
  [[nodiscard]] auto owned() const& { return operands_.template owned<strum::Sum>(); }
  [[nodiscard]] auto owned() && { return std::move(operands_).template owned<strum::Sum>(); }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    return Base::parts_as(detail::ExpressionKind::sum);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    operands_.for_each([&](const auto& op) {
      detail::run_operand(op, mode, alpha, x, beta, y, workspace);
      beta = Scalar(1);
    });
  }
};

/// A + B as an operator: refers to lvalues, owns temporaries. Throws ShapeError where the sizes
/// differ.
template <ComposableOp A, ComposableOp B>
[[nodiscard]] auto operator+(A&& a, B&& b) {
  detail::check_scalars<A, B>();
  if constexpr (detail::kSameScalar<A, B>)
    return detail::make_expression<Sum>(std::forward<A>(a), std::forward<B>(b));
}

/// A − B.
template <ComposableOp A, ComposableOp B>
[[nodiscard]] auto operator-(A&& a, B&& b) {
  detail::check_scalars<A, B>();
  if constexpr (detail::kSameScalar<A, B>)
    return detail::make_expression<Sum>(std::forward<A>(a), -std::forward<B>(b));
}

/// The sum of any number of operators. Throws ShapeError where the sizes differ or there are none.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> sum(std::vector<AnyLinearOp<Scalar>> ops) {
  return detail::make_list<Sum>(std::move(ops));
}

}  // namespace strum::inline STRUM_ABI
