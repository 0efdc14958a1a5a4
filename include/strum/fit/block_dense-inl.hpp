// The body of fit::block_dense: compiled once in the library, inline header-only.
#pragma once

#include "strum/core/parallel.hpp"
#include "strum/fit/block_dense.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<BlockDense<Scalar>> block_dense(MatrixView<const Scalar> w, Index blocks, Index rank) {
  const char* const where = "fit::block_dense";
  if (blocks < 1 || rank < 1 || w.rows() < 1 || w.cols() < 1 || w.cols() % blocks != 0 ||
      rank % blocks != 0)
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(), ", ",
                                    blocks, " blocks, rank ", rank);
  const strum::detail::Scaling scaling(w, where);
  const Index m = w.rows(), width = w.cols() / blocks, block_rank = rank / blocks;
  Tensor<Scalar> blkdiag({blocks, block_rank, width}), lr({m, rank});
  parallel_for(blocks, [&](Index kappa) {
    const strum::detail::OneThread one_thread;
    Eigen::MatrixXd part(m, width);
    for (Index i = 0; i < width; ++i)
      for (Index o = 0; o < m; ++o)
        part(o, i) = static_cast<double>(w(o, kappa * width + i)) * scaling.matrix();
    const auto triples = strum::detail::leading_triples_of(part, block_rank);
    for (Index a = 0; a < triples.count; ++a) {
      for (Index i = 0; i < width; ++i)
        blkdiag(kappa, a, i) =
            strum::detail::stored_entry<Scalar>(triples.right, a * width + i, scaling);
      for (Index o = 0; o < m; ++o)
        lr(o, kappa * block_rank + a) =
            strum::detail::stored_entry<Scalar>(triples.left, a * m + o, scaling);
    }
  });
  const BlockDense<double> exact(blkdiag.template cast<double>(), lr.template cast<double>());
  return strum::detail::measured(w, scaling, BlockDense<Scalar>(blkdiag, lr), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
