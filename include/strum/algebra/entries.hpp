// Diagonal, trace and Frobenius norm of any operator: from its structure where that tells, else
// from its columns.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "strum/algebra/factor_entries.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// Operators are visible() ones.
template <class Scalar>
class EntriesOf {
  using Any = AnyLinearOp<Scalar>;
  using Kind = ExpressionKind;
  using Wide = BlockScalar<Scalar>;

 public:
  using Vector = Eigen::Matrix<Wide, Eigen::Dynamic, 1>;

  [[nodiscard]] static Vector diagonal(Any op) {
    const Index n = std::min(op.rows(), op.cols());
    if (const auto* chain = StructureAccess::factor_chain(op);
        chain != nullptr && (chain->size() == 1 || chain->size() == 2))
      return of_chain(*chain, n);
    if (op.template target<Identity<Scalar>>() != nullptr) return Vector::Ones(n);
    if (op.template target<Zero<Scalar>>() != nullptr) return Vector::Zero(n);
    if (const auto* p = op.template target<Permutation<Scalar>>())
      return Vector::NullaryExpr(n, [&](Index i) { return Wide(p->index(i) == i ? 1 : 0); });
    if (const auto* k = op.template target<Kronecker<Scalar>>(); k != nullptr && is_square(*k))
      return of_kronecker(matrices_of(*k));
    auto parts = take_parts(op);
    switch (parts.kind) {
      case Kind::scaled:
        return static_cast<Wide>(parts.factor) * diagonal(std::move(parts.operands[0]));
      case Kind::transposed: {
        const Vector d = diagonal(std::move(parts.operands[0]));
        return conjugates(parts.mode) ? Vector(d.conjugate()) : d;
      }
      case Kind::sum: {
        Vector sum = Vector::Zero(n);
        for (Any& operand : parts.operands) sum += diagonal(std::move(operand));
        return sum;
      }
      default:
        return by_columns(op, n);
    }
  }

  [[nodiscard]] static double frobenius_norm(Any op) {
    const auto n = static_cast<double>(std::min(op.rows(), op.cols()));
    if (is_unitary(op) || op.template target<Identity<Scalar>>() != nullptr) return std::sqrt(n);
    if (const auto* chain = StructureAccess::factor_chain(op)) {
      const auto factors = loose_factors(*chain);
      if (factors.size() == 1) return norm(factors[0].weights);
      if (factors.size() == 2)
        return static_cast<double>(
            std::sqrt(std::max(0.0L, squared_norm_of_product(FactorEntries<Scalar>(factors[1]),
                                                             FactorEntries<Scalar>(factors[0])))));
    }
    if (const auto* k = op.template target<Kronecker<Scalar>>()) {
      double product = 1;
      for (const auto& matrix : matrices_of(*k)) product *= matrix.stableNorm();
      return product;
    }
    auto parts = take_parts(op, Kind::direct_sum);
    if (parts.kind == Kind::scaled)
      return static_cast<double>(std::abs(parts.factor)) *
             frobenius_norm(std::move(parts.operands[0]));
    if (parts.kind == Kind::transposed) return frobenius_norm(std::move(parts.operands[0]));
    double sum = 0;
    for (Any& operand : parts.operands) sum = std::hypot(sum, frobenius_norm(std::move(operand)));
    if (parts.kind == Kind::direct_sum) return sum;
    for_each_columns(op, [&](Index, const auto& y) {
      sum = std::hypot(sum, y.template cast<Wide>().stableNorm());
    });
    return sum;
  }

 private:
  template <class Op>
  [[nodiscard]] static bool is_square(const Op& op) {
    for (const ParameterInfo& info : op.parameters())
      if (info.shape[0] != info.shape[1]) return false;
    return true;
  }

  /// The parts of an expression that is looked into; another is left as it is.
  [[nodiscard]] static ExpressionParts<Scalar> take_parts(Any& op, Kind wanted = Kind::sum) {
    Any copy = op;
    auto parts = StructureAccess::take_parts(copy);
    if (parts.kind == Kind::scaled || parts.kind == Kind::transposed || parts.kind == wanted)
      return parts;
    return {};
  }

  [[nodiscard]] static Vector of_chain(const FactorChain<Scalar, Scalar>& chain, Index n) {
    const auto factors = loose_factors(chain);
    const FactorEntries<Scalar> first(factors.front()), last(factors.back());
    Vector d(n);
    for (Index i = 0; i < n; ++i)
      d(i) = factors.size() == 1 ? first(i, i) : product_entry(last, first, i);
    return d;
  }

  /// diag(A ⊗ B) = diag(A) ⊗ diag(B).
  [[nodiscard]] static Vector of_kronecker(const std::vector<BlockMatrix<Scalar>>& factors) {
    Vector d = Vector::Ones(1);
    for (const auto& factor : factors) {
      const Vector entries = factor.diagonal();
      Vector next(d.size() * entries.size());
      for (Index i = 0; i < d.size(); ++i)
        next.segment(i * entries.size(), entries.size()) = d(i) * entries;
      d = std::move(next);
    }
    return d;
  }

  [[nodiscard]] static Vector by_columns(const Any& op, Index n) {
    Vector d(n);
    for_each_columns(op, [&](Index j, const auto& y) {
      for (Index i = j; i < std::min(n, j + y.cols()); ++i) d(i) = static_cast<Wide>(y(i, i - j));
    });
    return d;
  }

  [[nodiscard]] static double norm(const std::vector<Scalar>& weights) {
    using Values = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
    return Eigen::Map<const Values>(weights.data(), static_cast<Index>(weights.size()))
        .template cast<Wide>()
        .stableNorm();
  }
};

}  // namespace detail

/// The entries A_ii, min(m, n) of them. Read off, or O(n) times the length of a row, for products
/// of one or two factors (Dense to LowRank and Monarch), Kronecker with square factors, Permutation
/// and multiples, sums and transposes of all these; for every other operator the products with all
/// unit vectors, 64 at a time: n products.
template <ComposableOp Op>
[[nodiscard]] auto diagonal(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  return Eigen::Matrix<Scalar, Eigen::Dynamic, 1>(
      detail::EntriesOf<Scalar>::diagonal(detail::visible(op)).template cast<Scalar>());
}

/// Σ A_ii, at the cost of diagonal(), added up in double. Throws ShapeError unless op is square.
template <ComposableOp Op>
[[nodiscard]] auto trace(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  if (op.rows() != op.cols())
    detail::fail<ShapeError>("trace: ", op.name(), " is ", op.rows(), " x ", op.cols(),
                             ", not square");
  return static_cast<Scalar>(detail::EntriesOf<Scalar>::diagonal(detail::visible(op)).sum());
}

/// √Σ |A_ij|². From the weights of a product of one factor, or of two (r operations for a weight
/// where their sub-matrices have rank r; in long double, and yet digits are lost where the product
/// is 1e4 times smaller than the factors), of Kronecker, orthogonal operators, and multiples,
/// transposes and direct sums of all these; for every other operator n products, as diagonal().
template <ComposableOp Op>
[[nodiscard]] auto frobenius_norm(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  return static_cast<Real<Scalar>>(detail::EntriesOf<Scalar>::frobenius_norm(detail::visible(op)));
}

}  // namespace strum::inline STRUM_ABI
