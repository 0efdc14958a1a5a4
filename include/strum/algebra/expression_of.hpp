// An expression made again from its parts.
#pragma once

#include <utility>

#include "strum/algebra/algebra.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The expression that has these parts, which it owns: what take_parts() undoes. Throws ShapeError
/// where they do not fit together, or their number is not the kind's.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> expression_of(ExpressionParts<Scalar> parts) {
  using Any = AnyLinearOp<Scalar>;
  using Kind = ExpressionKind;
  auto& ops = parts.operands;
  const bool one = parts.kind == Kind::transposed || parts.kind == Kind::scaled ||
                   parts.kind == Kind::submatrix || parts.kind == Kind::pre_merged;
  if (ops.empty() || (one && ops.size() != 1))
    fail<ShapeError>("an expression of ", ops.size(), " operands");
  switch (parts.kind) {
    case Kind::transposed:
      if (parts.mode == Mode::transpose) return std::move(ops[0]).transpose();
      if (parts.mode == Mode::adjoint) return std::move(ops[0]).adjoint();
      if (parts.mode == Mode::conjugate) return std::move(ops[0]).conjugate();
      return std::move(ops[0]);
    case Kind::scaled:
      return Scaled<Any>(parts.factor, std::move(ops[0]));
    case Kind::sum:
      return sum(std::move(ops));
    case Kind::product:
      return product(std::move(ops));
    case Kind::horizontal:
      return hcat(std::move(ops));
    case Kind::vertical:
      return vcat(std::move(ops));
    case Kind::direct_sum:
      return direct_sum(std::move(ops));
    case Kind::submatrix:
      return Submatrix<Any>(std::move(ops[0]), parts.row, parts.col, parts.rows, parts.cols);
    case Kind::pre_merged:
      return PreMerged<Scalar>(std::move(ops[0]), {parts.choice.begin(), parts.choice.end()});
    case Kind::none:
      break;
  }
  return std::move(ops[0]);
}

}  // namespace strum::inline STRUM_ABI::detail
