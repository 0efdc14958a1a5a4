// The fits of products of structured factors, compiled once.
#include "strum/fit/kronecker-inl.hpp"
#include "strum/fit/monarch_chain-inl.hpp"
#include "strum/fit/tensor_train-inl.hpp"
#include "strum/fit/two_core_block_tensor_train-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

#define STRUM_INSTANTIATE_FITS(Scalar)                                                        \
  template Fit<Kronecker<Scalar>> kronecker(MatrixView<const Scalar>, const KroneckerShape&); \
  template Fit<AnyLinearOp<Scalar>> kronecker_terms(MatrixView<const Scalar>,                 \
                                                    const KroneckerShape&, Index);            \
  template Fit<MonarchChain<Scalar>> monarch_chain(MatrixView<const Scalar>,                  \
                                                   const std::vector<Index>&);                \
  template Fit<Butterfly<Scalar>> butterfly(MatrixView<const Scalar>, Index);                 \
  template Fit<TensorTrain<Scalar>> tensor_train(MatrixView<const Scalar>,                    \
                                                 const TensorTrainShape&);                    \
  template Fit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(                  \
      MatrixView<const Scalar>, const TwoCoreShape&)

STRUM_INSTANTIATE_FITS(float);
STRUM_INSTANTIATE_FITS(double);

}  // namespace strum::inline STRUM_ABI::fit
