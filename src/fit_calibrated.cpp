// The fits on the inputs of a layer, compiled once.
#include "strum/fit/calibrated-inl.hpp"
#include "strum/fit/calibrated_blocks-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                                            \
  template CalibratedFit<LowRank<Scalar>> low_rank(MatrixView<const Scalar>, Index,               \
                                                   const Calibration&, const LowRankOptions&);    \
  template CalibratedFit<BlockDiagonal<Scalar>> block_diagonal(MatrixView<const Scalar>, Index,   \
                                                               const Calibration&);               \
  template CalibratedFit<Monarch<Scalar>> monarch(MatrixView<const Scalar>, const MonarchShape&,  \
                                                  const Calibration&, const AlternatingOptions&); \
  template CalibratedFit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(            \
      MatrixView<const Scalar>, const TwoCoreShape&, const Calibration&,                          \
      const AlternatingOptions&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
