// Diagonal: y[i] = diagonal[i] · x[i].
#pragma once

#include <vector>

#include "strum/ops/diagonal.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> diagonal_case(Index n) {
  const Tensor<Weight> w = random_tensor<Weight>({n}, 671);
  DenseFactor factor(n, n);
  for (Index i = 0; i < n; ++i) factor.set(i, i, w[i]);
  return make_case<Diagonal<Scalar, Weight>, Weight>(shape_name(n), Diagonal<Scalar, Weight>(w),
                                                     {factor}, {{"diagonal", w}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> diagonal_cases() {
  return {diagonal_case<Scalar>(1), diagonal_case<Scalar>(7), diagonal_case<Scalar>(64),
          diagonal_case<Scalar>(157)};
}

}  // namespace strum::test
