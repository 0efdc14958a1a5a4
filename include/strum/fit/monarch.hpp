// The optimal projection on the Monarch matrices of any shape.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/monarch.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The Monarch matrix of this shape nearest to W (m x n = shape.rows x shape.cols) in the Frobenius
/// norm. The k·l sub-matrices W[λ::l, block κ of columns] are independent of one another, and what
/// a Monarch can be there is a matrix whose rank is at most the number of hidden values
/// t ∈ [κq, (κ+1)q) with t ≡ λ (mod l): the truncated singular value decomposition of each is the
/// optimum (Dao et al. 2022 for square shapes; the argument needs no divisibility). The a-th triple
/// goes to the a-th such t, √σ on both sides.
///
/// Scalar is float or double. Throws ShapeError if W does not have the shape's size or the shape
/// does not fit together, ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Monarch<Scalar>> monarch(MatrixView<const Scalar> w,
                                                     const MonarchShape& shape);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto monarch(const W& w, const MonarchShape& shape) {
  return strum::detail::fit_view(w, [&](auto v) { return monarch(v, shape); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/monarch-inl.hpp"
#endif
