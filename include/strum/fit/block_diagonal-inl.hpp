// The body of fit::block_diagonal: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<BlockDiagonal<Scalar>> block_diagonal(MatrixView<const Scalar> w, Index blocks) {
  const auto shape = BlockDiagonalShape::layer(w.rows(), w.cols(), blocks);
  const strum::detail::Scaling scaling(w, "fit::block_diagonal");

  Tensor<Scalar> weight({shape.blocks, shape.block_rows, shape.block_cols});
  double error = 0, norm = 0;
  for (Index j = 0; j < w.cols(); ++j)
    for (Index i = 0; i < w.rows(); ++i) {
      const double entry = static_cast<double>(w(i, j)) * scaling.matrix();
      norm += entry * entry;
      const Index block = i / shape.block_rows;
      if (block == j / shape.block_cols)
        weight(block, i - block * shape.block_rows, j - block * shape.block_cols) = w(i, j);
      else
        error += entry * entry;  // blocks are stored as they are: all of the error lies outside
    }
  BlockDiagonal<Scalar> op(weight, w.rows(), w.cols());
  const Index parameters = op.parameter_count();
  return {std::move(op), strum::detail::relative_error(error, norm), parameters};
}

}  // namespace strum::inline STRUM_ABI::fit
