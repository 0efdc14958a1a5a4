// BlockDiagonal: y[g·out + j] = Σ_i weight[g, j, i] · x[g·in + i], cut to rows x cols.
#pragma once

#include <array>
#include <vector>

#include "strum/ops/block_diagonal.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Weight>
DenseFactor block_diagonal_factor(const Tensor<Weight>& weight, Index rows, Index cols) {
  const Index blocks = weight.shape()[0], out = weight.shape()[1], in = weight.shape()[2];
  DenseFactor factor(rows, cols);
  for (Index g = 0; g < blocks; ++g)
    for (Index j = 0; j < out; ++j)
      for (Index i = 0; i < in; ++i)
        if (g * out + j < rows && g * in + i < cols)
          factor.set(g * out + j, g * in + i, weight(g, j, i));
  return factor;
}

template <class Scalar, Index Block = Dynamic, class Weight = Scalar>
OperatorCase<Scalar> block_diagonal_case(const BlockDiagonalShape& s) {
  using Op = BlockDiagonal<Scalar, Block, Weight>;
  const Tensor<Weight> weight = random_tensor<Weight>({s.blocks, s.block_rows, s.block_cols}, 301);
  return make_case<Op, Weight>(
      shape_name(s.blocks, s.block_rows, s.block_cols, s.rows, s.cols), Op(s, weight.data()),
      {block_diagonal_factor(weight, s.rows, s.cols)}, {{"weight", weight}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_diagonal_cases() {
  std::vector<OperatorCase<Scalar>> cases;
  for (const auto& [blocks, out, in] :
       std::vector<std::array<Index, 3>>{{1, 1, 1},
                                         {11, 1, 1},
                                         {1, 7, 5},
                                         {7, 5, 3},
                                         {3, 8, 8},
                                         {4, 16, 16},
                                         {2, 33, 17},
                                         {3, 1, 6},
                                         {3, 6, 1},
                                         {2, 70, 40},
                                         {1, 128, 64},
                                         {3, 90, 70},
                                         // many small blocks, which share vectors
                                         {37, 2, 2},
                                         {29, 3, 2},
                                         {41, 1, 3},
                                         {23, 7, 2}})
    cases.push_back(block_diagonal_case<Scalar>(BlockDiagonalShape::exact(blocks, out, in)));
  for (const auto& [m, n, blocks] : std::vector<std::array<Index, 3>>{
           {18, 19, 5}, {7, 7, 3}, {1, 9, 3}, {9, 1, 3}, {2, 3, 8}, {100, 61, 3}})
    cases.push_back(block_diagonal_case<Scalar>(BlockDiagonalShape::layer(m, n, blocks)));
  // cuts within a block and of whole blocks, on either side
  for (const BlockDiagonalShape& shape : std::vector<BlockDiagonalShape>{{4, 5, 6, 9, 23},
                                                                         {4, 5, 6, 20, 7},
                                                                         {41, 2, 3, 75, 110},
                                                                         {21, 4, 4, 70, 84},
                                                                         {21, 4, 4, 84, 50},
                                                                         {3, 4, 4, 0, 12},
                                                                         {3, 4, 4, 12, 0}})
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
