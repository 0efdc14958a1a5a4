// A sum as the Woodbury identity wants it: an operator that can be inverted, and a thin product.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strum/algebra/operator_blocks.hpp"

namespace strum::inline STRUM_ABI::detail {

/// U·V, U n x r and V r x n.
template <class Scalar>
struct ThinProduct {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  Matrix u, v;
};

/// D + A + U·V. An absent D has no entries, an absent A no operator.
template <class Scalar>
struct SumParts {
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> diagonal;
  std::optional<AnyLinearOp<Scalar>> op;
  ThinProduct<Scalar> thin;
};

/// The operator as U·V where a vector between two of its parts is shorter than its rows and
/// columns.
template <class Scalar>
[[nodiscard]] std::optional<ThinProduct<Scalar>> thin_product(AnyLinearOp<Scalar> op) {
  using Thin = ThinProduct<Scalar>;
  const Index n = std::min(op.rows(), op.cols());
  if (const auto* chain = StructureAccess::factor_chain(op)) {
    const auto factors = loose_factors(*chain);
    for (std::size_t i = 1; i < factors.size(); ++i) {
      if (factors[i].shape.cols >= n) continue;
      const auto middle = factors.begin() + static_cast<std::ptrdiff_t>(i);
      const MergedChain<Scalar> u("U", {middle, factors.end()}), v("V", {factors.begin(), middle});
      return Thin{u.to_dense(), v.to_dense()};
    }
    return std::nullopt;
  }
  auto parts = StructureAccess::take_parts(op);
  if (parts.kind == ExpressionKind::scaled || parts.kind == ExpressionKind::transposed) {
    auto thin = thin_product(std::move(parts.operands[0]));
    if (!thin) return std::nullopt;
    if (parts.kind == ExpressionKind::scaled) return Thin{parts.factor * thin->u, thin->v};
    if (parts.mode == Mode::conjugate) return Thin{thin->u.conjugate(), thin->v.conjugate()};
    if (parts.mode == Mode::adjoint) return Thin{thin->v.adjoint(), thin->u.adjoint()};
    return Thin{thin->v.transpose(), thin->u.transpose()};
  }
  if (parts.kind == ExpressionKind::product) {
    auto& ops = parts.operands;
    for (std::size_t i = 1; i < ops.size(); ++i) {
      if (ops[i].rows() >= n) continue;
      const auto middle = ops.begin() + static_cast<std::ptrdiff_t>(i);
      return Thin{product<Scalar>({ops.begin(), middle}).to_dense(),
                  product<Scalar>({middle, ops.end()}).to_dense()};
    }
  }
  return std::nullopt;
}

/// The entries of an operator that is diagonal: a Diagonal, a square Identity, a multiple of one.
template <class Scalar>
[[nodiscard]] std::optional<Eigen::Matrix<Scalar, Eigen::Dynamic, 1>> diagonal_entries(
    const AnyLinearOp<Scalar>& op) {
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  if (const auto* scaled = op.template target<Scaled<AnyLinearOp<Scalar>>>()) {
    auto entries = diagonal_entries(scaled->op());
    if (entries) *entries *= scaled->factor();
    return entries;
  }
  if (op.template target<Identity<Scalar>>() != nullptr && op.rows() == op.cols())
    return Vector::Ones(op.rows());
  const auto* const chain = StructureAccess::factor_chain(op);
  if (!is_diagonal(chain)) return std::nullopt;
  const LooseFactor<Scalar> factor = loose_factors(*chain)[0];
  return Eigen::Map<const Vector>(factor.weights.data(), op.rows());
}

/// D + A, where A is one factor whose blocks hold its diagonal; false where it is not.
template <class Scalar>
[[nodiscard]] bool add_diagonal(AnyLinearOp<Scalar>& op,
                                const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>& diagonal) {
  const auto* const chain = StructureAccess::factor_chain(op);
  if (chain == nullptr || chain->size() != 1) return false;
  std::vector<LooseFactor<Scalar>> factors = loose_factors(*chain);
  const FactorShape& f = factors[0].shape;
  Index found = 0;
  Scalar* w = factors[0].weights.data();
  for (Index alpha = 0; alpha < f.a; ++alpha)
    for (Index beta = 0; beta < f.b; ++beta)
      for (Index gamma = 0; gamma < f.c; ++gamma)
        for (Index delta = 0; delta < f.d; ++delta, ++w) {
          const Index row = alpha * f.y_alpha + beta * f.y_beta + delta;
          if (row != alpha * f.x_alpha + gamma * f.x_gamma + delta) continue;
          if (row >= diagonal.size()) continue;
          *w += diagonal(row);
          ++found;
        }
  if (found != diagonal.size()) return false;
  op = operator_of("(D + " + op.name() + ")", std::move(factors));
  return true;
}

/// Sorts the operands of a sum. Throws ValueError where there is more than one A.
template <class Scalar>
[[nodiscard]] SumParts<Scalar> sum_parts(const std::string& name,
                                         std::vector<AnyLinearOp<Scalar>> operands) {
  SumParts<Scalar> sum;
  const Index n = operands[0].rows();
  sum.thin = {ThinProduct<Scalar>::Matrix::Zero(n, 0), ThinProduct<Scalar>::Matrix::Zero(0, n)};
  for (AnyLinearOp<Scalar>& operand : operands) {
    if (const auto entries = diagonal_entries(operand)) {
      if (sum.diagonal.size() == 0) sum.diagonal.setZero(n);
      sum.diagonal += *entries;
    } else if (const auto thin = thin_product(operand)) {
      const Index rank = sum.thin.u.cols(), more = thin->u.cols();
      sum.thin.u.conservativeResize(n, rank + more);
      sum.thin.v.conservativeResize(rank + more, n);
      sum.thin.u.rightCols(more) = thin->u;
      sum.thin.v.bottomRows(more) = thin->v;
    } else if (!sum.op) {
      sum.op = std::move(operand);
    } else {
      fail<ValueError>("factorize: ", name, ": of a sum, one operand may be neither diagonal nor ",
                       "of low rank; ", sum.op->name(), " and ", operand.name(), " are");
    }
  }
  return sum;
}

}  // namespace strum::inline STRUM_ABI::detail
