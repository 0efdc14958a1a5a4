// BlockDiagonal: y[g·out + j] = Σ_i weight[g, j, i] · x[g·in + i], cut to rows x cols.
#pragma once

#include <vector>

#include "strum/ops/block_diagonal.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
DenseFactor block_diagonal_factor(const Tensor<Scalar>& weight, Index rows, Index cols) {
  const Index blocks = weight.shape()[0], out = weight.shape()[1], in = weight.shape()[2];
  DenseFactor factor(rows, cols);
  for (Index g = 0; g < blocks; ++g)
    for (Index j = 0; j < out; ++j)
      for (Index i = 0; i < in; ++i)
        if (g * out + j < rows && g * in + i < cols)
          factor(g * out + j, g * in + i) = weight(g, j, i);
  return factor;
}

template <class Scalar, Index Block = Dynamic>
OperatorCase<Scalar> block_diagonal_case(const BlockDiagonalShape& s) {
  const Tensor<Scalar> weight = random_tensor<Scalar>({s.blocks, s.block_rows, s.block_cols}, 301);
  return make_case(shape_name(s.blocks, s.block_rows, s.block_cols, s.rows, s.cols),
                   BlockDiagonal<Scalar, Block>(s, weight.data()),
                   {block_diagonal_factor(weight, s.rows, s.cols)}, {{"weight", weight}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_diagonal_cases() {
  const std::vector<BlockDiagonalShape> shapes = {BlockDiagonalShape::exact(1, 1, 1),
                                                  BlockDiagonalShape::exact(11, 1, 1),
                                                  BlockDiagonalShape::exact(1, 7, 5),
                                                  BlockDiagonalShape::exact(7, 5, 3),
                                                  BlockDiagonalShape::exact(3, 8, 8),
                                                  BlockDiagonalShape::exact(4, 16, 16),
                                                  BlockDiagonalShape::exact(2, 33, 17),
                                                  BlockDiagonalShape::exact(3, 1, 6),
                                                  BlockDiagonalShape::exact(3, 6, 1),
                                                  BlockDiagonalShape::exact(2, 70, 40),
                                                  BlockDiagonalShape::exact(1, 128, 64),
                                                  BlockDiagonalShape::exact(3, 90, 70),
                                                  BlockDiagonalShape::layer(18, 19, 5),
                                                  BlockDiagonalShape::layer(7, 7, 3),
                                                  BlockDiagonalShape::layer(1, 9, 3),
                                                  BlockDiagonalShape::layer(9, 1, 3),
                                                  BlockDiagonalShape::layer(2, 3, 8),
                                                  BlockDiagonalShape::layer(100, 61, 3),
                                                  {4, 5, 6, 9, 23},
                                                  {4, 5, 6, 20, 7},
                                                  {3, 4, 4, 0, 12},
                                                  {3, 4, 4, 12, 0}};
  std::vector<OperatorCase<Scalar>> cases;
  for (const BlockDiagonalShape& shape : shapes)
    cases.push_back(block_diagonal_case<Scalar>(shape));
  return cases;
}

/// Blocks whose size the type knows.
template <class Scalar>
std::vector<OperatorCase<Scalar>> static_block_diagonal_cases() {
  return {block_diagonal_case<Scalar, 8>(BlockDiagonalShape::exact(5, 8, 8)),
          block_diagonal_case<Scalar, 17>(BlockDiagonalShape::exact(2, 17, 17)),
          block_diagonal_case<Scalar, 32>({3, 32, 32, 70, 93})};
}

}  // namespace strum::test
