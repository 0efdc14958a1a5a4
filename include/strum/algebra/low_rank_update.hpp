// A + U·V: an operator and a correction of low rank.
#pragma once

#include "strum/algebra/product.hpp"
#include "strum/algebra/sum.hpp"
#include "strum/ops/low_rank.hpp"

namespace strum::inline STRUM_ABI {

/// A + U·V as an operator, U m x r and V r x n: operators, held as A + U·V holds them, or Eigen
/// matrices, which are copied into a LowRank. Throws ShapeError where the sizes do not fit.
template <ComposableOp A, ComposableOp U, ComposableOp V>
[[nodiscard]] auto low_rank_update(A&& op, U&& u, V&& v) {
  return std::forward<A>(op) + std::forward<U>(u) * std::forward<V>(v);
}
template <ComposableOp A, EigenDense U, EigenDense V>
[[nodiscard]] auto low_rank_update(A&& op, const U& u, const V& v) {
  return std::forward<A>(op) + LowRank<detail::ScalarOf<A>>(u, v);
}

}  // namespace strum::inline STRUM_ABI
