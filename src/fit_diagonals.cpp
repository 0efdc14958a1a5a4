// The fits of matrices that are constant along diagonals, compiled once.
#include "strum/fit/diagonals-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                 \
  template Fit<Circulant<Scalar>> circulant(MatrixView<const Scalar>); \
  template Fit<Toeplitz<Scalar>> toeplitz(MatrixView<const Scalar>);   \
  template Fit<Hankel<Scalar>> hankel(MatrixView<const Scalar>)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
