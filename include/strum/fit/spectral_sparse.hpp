// The nearest matrix with few coefficients in the 2-D Fourier transform: the largest.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/transforms/spectral_sparse.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The nearest SpectralSparse with `count` real values: of fft2(W) the real parts of largest
/// square, those of (p, q) and (−p, −q) together. Real values reach cosines only: what W has of
/// sines, the imaginary parts, is part of the error however many are kept. Nothing nearer to W in
/// the Frobenius norm has as many values, since cosines are orthogonal. Scalar is float or double.
///
/// Throws ShapeError unless 1 <= count <= the number of different cosines, about half of W's
/// entries, and ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<SpectralSparse<Scalar>> spectral_sparse(MatrixView<const Scalar> w,
                                                                    Index count);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto spectral_sparse(const W& w, Index count) {
  return strum::detail::fit_view(w, [&](auto v) { return spectral_sparse(v, count); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/spectral_sparse-inl.hpp"
#endif
