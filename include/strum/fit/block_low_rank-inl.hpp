// The body of fit::block_low_rank: compiled once in the library, inline header-only.
#pragma once

#include "strum/fit/block_low_rank.hpp"
#include "strum/fit/two_core_block_tensor_train-inl.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<BlockLowRank<Scalar>> block_low_rank(MatrixView<const Scalar> w, Index blocks, Index rank) {
  const char* const where = "fit::block_low_rank";
  if (blocks < 1 || rank < 1 || w.rows() < 1 || w.cols() < 1 || w.rows() % blocks != 0 ||
      w.cols() % blocks != 0 || rank % blocks != 0)
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(), ", ",
                                    blocks, " x ", blocks, " blocks, rank ", rank);
  const strum::detail::Scaling scaling(w, where);
  // A and B are the tensors of a block tensor train of two cores.
  const TwoCoreShape shape{.m1 = blocks,
                           .m0 = w.cols() / blocks,
                           .n0 = blocks,
                           .n1 = w.rows() / blocks,
                           .rank = rank / blocks};
  const auto [a, b] = strum::detail::two_core_projection(w, scaling, shape);
  const auto alpha = static_cast<double>(rank);
  const BlockLowRank<double> exact(alpha, a.template cast<double>(), b.template cast<double>());
  return strum::detail::measured(w, scaling, BlockLowRank<Scalar>(alpha, a, b), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
