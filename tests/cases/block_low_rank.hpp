// BlockLowRank: y[j·(m/k) + o] = (alpha/r)·Σ B[j, iρ + a, o]·A[i, c, jρ + a]·x[i·(n/k) + c].
#pragma once

#include <vector>

#include "cases/two_core_block_tensor_train.hpp"
#include "strum/ops/block_low_rank.hpp"

namespace strum::test {

/// k x k blocks of m x n, each of rank rho.
template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> block_low_rank_case(Index k, Index m, Index n, Index rho, double alpha) {
  using Op = BlockLowRank<Scalar, Weight>;
  const Index r = k * rho;
  const Tensor<Weight> a = random_tensor<Weight>({k, n, r}, 651);
  const Tensor<Weight> b = random_tensor<Weight>({k, r, m}, 652);
  return make_case<Op, Weight>(
      shape_name(k, m, n, rho), Op(alpha, a, b),
      two_core_chain({k, n, k, m, rho}, a, b, alpha / static_cast<double>(r)),
      {{"A", a}, {"B", b}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_low_rank_cases() {
  return {block_low_rank_case<Scalar>(1, 5, 3, 2, 2), block_low_rank_case<Scalar>(4, 7, 5, 2, 16),
          block_low_rank_case<Scalar>(3, 11, 50, 1, -0.1),
          block_low_rank_case<Scalar>(8, 8, 8, 2, 16)};
}

}  // namespace strum::test
