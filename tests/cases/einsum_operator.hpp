// EinsumOperator: z[f, d, r, g, b] = Σ_a A[f, d, r, g, a] · x[g, b, a],
// y[f, e, d] = Σ_{r, g, b} B[f, e, r, g, b] · z[f, d, r, g, b].
#pragma once

#include <vector>

#include "strum/ops/einsum_operator.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> einsum_case(const EinsumShape& s) {
  using Op = EinsumOperator<Scalar, Weight>;
  const Tensor<Weight> a = random_tensor<Weight>({s.phi, s.delta, s.rho, s.gamma, s.alpha}, 681);
  const Tensor<Weight> b = random_tensor<Weight>({s.phi, s.epsilon, s.rho, s.gamma, s.beta}, 682);
  const Index hidden = s.phi * s.delta * s.rho * s.gamma * s.beta;
  DenseFactor first(hidden, s.gamma * s.beta * s.alpha);
  DenseFactor second(s.phi * s.epsilon * s.delta, hidden);
  Index z = 0;
  for (Index f = 0; f < s.phi; ++f)
    for (Index d = 0; d < s.delta; ++d)
      for (Index r = 0; r < s.rho; ++r)
        for (Index g = 0; g < s.gamma; ++g)
          for (Index j = 0; j < s.beta; ++j, ++z) {
            for (Index i = 0; i < s.alpha; ++i)
              first.set(z, (g * s.beta + j) * s.alpha + i,
                        a[(((f * s.delta + d) * s.rho + r) * s.gamma + g) * s.alpha + i]);
            for (Index e = 0; e < s.epsilon; ++e)
              second.set((f * s.epsilon + e) * s.delta + d, z,
                         b[(((f * s.epsilon + e) * s.rho + r) * s.gamma + g) * s.beta + j]);
          }
  auto c =
      make_case<Op, Weight>(shape_name(s.alpha, s.beta, s.gamma, s.delta, s.epsilon, s.phi, s.rho),
                            Op(a, b), {first, second}, {{"A", a}, {"B", b}});
  c.parameter_count = a.size() + b.size();
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> einsum_cases() {
  return {einsum_case<Scalar>(
              {.alpha = 3, .beta = 2, .gamma = 5, .delta = 4, .epsilon = 7, .phi = 3, .rho = 2}),
          // a Kronecker product, more vectors than a tile has samples
          einsum_case<Scalar>(
              {.alpha = 2, .beta = 67, .gamma = 1, .delta = 5, .epsilon = 3, .phi = 1, .rho = 1}),
          // a BTT
          einsum_case<Scalar>(
              {.alpha = 5, .beta = 1, .gamma = 3, .delta = 1, .epsilon = 7, .phi = 4, .rho = 2}),
          einsum_case<Scalar>(
              {.alpha = 4, .beta = 8, .gamma = 2, .delta = 19, .epsilon = 2, .phi = 4, .rho = 1}),
          einsum_case<Scalar>(
              {.alpha = 3, .beta = 2, .gamma = 1, .delta = 2, .epsilon = 2, .phi = 3, .rho = 0})};
}

}  // namespace strum::test
