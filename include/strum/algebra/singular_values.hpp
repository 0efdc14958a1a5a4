// All singular values of an operator whose structure tells them.
//
// The largest few of any operator: algebra/spectra.hpp. This header instantiates Eigen's JacobiSVD,
// which takes a compiler some seconds.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/SVD>

#include "strum/algebra/operator_blocks.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// Operators are visible() ones. Values come in any order, those that are missing are 0.
template <class Scalar>
class SingularValuesOf {
  using Any = AnyLinearOp<Scalar>;
  using Kind = ExpressionKind;
  using List = std::vector<double>;

 public:
  [[nodiscard]] static List list(Any op) {
    const auto n = static_cast<std::size_t>(std::min(op.rows(), op.cols()));
    if (is_unitary(op) || op.template target<Identity<Scalar>>() != nullptr) return List(n, 1.0);
    if (n == 0 || op.template target<Zero<Scalar>>() != nullptr) return {};
    List values;
    if (const auto* chain = StructureAccess::factor_chain(op);
        chain != nullptr && chain->size() == 1) {
      for_each_block(loose_factors(*chain)[0],
                     [&](Index, Index, const auto& block) { append(values, block); });
      return values;
    }
    if (const auto* ragged = op.template target<RaggedBlockDiagonal<Scalar>>()) {
      for (const auto& block : matrices_of(*ragged)) append(values, block);
      return values;
    }
    if (const auto* k = op.template target<Kronecker<Scalar>>()) return of_kronecker(*k);
    return of_expression(std::move(op));
  }

 private:
  static void append(List& values, const BlockMatrix<Scalar>& block) {
    if (block.size() == 0) return;
    if (block.size() == 1) return values.push_back(std::abs(block(0, 0)));
    const Eigen::JacobiSVD<BlockMatrix<Scalar>> svd(block);
    values.insert(values.end(), svd.singularValues().begin(), svd.singularValues().end());
  }

  /// Products of one value of each factor.
  [[nodiscard]] static List of_kronecker(const Kronecker<Scalar>& op) {
    List values = {1.0};
    for (const auto& factor : matrices_of(op)) {
      List own, next;
      append(own, factor);
      for (const double a : values)
        for (const double b : own) next.push_back(a * b);
      values = std::move(next);
    }
    return values;
  }

  [[nodiscard]] static List of_expression(Any op) {
    const std::string name = op.name();
    auto parts = StructureAccess::take_parts(op);
    if (parts.kind == Kind::transposed) return list(std::move(parts.operands[0]));
    List values;
    if (parts.kind == Kind::scaled) {
      values = list(std::move(parts.operands[0]));
      for (double& value : values) value *= static_cast<double>(std::abs(parts.factor));
    } else if (parts.kind == Kind::direct_sum) {
      for (Any& operand : parts.operands) {
        const List own = list(std::move(operand));
        values.insert(values.end(), own.begin(), own.end());
      }
    } else {
      fail<ValueError>("singular_values: ", name,
                       " has no structure that tells them; take those of ",
                       "its to_dense(), or the largest (algebra/spectra.hpp)");
    }
    return values;
  }
};

}  // namespace detail

/// All min(m, n) singular values, largest first:
///
///     Dense, BlockDiagonal, RaggedBlockDiagonal, any single factor KS(a, b, c, d):  of the blocks
///     Diagonal:  |d_i|
///     Kronecker:  all products of one value of each factor
///     Permutation, Identity and orthogonal operators (see factorize()):  1
///     c·A, Aᵀ, Aᴴ, A ⊕ B:  of those of A and B
///
/// By JacobiSVD in double, some ten times b³ operations for a block of b rows: for a large Dense,
/// another decomposition of to_dense() is faster. Throws ValueError, naming op, for any other.
template <ComposableOp Op>
[[nodiscard]] auto singular_values(const Op& op) {
  using Scalar = detail::ScalarOf<Op>;
  std::vector<double> values = detail::SingularValuesOf<Scalar>::list(detail::visible(op));
  std::sort(values.begin(), values.end(), std::greater<>());
  values.resize(static_cast<std::size_t>(std::min<Index>(op.rows(), op.cols())));
  return Eigen::Matrix<Real<Scalar>, Eigen::Dynamic, 1>(
      Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Index>(values.size()))
          .template cast<Real<Scalar>>());
}

}  // namespace strum::inline STRUM_ABI
