// Any fit under stride permutations of the rows and columns.
#pragma once

#include <utility>
#include <vector>

#include "strum/algebra/product.hpp"
#include "strum/fit/family.hpp"
#include "strum/ops/permutation.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// Stride permutations of n entries, the identity first: one for every divisor of n.
template <class Scalar>
[[nodiscard]] std::vector<Permutation<Scalar>> stride_permutations(Index n) {
  std::vector<Permutation<Scalar>> list;
  for (Index a = 1; a < n; ++a)
    if (n % a == 0) list.push_back(Permutation<Scalar>::stride(a, n / a));
  if (list.empty()) list.push_back(Permutation<Scalar>::identity(n));
  return list;
}

/// Left·op·right without those that move nothing.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> between(const Permutation<Scalar>& left, AnyLinearOp<Scalar> op,
                                          const Permutation<Scalar>& right) {
  std::vector<AnyLinearOp<Scalar>> list;
  if (left.block() != left.rows()) list.push_back(left);
  list.push_back(std::move(op));
  if (right.block() != right.rows()) list.push_back(right);
  return list.size() == 1 ? std::move(list[0]) : product(std::move(list));
}

}  // namespace detail

namespace fit {

/// The best fit(P·W·Qᵀ) over all stride permutations P of the rows and Q of the columns, as
/// Pᵀ·fit·Q: for a structure whose inputs or outputs come in another order, as a tensor's axes do
/// from one program to the next. Of equal errors (to 1e-12) the one with the fewest permutations.
/// fit(view) returns a Fit of the size that it is given; it is called for every pair of divisors of
/// m and n. simplify() folds the permutations
/// into strides where the structure has such.
///
///     auto fit = fit::over_strides(w, [](const auto& v) { return fit::kronecker(v, shape); });
template <class Scalar, class F>
[[nodiscard]] Fit<AnyLinearOp<Scalar>> over_strides(MatrixView<const Scalar> w, const F& fit) {
  constexpr double kEqual = 1e-12;
  const Index m = w.rows(), n = w.cols();
  Fit<AnyLinearOp<Scalar>> best;
  bool found = false;
  Tensor<Scalar> reordered({n, m});  // column-major
  for (const auto& rows : strum::detail::stride_permutations<Scalar>(m))
    for (const auto& cols : strum::detail::stride_permutations<Scalar>(n)) {
      for (Index j = 0; j < n; ++j)
        for (Index i = 0; i < m; ++i) reordered[j * m + i] = w(rows.index(i), cols.index(j));
      auto next = any(fit(MatrixView<const Scalar>(reordered.data(), m, n)));
      if (found && !(next.relative_error < best.relative_error - kEqual)) continue;
      next.op = strum::detail::between(rows.inverse(), std::move(next.op), cols);
      best = std::move(next);
      found = true;
    }
  return best;
}

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W, class F>
[[nodiscard]] auto over_strides(const W& w, const F& fit) {
  return strum::detail::fit_view(w, [&](auto v) { return over_strides(v, fit); });
}

}  // namespace fit
}  // namespace strum::inline STRUM_ABI
