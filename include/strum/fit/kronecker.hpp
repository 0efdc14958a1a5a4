// The nearest Kronecker product, and the nearest sum of several.
#pragma once

#include "strum/algebra/sum.hpp"
#include "strum/fit/fit.hpp"
#include "strum/ops/kronecker.hpp"

namespace strum::inline STRUM_ABI::fit {

/// Rows and columns of A and B in A ⊗ B.
struct KroneckerShape {
  Index a_rows, a_cols, b_rows, b_cols;
};

/// The A ⊗ B nearest to W in the Frobenius norm: A and B are the leading singular triple of W's
/// blocks, each a row of a matrix (Van Loan and Pitsianis 1993); √σ on both sides.
///
/// Scalar is float or double. Throws ShapeError unless W is a_rows·b_rows x a_cols·b_cols, none of
/// them 0, and ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Kronecker<Scalar>> kronecker(MatrixView<const Scalar> w,
                                                         const KroneckerShape& shape);

/// The sum of `terms` Kronecker products of this shape nearest to W: as many leading triples, the
/// largest first. Every matrix is a sum of min(a_rows·a_cols, b_rows·b_cols). Throws like
/// kronecker(), and ValueError unless terms is 1 or more.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<AnyLinearOp<Scalar>> kronecker_terms(MatrixView<const Scalar> w,
                                                                 const KroneckerShape& shape,
                                                                 Index terms);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto kronecker(const W& w, const KroneckerShape& shape) {
  return strum::detail::fit_view(w, [&](auto v) { return kronecker(v, shape); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto kronecker_terms(const W& w, const KroneckerShape& shape, Index terms) {
  return strum::detail::fit_view(w, [&](auto v) { return kronecker_terms(v, shape, terms); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/kronecker-inl.hpp"
#endif
