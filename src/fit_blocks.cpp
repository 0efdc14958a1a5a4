// The fits of operators made of blocks, compiled once.
#include "strum/fit/blast-inl.hpp"
#include "strum/fit/block_butterfly-inl.hpp"
#include "strum/fit/block_dense-inl.hpp"
#include "strum/fit/block_low_rank-inl.hpp"
#include "strum/fit/orthogonal_block_diagonal-inl.hpp"
#include "strum/fit/ragged_block_diagonal-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                                       \
  template Fit<Blast<Scalar>> blast(MatrixView<const Scalar>, const BlastShape&,             \
                                    const AlternatingOptions&);                              \
  template Fit<BlockButterfly<Scalar>> block_butterfly(MatrixView<const Scalar>, Index);     \
  template Fit<BlockDense<Scalar>> block_dense(MatrixView<const Scalar>, Index, Index);      \
  template Fit<BlockLowRank<Scalar>> block_low_rank(MatrixView<const Scalar>, Index, Index); \
  template Fit<OrthogonalBlockDiagonal<Scalar>> orthogonal_block_diagonal(                   \
      MatrixView<const Scalar>, Index);                                                      \
  template Fit<AnyLinearOp<Scalar>> ragged_block_diagonal(MatrixView<const Scalar>,          \
                                                          const RaggedBlocksOptions&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
