// TwoCoreBlockTensorTrain:
//     y[o0·n1 + o1] = Σ_{i1, a} W2[o0, i1·ρ + a, o1] · Σ_{i0} W1[i1, i0, o0·ρ + a] · x[i1·m0 + i0].
#pragma once

#include <vector>

#include "strum/ops/two_core_block_tensor_train.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// With the hidden vector in the order (o0, i1, a), which is not the operator's; `scale` is in
/// front of the second factor.
template <class Weight>
DenseChain two_core_chain(const TwoCoreShape& s, const Tensor<Weight>& w1, const Tensor<Weight>& w2,
                          double scale = 1) {
  DenseFactor first(s.n0 * s.m1 * s.rank, s.m1 * s.m0), second(s.n0 * s.n1, first.rows());
  for (Index o0 = 0; o0 < s.n0; ++o0)
    for (Index i1 = 0; i1 < s.m1; ++i1)
      for (Index a = 0; a < s.rank; ++a) {
        const Index hidden = (o0 * s.m1 + i1) * s.rank + a;
        for (Index i0 = 0; i0 < s.m0; ++i0)
          first.set(hidden, i1 * s.m0 + i0, w1(i1, i0, o0 * s.rank + a));
        for (Index o1 = 0; o1 < s.n1; ++o1)
          second.set(o0 * s.n1 + o1, hidden, scaled(scale, w2(o0, i1 * s.rank + a, o1)));
      }
  return {first, second};
}

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> two_core_case(const TwoCoreShape& s) {
  using Op = TwoCoreBlockTensorTrain<Scalar, Weight>;
  const Tensor<Weight> w1 = random_tensor<Weight>({s.m1, s.m0, s.n0 * s.rank}, 641);
  const Tensor<Weight> w2 = random_tensor<Weight>({s.n0, s.m1 * s.rank, s.n1}, 642);
  return make_case<Op, Weight>(shape_name(s.m1, s.m0, s.n0, s.n1, s.rank), Op(w1, w2),
                               two_core_chain(s, w1, w2), {{"W1", w1}, {"W2", w2}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> two_core_cases() {
  return {two_core_case<Scalar>({1, 1, 1, 1, 1}), two_core_case<Scalar>({3, 5, 4, 7, 2}),
          two_core_case<Scalar>({8, 8, 8, 8, 1}), two_core_case<Scalar>({2, 9, 17, 2, 3}),
          two_core_case<Scalar>({12, 13, 9, 17, 2})};
}

}  // namespace strum::test
