// Expressions made simpler before they are applied many times.
#pragma once

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "strum/algebra/algebra.hpp"
#include "strum/algebra/expression_of.hpp"
#include "strum/algebra/merged_chain.hpp"
#include "strum/ops/identity.hpp"
#include "strum/ops/zero.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class Scalar>
class Simplifier {
  using Any = AnyLinearOp<Scalar>;
  using Ops = std::vector<Any>;
  using Parts = ExpressionParts<Scalar>;
  using Kind = ExpressionKind;

 public:
  [[nodiscard]] static Any simplified(Any op) {
    Parts parts = StructureAccess::take_parts(op);
    if (parts.kind == Kind::none) return op;
    for (Any& operand : parts.operands) operand = simplified(std::move(operand));
    return combined(std::move(parts));
  }

 private:
  /// An expression of operands that are simple already.
  [[nodiscard]] static Any combined(Parts parts) {
    Ops& ops = parts.operands;
    switch (parts.kind) {
      case Kind::transposed:
        return transposed(parts.mode, std::move(ops[0]));
      case Kind::scaled:
        return scaled(parts.factor, std::move(ops[0]));
      case Kind::sum:
        return sum(std::move(ops));
      case Kind::product:
        return product(std::move(ops));
      case Kind::horizontal:
        return concat<HorizontalConcat>(std::move(ops));
      case Kind::vertical:
        return concat<VerticalConcat>(std::move(ops));
      case Kind::direct_sum:
        return direct_sum(std::move(ops));
      case Kind::submatrix:
        return submatrix(std::move(parts));
      case Kind::pre_merged:
        return expression_of(std::move(parts));
      case Kind::none:
        break;
    }
    return {};
  }

  template <class Op>
  [[nodiscard]] static bool is(const Any& op) {
    return op.template target<Op>() != nullptr;
  }
  [[nodiscard]] static bool is_zero(const Any& op) { return is<Zero<Scalar>>(op); }
  [[nodiscard]] static bool is_identity(const Any& op) {
    if (op.rows() != op.cols()) return false;
    const auto* const p = op.template target<Permutation<Scalar>>();
    return is<Identity<Scalar>>(op) || (p != nullptr && p->block() == p->rows());
  }
  [[nodiscard]] static bool all_zero(const Ops& ops) {
    return std::all_of(ops.begin(), ops.end(), is_zero);
  }

  /// (cA)ᵀ = c·Aᵀ, (A + B)ᵀ = Aᵀ + Bᵀ, (A·B)ᵀ = Bᵀ·Aᵀ, [A B]ᵀ = [Aᵀ; Bᵀ], and adjoints likewise.
  [[nodiscard]] static Any transposed(Mode mode, Any op) {
    if constexpr (!Eigen::NumTraits<Scalar>::IsComplex)
      mode = transposes(mode) ? Mode::transpose : Mode::plain;
    if (mode == Mode::plain) return op;
    Parts parts = StructureAccess::take_parts(op);
    if (parts.kind == Kind::none) return transposed_leaf(mode, std::move(op));
    if (parts.kind == Kind::transposed)
      return transposed(compose(mode, parts.mode), std::move(parts.operands[0]));
    for (Any& operand : parts.operands) operand = transposed(mode, std::move(operand));
    parts.factor = in_mode(mode, parts.factor);
    if (transposes(mode)) {
      if (parts.kind == Kind::product) std::reverse(parts.operands.begin(), parts.operands.end());
      if (parts.kind == Kind::horizontal)
        parts.kind = Kind::vertical;
      else if (parts.kind == Kind::vertical)
        parts.kind = Kind::horizontal;
      std::swap(parts.row, parts.col);
      std::swap(parts.rows, parts.cols);
    }
    return combined(std::move(parts));
  }

  [[nodiscard]] static Any transposed_leaf(Mode mode, Any op) {
    const Index rows = transposes(mode) ? op.cols() : op.rows();
    const Index cols = transposes(mode) ? op.rows() : op.cols();
    if (is<Identity<Scalar>>(op)) return Identity<Scalar>(rows, cols);
    if (is_zero(op)) return Zero<Scalar>(rows, cols);
    if (const auto* p = op.template target<Permutation<Scalar>>())
      return transposes(mode) ? p->inverse() : *p;
    if (mode == Mode::transpose && is_diagonal(StructureAccess::factor_chain(op))) return op;
    if (mode == Mode::transpose) return std::move(op).transpose();
    if (mode == Mode::adjoint) return std::move(op).adjoint();
    return std::move(op).conjugate();
  }

  /// 1·A = A, c·0 = 0·A = 0, c·(d·A) = (c·d)·A.
  [[nodiscard]] static Any scaled(Scalar factor, Any op) {
    factor *= take_factor(op);
    if (factor == Scalar(0) || is_zero(op)) return Zero<Scalar>(op.rows(), op.cols());
    if (factor == Scalar(1)) return op;
    return Scaled<Any>(factor, std::move(op));
  }

  /// Takes c off c·A.
  [[nodiscard]] static Scalar take_factor(Any& op) {
    if (!is<Scaled<Any>>(op)) return Scalar(1);
    Parts parts = StructureAccess::take_parts(op);
    op = std::move(parts.operands[0]);
    return parts.factor;
  }

  /// The operands of operands that are sums (or products) themselves.
  template <class List>
  [[nodiscard]] static Ops flat(Ops ops) {
    Ops list;
    for (Any& op : ops) {
      if (is<List>(op)) {
        Ops inner = StructureAccess::take_parts(op).operands;
        std::move(inner.begin(), inner.end(), std::back_inserter(list));
      } else {
        list.push_back(std::move(op));
      }
    }
    return list;
  }

  /// A + 0 = A.
  [[nodiscard]] static Any sum(Ops ops) {
    const Index rows = ops[0].rows(), cols = ops[0].cols();
    Ops list = flat<Sum<Ops>>(std::move(ops));
    std::erase_if(list, is_zero);
    if (list.empty()) return Zero<Scalar>(rows, cols);
    return list.size() == 1 ? std::move(list[0]) : make_list<Sum>(std::move(list));
  }

  /// 0·A = 0, I·A = A, (c·A)·B = c·(A·B), and what merged() makes of neighbours.
  [[nodiscard]] static Any product(Ops ops) {
    const Index rows = ops.front().rows(), cols = ops.back().cols();
    if (std::any_of(ops.begin(), ops.end(), is_zero)) return Zero<Scalar>(rows, cols);
    Scalar factor(1);
    for (Any& op : ops) factor *= take_factor(op);
    Ops done;  // from the left
    for (Any& op : flat<Product<Ops>>(std::move(ops))) {
      Any next = std::move(op);
      while (!done.empty() && !is_identity(next)) {
        std::optional<Any> both = merged(done.back(), next);
        if (!both) break;
        next = std::move(*both);
        done.pop_back();
      }
      if (!is_identity(next)) done.push_back(std::move(next));
    }
    if (done.empty()) return scaled(factor, Identity<Scalar>(rows, cols));
    Any result = done.size() == 1 ? std::move(done[0]) : make_list<Product>(std::move(done));
    return scaled(factor, std::move(result));
  }

  template <template <class...> class Concat>
  [[nodiscard]] static Any concat(Ops ops) {
    if (ops.size() == 1) return std::move(ops[0]);
    const bool zero = all_zero(ops);
    Any all = make_list<Concat>(flat<Concat<Ops>>(std::move(ops)));
    return zero ? Any(Zero<Scalar>(all.rows(), all.cols())) : all;
  }

  [[nodiscard]] static Any direct_sum(Ops ops) {
    if (ops.size() == 1) return std::move(ops[0]);
    const bool zero = all_zero(ops);
    const bool identity = std::all_of(ops.begin(), ops.end(), is_identity);
    Any all = make_list<DirectSum>(flat<DirectSum<Ops>>(std::move(ops)));
    if (zero) return Zero<Scalar>(all.rows(), all.cols());
    return identity ? Any(Identity<Scalar>(all.rows())) : all;
  }

  /// A part of a part is a part, all of A is A.
  [[nodiscard]] static Any submatrix(Parts parts) {
    Any op = std::move(parts.operands[0]);
    if (is_zero(op)) return Zero<Scalar>(parts.rows, parts.cols);
    if (is<Submatrix<Any>>(op)) {
      Parts inner = StructureAccess::take_parts(op);
      op = std::move(inner.operands[0]);
      parts.row += inner.row;
      parts.col += inner.col;
    }
    if (parts.rows == op.rows() && parts.cols == op.cols()) return op;
    return Submatrix<Any>(std::move(op), parts.row, parts.col, parts.rows, parts.cols);
  }
};

}  // namespace detail

/// The same matrix with less work, where the structure of an expression shows it:
///
///     I·A = A,  0·A = 0,  A + 0 = A,  c·(d·A) = (c·d)·A,  (Aᵀ)ᵀ = A,  (A·B)ᵀ = Bᵀ·Aᵀ, ...
///     P·Q of permutations is a permutation, and none is left of Pᵀ·P;
///     neighbours in a product that are chains of Kronecker-sparse factors become one MergedChain;
///     a Diagonal beside such a chain goes into its weights, a permutation into its strides where
///     two strides can say it (stride permutations).
///
/// Results are the operator's within the same bound, not to the bit: weights and numbers were
/// multiplied with each other. What is merged has no parameters of its own any more. To be called
/// once, not in every step: it copies weights.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> simplify(AnyLinearOp<Scalar> op) {
  return detail::Simplifier<Scalar>::simplified(std::move(op));
}
/// Of any operator or expression.
template <ComposableOp Op>
[[nodiscard]] AnyLinearOp<detail::ScalarOf<Op>> simplify(Op&& op) {
  return simplify(AnyLinearOp<detail::ScalarOf<Op>>(std::forward<Op>(op)));
}

}  // namespace strum::inline STRUM_ABI
