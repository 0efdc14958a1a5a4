// Dense: W as it is.
#pragma once

#include <vector>

#include "strum/ops/dense.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> dense_case(Index m, Index n) {
  const Tensor<Weight> w = random_tensor<Weight>({m, n}, 101);
  DenseFactor factor(m, n);
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < n; ++j) factor.set(i, j, w(i, j));
  const MatrixView<const Weight> rows_first(w.data(), m, n, n, 1);
  return make_case<Dense<Scalar, Weight>, Weight>(
      shape_name(m, n), Dense<Scalar, Weight>(rows_first), {factor}, {{"weight", w}});
}

/// Rows of more than 512 are summed in pieces, the last piece of 520 and 528 as long as a vector.
template <class Scalar>
std::vector<OperatorCase<Scalar>> dense_cases() {
  std::vector<OperatorCase<Scalar>> cases;
  for (const auto& [m, n] : std::vector<std::pair<Index, Index>>{
           {1, 1},   {1, 2},    {2, 1},    {1, 37},   {37, 1},  {3, 5},    {7, 11},
           {16, 16}, {17, 33},  {31, 8},   {67, 13},  {5, 131}, {128, 64}, {150, 70},
           {257, 9}, {3, 1100}, {40, 520}, {72, 528}, {0, 4},   {4, 0}})
    cases.push_back(dense_case<Scalar>(m, n));
  return cases;
}

}  // namespace strum::test
