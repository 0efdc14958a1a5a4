// The nearest matrices that are constant along diagonals: averages.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/hankel.hpp"
#include "strum/transforms/toeplitz.hpp"

namespace strum::inline STRUM_ABI::fit {

/// c[t] = the average of W[i, j] over (i − j) mod n = t: nothing nearer to W in the Frobenius norm
/// is circulant. Scalar is float or double, as for the others. Throws ShapeError unless W is square
/// and not 0 x 0, ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Circulant<Scalar>> circulant(MatrixView<const Scalar> w);

/// t[d] = the average over i − j = d: the nearest Toeplitz matrix. Throws ShapeError if W has no
/// entries, ValueError if one is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Toeplitz<Scalar>> toeplitz(MatrixView<const Scalar> w);

/// v[s] = the average over i + j = s: the nearest Hankel matrix. Throws as toeplitz() does.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Hankel<Scalar>> hankel(MatrixView<const Scalar> w);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto circulant(const W& w) {
  return strum::detail::fit_view(w, [](auto v) { return circulant(v); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto toeplitz(const W& w) {
  return strum::detail::fit_view(w, [](auto v) { return toeplitz(v); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto hankel(const W& w) {
  return strum::detail::fit_view(w, [](auto v) { return hankel(v); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/diagonals-inl.hpp"
#endif
