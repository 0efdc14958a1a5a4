// The fits of matrices that fast transforms multiply, compiled once.
#include "strum/fit/diagonals-inl.hpp"
#include "strum/fit/spectral_sparse-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                 \
  template Fit<Circulant<Scalar>> circulant(MatrixView<const Scalar>); \
  template Fit<Toeplitz<Scalar>> toeplitz(MatrixView<const Scalar>);   \
  template Fit<Hankel<Scalar>> hankel(MatrixView<const Scalar>);       \
  template Fit<SpectralSparse<Scalar>> spectral_sparse(MatrixView<const Scalar>, Index)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
