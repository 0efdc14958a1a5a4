// LowRank: U·V.
#pragma once

#include <vector>

#include "strum/ops/low_rank.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Weight>
DenseFactor matrix_factor(const Tensor<Weight>& w) {
  DenseFactor factor(w.shape()[0], w.shape()[1]);
  for (Index i = 0; i < factor.rows(); ++i)
    for (Index j = 0; j < factor.cols(); ++j) factor.set(i, j, w(i, j));
  return factor;
}

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> low_rank_case(Index m, Index r, Index n) {
  using Op = LowRank<Scalar, Weight>;
  const Tensor<Weight> v = random_tensor<Weight>({r, n}, 201);
  const Tensor<Weight> u = random_tensor<Weight>({m, r}, 202);
  // Not Tensor::matrix(): a vector of length 1 would come out the other way round.
  const Op op(MatrixView<const Weight>(u.data(), m, r, r, 1),
              MatrixView<const Weight>(v.data(), r, n, n, 1));
  return make_case<Op, Weight>(shape_name(m, r, n), op, {matrix_factor(v), matrix_factor(u)},
                               {{"lr1", v}, {"lr2", u}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> low_rank_cases() {
  return {low_rank_case<Scalar>(1, 1, 1),    low_rank_case<Scalar>(13, 3, 11),
          low_rank_case<Scalar>(1, 2, 17),   low_rank_case<Scalar>(17, 2, 1),
          low_rank_case<Scalar>(5, 9, 4),    low_rank_case<Scalar>(31, 16, 64),
          low_rank_case<Scalar>(67, 33, 65), low_rank_case<Scalar>(129, 1, 130),
          low_rank_case<Scalar>(6, 0, 5)};
}

}  // namespace strum::test
