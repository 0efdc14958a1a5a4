// DirectSum: operators along the diagonal.
#pragma once

#include <string>
#include <vector>

#include "strum/algebra/operands.hpp"

namespace strum::inline STRUM_ABI {

/// A ⊕ B ⊕ ..., the block-diagonal matrix of operators of any shapes: y_i = A_i·x_i. Each Op
/// `const A&` or `A`, or std::vector<AnyLinearOp> for any number of them. Multiply-adds per sample:
/// those of the operands. (Equal dense blocks are faster as one BlockDiagonal.)
template <class... Ops>
class DirectSum : public detail::Expression<DirectSum<Ops...>, Ops...> {
  using Base = detail::Expression<DirectSum, Ops...>;
  using Base::operands_;

 public:
  using typename Base::Scalar;

  /// 0 x 0, as is the direct sum of no operators.
  DirectSum() = default;
  explicit DirectSum(detail::Operands<Ops...> operands) : Base(std::move(operands)) {}

  [[nodiscard]] Index rows() const {
    return Base::total([](const auto& op) { return op.rows(); });
  }
  [[nodiscard]] Index cols() const {
    return Base::total([](const auto& op) { return op.cols(); });
  }
  /// "(Monarch ⊕ LowRank)".
  [[nodiscard]] std::string name() const { return Base::joined("(", " ⊕ ", ")"); }

  /// The same with the operators held by value.
  [[nodiscard]] auto owned() const& { return operands_.template owned<strum::DirectSum>(); }
  [[nodiscard]] auto owned() && { return std::move(operands_).template owned<strum::DirectSum>(); }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    return Base::parts_as(detail::ExpressionKind::direct_sum);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Index to = 0, from = 0;
    operands_.for_each([&](const auto& op) {
      const Index out = transposes(mode) ? op.cols() : op.rows();
      const Index in = transposes(mode) ? op.rows() : op.cols();
      detail::run_operand(op, mode, alpha, x.block(from, 0, in, x.cols()), beta,
                          y.block(to, 0, out, y.cols()), workspace);
      to += out;
      from += in;
    });
  }
};

/// A ⊕ B ⊕ ... as an operator: refers to lvalues, owns temporaries.
template <ComposableOp A, ComposableOp... As>
[[nodiscard]] auto direct_sum(A&& first, As&&... rest) {
  detail::check_scalars<A, As...>();
  if constexpr (detail::kSameScalar<A, As...>)
    return detail::make_expression<DirectSum>(std::forward<A>(first), std::forward<As>(rest)...);
}
/// Of any number of operators.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> direct_sum(std::vector<AnyLinearOp<Scalar>> ops) {
  return detail::make_list<DirectSum>(std::move(ops));
}

}  // namespace strum::inline STRUM_ABI
