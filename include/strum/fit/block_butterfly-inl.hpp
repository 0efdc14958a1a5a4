// The body of fit::block_butterfly: compiled once in the library, inline header-only.
#pragma once

#include "strum/fit/block_butterfly.hpp"
#include "strum/fit/monarch_chain-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<BlockButterfly<Scalar>> block_butterfly(MatrixView<const Scalar> w, Index block) {
  const char* const where = "fit::block_butterfly";
  Index positions = block < 1 ? 0 : w.rows() / block;
  while (positions > 1 && positions % 2 == 0) positions /= 2;
  if (positions != 1 || w.rows() == block || w.rows() % block != 0 || w.cols() != w.rows())
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                                    ", blocks of ", block, " entries need a power of two of them");
  const strum::detail::Scaling scaling(w, where);
  const auto sizes = strum::detail::butterfly_sizes(w.rows() / block, 2, where);
  const auto factors = strum::detail::split_chain(w, scaling, sizes, where, block);
  const ButterflyShape shape{.rows = w.rows(), .cols = w.cols(), .block = block};
  Tensor<Scalar> twiddle(BlockButterfly<Scalar>::parameter_shape(shape));
  strum::detail::copy_twiddle(factors, twiddle);
  const BlockButterfly<double> exact(shape, twiddle.template cast<double>());
  return strum::detail::measured(w, scaling, BlockButterfly<Scalar>(shape, twiddle), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
