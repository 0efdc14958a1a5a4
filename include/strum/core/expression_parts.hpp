// What an expression of operators is made of, for algebra/simplify.hpp.
#pragma once

#include <optional>
#include <vector>

#include "strum/core/linear_op.hpp"

namespace strum::inline STRUM_ABI {

template <class Scalar>
class AnyLinearOp;

namespace detail {

template <class Scalar, class Weight>
class FactorChain;

enum class ExpressionKind {
  none,  ///< not an expression
  transposed,
  scaled,
  sum,
  product,
  horizontal,
  vertical,
  direct_sum,
  submatrix,
  pre_merged
};

template <class Scalar>
struct ExpressionParts {
  ExpressionKind kind = ExpressionKind::none;
  std::vector<AnyLinearOp<Scalar>> operands = {};
  Mode mode = Mode::plain;                     // transposed
  Scalar factor = Scalar(1);                   // scaled
  Index row = 0, col = 0, rows = 0, cols = 0;  // submatrix
  std::vector<Index> choice = {};              // pre_merged: 1 for the dense product
};

/// The inverse of an operator that has it in closed form, 0 x 0 where the operator is singular.
template <class Scalar>
struct ClosedInverse {
  AnyLinearOp<Scalar> op;
  double log_abs_determinant;  ///< of the operator
  bool unitary;                ///< the adjoint is the inverse
};

/// The way to what operators tell about their inside; private members as in OpAccess.
struct StructureAccess {
  /// Moves the operands out of an expression. Anything else stays as it is.
  template <class Op, class Scalar = typename Op::Scalar>
  [[nodiscard]] static ExpressionParts<Scalar> take_parts(Op& op) {
    if constexpr (requires { op.take_parts(); })
      return op.take_parts();
    else
      return {};
  }

  /// The factors that an operator is a product of, or null. Weights narrower than Scalar stay
  /// where they are.
  template <class Op, class Scalar = typename Op::Scalar>
  [[nodiscard]] static const FactorChain<Scalar, Scalar>* factor_chain(const Op& op) {
    using Chain = const FactorChain<Scalar, Scalar>*;
    if constexpr (requires {
                    { op.factor_chain() } -> std::same_as<Chain>;
                  })
      return op.factor_chain();
    else
      return nullptr;
  }

  /// The inverse where an operator has it in closed form.
  template <class Op, class Scalar = typename Op::Scalar>
  [[nodiscard]] static std::optional<ClosedInverse<Scalar>> closed_inverse(const Op& op) {
    if constexpr (requires { op.closed_inverse(); })
      return op.closed_inverse();
    else
      return std::nullopt;
  }
};

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
