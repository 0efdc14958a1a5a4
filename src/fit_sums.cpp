// The fits of sums of two matrices, compiled once.
#include "strum/fit/sums-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                                           \
  template Fit<AnyLinearOp<Scalar>> low_rank_plus_sparse(MatrixView<const Scalar>, Index, Index, \
                                                         const AlternatingOptions&);             \
  template Fit<AnyLinearOp<Scalar>> low_rank_plus_block_diagonal(                                \
      MatrixView<const Scalar>, Index, Index, const AlternatingOptions&);                        \
  template Fit<AnyLinearOp<Scalar>> diagonal_plus_low_rank(MatrixView<const Scalar>, Index,      \
                                                           const AlternatingOptions&);           \
  template Fit<AnyLinearOp<Scalar>> monarch_plus_low_rank(                                       \
      MatrixView<const Scalar>, const MonarchShape&, Index, const AlternatingOptions&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
