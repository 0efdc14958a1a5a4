// Operators side by side and above each other, and matrices of operators.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "strum/algebra/operands.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// A stack of operators in the direction that cuts y (vertical) or x: y_i = A_i·x, or y = Σ
/// A_i·x_i. The transpose of one is the other of the transposes. No scratch of its own.
template <class Derived, bool vertical, class... Ops>
class Stack : public Expression<Derived, Ops...> {
  using Base = Expression<Derived, Ops...>;

 public:
  using typename Base::Scalar;

  [[nodiscard]] Index rows() const { return vertical ? sum_rows() : first_rows(); }
  [[nodiscard]] Index cols() const { return vertical ? first_cols() : sum_cols(); }

 protected:
  using Base::operands_;

  Stack() = default;
  Stack(Operands<Ops...> operands, const char* name) : Base(std::move(operands)) {
    if (operands_.size() == 0) fail<ShapeError>(name, ": of no operators");
    const Index size = across(operands_.first());
    operands_.for_each([&](const auto& op) {
      if (across(op) != size)
        fail<ShapeError>(name, ": ", op.name(), " has ", across(op),
                         vertical ? " columns" : " rows", ", the first operator has ", size);
    });
  }

 private:
  friend OpAccess;
  friend StructureAccess;

  [[nodiscard]] ExpressionParts<Scalar> take_parts() {
    return Base::parts_as(vertical ? ExpressionKind::vertical : ExpressionKind::horizontal);
  }

  template <class Op>
  static Index across(const Op& op) {
    return vertical ? op.cols() : op.rows();
  }
  [[nodiscard]] Index first_rows() const {
    return operands_.size() == 0 ? 0 : operands_.first().rows();
  }
  [[nodiscard]] Index first_cols() const {
    return operands_.size() == 0 ? 0 : operands_.first().cols();
  }
  [[nodiscard]] Index sum_rows() const {
    return Base::total([](const auto& op) { return op.rows(); });
  }
  [[nodiscard]] Index sum_cols() const {
    return Base::total([](const auto& op) { return op.cols(); });
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Index first = 0;
    operands_.for_each([&](const auto& op) {
      const Index count = vertical ? op.rows() : op.cols();
      if (vertical != transposes(mode)) {
        run_operand(op, mode, alpha, x, beta, y.block(first, 0, count, y.cols()), workspace);
      } else {
        run_operand(op, mode, alpha, x.block(first, 0, count, x.cols()), beta, y, workspace);
        beta = Scalar(1);
      }
      first += count;
    });
  }
};

}  // namespace detail

/// [A B ...]: y = A·x₁ + B·x₂ + ..., x cut into pieces of A.cols(), B.cols(), ... Each Op `const
/// A&` or `A`, or std::vector<AnyLinearOp> for any number of them.
template <class... Ops>
class HorizontalConcat : public detail::Stack<HorizontalConcat<Ops...>, false, Ops...> {
  using Base = detail::Stack<HorizontalConcat, false, Ops...>;
  using Base::operands_;

 public:
  HorizontalConcat() = default;
  /// Throws ShapeError unless all have the same number of rows.
  explicit HorizontalConcat(detail::Operands<Ops...> operands)
      : Base(std::move(operands), "HorizontalConcat") {}

  /// "[Monarch, LowRank]".
  [[nodiscard]] std::string name() const { return Base::joined("[", ", ", "]"); }

  /// The same with the operators held by value.
  [[nodiscard]] auto owned() const& { return operands_.template owned<strum::HorizontalConcat>(); }
  [[nodiscard]] auto owned() && {
    return std::move(operands_).template owned<strum::HorizontalConcat>();
  }
};

/// [A; B; ...]: y₁ = A·x, y₂ = B·x, ..., held like HorizontalConcat.
template <class... Ops>
class VerticalConcat : public detail::Stack<VerticalConcat<Ops...>, true, Ops...> {
  using Base = detail::Stack<VerticalConcat, true, Ops...>;
  using Base::operands_;

 public:
  VerticalConcat() = default;
  /// Throws ShapeError unless all have the same number of columns.
  explicit VerticalConcat(detail::Operands<Ops...> operands)
      : Base(std::move(operands), "VerticalConcat") {}

  /// "[Monarch; LowRank]".
  [[nodiscard]] std::string name() const { return Base::joined("[", "; ", "]"); }

  /// The same with the operators held by value.
  [[nodiscard]] auto owned() const& { return operands_.template owned<strum::VerticalConcat>(); }
  [[nodiscard]] auto owned() && {
    return std::move(operands_).template owned<strum::VerticalConcat>();
  }
};

/// [A B ...] as an operator: refers to lvalues, owns temporaries. Throws ShapeError unless all have
/// the same number of rows.
template <ComposableOp A, ComposableOp... As>
[[nodiscard]] auto hcat(A&& first, As&&... rest) {
  detail::check_scalars<A, As...>();
  if constexpr (detail::kSameScalar<A, As...>)
    return detail::make_expression<HorizontalConcat>(std::forward<A>(first),
                                                     std::forward<As>(rest)...);
}
/// Of any number of operators, at least one.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> hcat(std::vector<AnyLinearOp<Scalar>> ops) {
  return detail::make_list<HorizontalConcat>(std::move(ops));
}

/// [A; B; ...] as an operator, held like hcat(). Throws ShapeError unless all have the same number
/// of columns.
template <ComposableOp A, ComposableOp... As>
[[nodiscard]] auto vcat(A&& first, As&&... rest) {
  detail::check_scalars<A, As...>();
  if constexpr (detail::kSameScalar<A, As...>)
    return detail::make_expression<VerticalConcat>(std::forward<A>(first),
                                                   std::forward<As>(rest)...);
}
/// Of any number of operators, at least one.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> vcat(std::vector<AnyLinearOp<Scalar>> ops) {
  return detail::make_list<VerticalConcat>(std::move(ops));
}

/// [A B; C D] from {{A, B}, {C, D}}: rows of operators. Throws ShapeError where the blocks of a row
/// differ in rows, or the rows in columns.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> block_matrix(std::vector<std::vector<AnyLinearOp<Scalar>>> grid) {
  std::vector<AnyLinearOp<Scalar>> rows;
  rows.reserve(grid.size());
  for (auto& row : grid) rows.push_back(hcat(std::move(row)));
  return vcat(std::move(rows));
}
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> block_matrix(
    std::initializer_list<std::initializer_list<AnyLinearOp<Scalar>>> grid) {
  return block_matrix(std::vector<std::vector<AnyLinearOp<Scalar>>>(grid.begin(), grid.end()));
}

}  // namespace strum::inline STRUM_ABI
