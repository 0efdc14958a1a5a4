// BlockShuffle: the Monarch of MonarchShape::layer().
#pragma once

#include <vector>

#include "cases/monarch.hpp"
#include "strum/ops/block_shuffle.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> block_shuffle_case(Index m, Index n, Index blocks) {
  const Index in = (n + blocks - 1) / blocks, out = (m + blocks - 1) / blocks;
  const Index q = std::min(in, out);
  const Tensor<Weight> w1 = random_tensor<Weight>({blocks, q, in}, 611);
  const Tensor<Weight> w2 = random_tensor<Weight>({blocks, out, q}, 612);
  return make_case<BlockShuffle<Scalar, Weight>, Weight>(
      shape_name(m, n, blocks), BlockShuffle<Scalar, Weight>(m, n, blocks, w1, w2),
      monarch_chain({blocks, q, in, blocks, out, q, m, n}, w1, w2),
      {{"blkdiag1", w1}, {"blkdiag2", w2}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_shuffle_cases() {
  return {block_shuffle_case<Scalar>(10, 7, 3), block_shuffle_case<Scalar>(7, 10, 3),
          block_shuffle_case<Scalar>(64, 64, 8), block_shuffle_case<Scalar>(150, 97, 5)};
}

}  // namespace strum::test
