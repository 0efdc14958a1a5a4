// BlockDense: y = U·h, h[g·(r/nb) + j] = Σ_i blkdiag[g, j, i] · x[g·(n/nb) + i].
#pragma once

#include <vector>

#include "cases/block_diagonal.hpp"
#include "cases/low_rank.hpp"
#include "strum/ops/block_dense.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// m rows, blocks of (r/nb) x (n/nb).
template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> block_dense_case(Index m, Index blocks, Index block_rows, Index block_cols) {
  const Tensor<Weight> w = random_tensor<Weight>({blocks, block_rows, block_cols}, 601);
  const Tensor<Weight> u = random_tensor<Weight>({m, blocks * block_rows}, 602);
  return make_case<BlockDense<Scalar, Weight>, Weight>(
      shape_name(m, blocks, block_rows, block_cols), BlockDense<Scalar, Weight>(w, u),
      {block_diagonal_factor(w, blocks * block_rows, blocks * block_cols), matrix_factor(u)},
      {{"blkdiag", w}, {"lr", u}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_dense_cases() {
  return {block_dense_case<Scalar>(1, 1, 1, 1), block_dense_case<Scalar>(13, 3, 5, 7),
          block_dense_case<Scalar>(33, 11, 2, 3), block_dense_case<Scalar>(150, 4, 17, 33)};
}

}  // namespace strum::test
