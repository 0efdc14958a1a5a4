// Blast: y_i = U_i · Σ_j s_ij ⊙ V_j·x_j.
#pragma once

#include <vector>

#include "cases/block_diagonal.hpp"
#include "strum/ops/blast.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// b1 x b2 blocks of m x n, each of rank r.
template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> blast_case(Index b1, Index b2, Index m, Index n, Index r) {
  using Op = Blast<Scalar, Weight>;
  const Tensor<Weight> b = random_tensor<Weight>({b1, m, r}, 661);
  const Tensor<Weight> c = random_tensor<Weight>({b2, r, n}, 662);
  const Tensor<Weight> d = random_tensor<Weight>({b1, b2, r}, 663);
  DenseFactor middle(b1 * r, b2 * r);
  for (Index i = 0; i < b1; ++i)
    for (Index j = 0; j < b2; ++j)
      for (Index a = 0; a < r; ++a) middle.set(i * r + a, j * r + a, d(i, j, a));
  return make_case<Op, Weight>(
      shape_name(b1, b2, m, n, r), Op(b, c, d),
      {block_diagonal_factor(c, b2 * r, b2 * n), middle, block_diagonal_factor(b, b1 * m, b1 * r)},
      {{"C", c}, {"D", d}, {"B", b}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> blast_cases() {
  return {blast_case<Scalar>(1, 1, 3, 4, 2), blast_case<Scalar>(2, 3, 7, 5, 4),
          blast_case<Scalar>(4, 4, 16, 16, 8), blast_case<Scalar>(3, 2, 41, 80, 19)};
}

}  // namespace strum::test
