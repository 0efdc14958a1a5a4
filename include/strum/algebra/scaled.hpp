// Scaled: an operator times a number.
#pragma once

#include <sstream>
#include <string>

#include "strum/algebra/operands.hpp"

namespace strum::inline STRUM_ABI {

/// c·A. Op is `const A&` (refers to an operator that must outlive the expression) or `A` (owns it).
/// The number joins the alpha of the product: it costs nothing.
template <class Op>
class Scaled : public detail::Expression<Scaled<Op>, Op> {
  using Base = detail::Expression<Scaled, Op>;
  using Base::operands_;

 public:
  using typename Base::Scalar;

  Scaled() = default;
  template <class A>
  requires std::same_as<std::remove_cvref_t<A>, std::remove_cvref_t<Op>> Scaled(Scalar factor,
                                                                                A&& op)
      : Base(detail::Operands<Op>(std::forward<A>(op))), factor_(factor) {}

  [[nodiscard]] Index rows() const { return op().rows(); }
  [[nodiscard]] Index cols() const { return op().cols(); }
  /// c.
  [[nodiscard]] Scalar factor() const { return factor_; }
  /// A.
  [[nodiscard]] const std::remove_cvref_t<Op>& op() const { return operands_.first(); }
  /// "0.5 * Monarch", or "-Monarch".
  [[nodiscard]] std::string name() const {
    std::ostringstream text;
    if (factor_ == Scalar(-1))
      text << '-';
    else
      text << factor_ << " * ";
    text << op().name();
    return text.str();
  }

  /// The same with the operator held by value.
  [[nodiscard]] auto owned() const& {
    return Scaled<detail::Owned<const Op&>>(factor_, detail::owned(op()));
  }
  [[nodiscard]] auto owned() && {
    return Scaled<detail::Owned<Op>>(factor_, detail::owned(std::move(*this).take()));
  }

  /// A, moved out where this owns it.
  [[nodiscard]] decltype(auto) take() && { return std::move(operands_).first(); }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    auto parts = Base::parts_as(detail::ExpressionKind::scaled);
    parts.factor = factor_;
    return parts;
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const Scalar product = alpha * detail::in_mode(mode, factor_);
    detail::run_operand(op(), mode, product, x, beta, y, workspace);
  }

  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    const Scalar product = alpha * detail::in_mode(mode, factor_);
    return product != Scalar(0) &&
           detail::OpAccess::run_fused(op(), mode, product, x, beta, y, epilogue, workspace);
  }

  Scalar factor_{};
};

namespace detail {

template <class Op>
struct IsScaled : std::false_type {};
template <class Op>
struct IsScaled<Scaled<Op>> : std::true_type {};

/// What can multiply an operator: a number of its type, or a real one.
template <class Number, class Op>
concept NumberFor = ComposableOp<Op> &&
    (std::is_arithmetic_v<Number> || std::is_same_v<Number, ScalarOf<Op>>);

/// c·A; a number that A already has is multiplied into c where A is a temporary.
template <class A>
[[nodiscard]] auto scaled(ScalarOf<A> factor, A&& op) {
  if constexpr (IsScaled<A>::value) {
    factor *= op.factor();
    return A(factor, std::forward<A>(op).take());
  } else {
    return Scaled<Kept<A>>(factor, std::forward<A>(op));
  }
}

/// A number of any type as a factor: c·A with an int, or with a real c and a complex A.
template <class Scalar, class Number>
[[nodiscard]] Scalar as_scalar(const Number& factor) {
  if constexpr (std::is_arithmetic_v<Number>)
    return Scalar(static_cast<typename Eigen::NumTraits<Scalar>::Real>(factor));
  else
    return Scalar(factor);
}

}  // namespace detail

/// c·A as an operator: refers to an lvalue, owns a temporary.
template <class Number, class A>
requires detail::NumberFor<Number, A>
[[nodiscard]] auto operator*(Number factor, A&& op) {
  return detail::scaled(detail::as_scalar<detail::ScalarOf<A>>(factor), std::forward<A>(op));
}
template <class A, class Number>
requires detail::NumberFor<Number, A>
[[nodiscard]] auto operator*(A&& op, Number factor) {
  return detail::scaled(detail::as_scalar<detail::ScalarOf<A>>(factor), std::forward<A>(op));
}

/// −A.
template <ComposableOp A>
[[nodiscard]] auto operator-(A&& op) {
  return detail::scaled(detail::ScalarOf<A>(-1), std::forward<A>(op));
}

}  // namespace strum::inline STRUM_ABI
