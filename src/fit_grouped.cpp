// The fits of matrices whose rows and columns are grouped, compiled once.
#include "strum/fit/grouped_monarch-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                                            \
  template IndexGroups correlated_groups(MatrixView<const Scalar>, Index);                        \
  template IndexGroups matching_groups(MatrixView<const Scalar>, const IndexGroups&);             \
  template Fit<AnyLinearOp<Scalar>> grouped_monarch(MatrixView<const Scalar>, const IndexGroups&, \
                                                    const IndexGroups&, Index);                   \
  template Fit<AnyLinearOp<Scalar>> grouped_block_diagonal(MatrixView<const Scalar>,              \
                                                           const IndexGroups&, const IndexGroups&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
