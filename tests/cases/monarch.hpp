// Monarch: y[σ·l + λ] = Σ_ρ w2[λ,σ,ρ] · h[ρ·l + λ], h[κ·q + j] = Σ_i w1[κ,j,i] · x[κ·p + i], or of
// x[κ + k·i]; entries of x and y beyond cols and rows do not exist.
#pragma once

#include <string>
#include <vector>

#include "strum/ops/monarch.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Weight>
DenseChain monarch_chain(const MonarchShape& s, const Tensor<Weight>& w1,
                         const Tensor<Weight>& w2) {
  DenseFactor first(s.k * s.q, s.cols), second(s.rows, s.l * s.r);
  for (Index kappa = 0; kappa < s.k; ++kappa)
    for (Index j = 0; j < s.q; ++j)
      for (Index i = 0; i < s.p; ++i) {
        const Index input = s.input == MonarchInput::strided ? kappa + s.k * i : kappa * s.p + i;
        if (input < s.cols) first.set(kappa * s.q + j, input, w1(kappa, j, i));
      }
  for (Index lambda = 0; lambda < s.l; ++lambda)
    for (Index sigma = 0; sigma < s.s; ++sigma)
      for (Index rho = 0; rho < s.r; ++rho) {
        const Index output = sigma * s.l + lambda;
        if (output < s.rows) second.set(output, rho * s.l + lambda, w2(lambda, sigma, rho));
      }
  return {first, second};
}

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> monarch_case(const MonarchShape& s) {
  using Op = Monarch<Scalar, Weight>;
  const Tensor<Weight> w1 = random_tensor<Weight>({s.k, s.q, s.p}, 501);
  const Tensor<Weight> w2 = random_tensor<Weight>({s.l, s.s, s.r}, 502);
  std::string name = shape_name(s.k, s.q, s.p, s.l, s.s, s.r, s.rows, s.cols);
  if (s.input == MonarchInput::strided) name += "_strided";
  return make_case<Op, Weight>(name, Op(s, w1, w2), monarch_chain(s, w1, w2),
                               {{"blkdiag1", w1}, {"blkdiag2", w2}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> monarch_cases() {
  constexpr MonarchInput kStrided = MonarchInput::strided;
  const std::vector<MonarchShape> shapes = {
      MonarchShape::square(1),
      MonarchShape::square(16),
      MonarchShape::square(64),
      MonarchShape::square(256),
      MonarchShape::exact(4, 6, 5, 3, 7, 8),
      MonarchShape::exact(3, 5, 7, 5, 2, 3),
      MonarchShape::exact(2, 17, 9, 34, 3, 1),
      MonarchShape::exact(1, 6, 11, 6, 5, 1),
      MonarchShape::exact(6, 5, 2, 1, 9, 30),
      MonarchShape::exact(3, 11, 4, 33, 2, 1, kStrided),
      MonarchShape::exact(4, 6, 5, 3, 7, 8, kStrided),
      MonarchShape::exact(19, 2, 3, 19, 3, 2, kStrided),
      // padding that cuts blocks, rows of lanes, and whole blocks away
      {4, 6, 5, 3, 7, 8, 19, 17},
      {4, 6, 5, 3, 7, 8, 20, 18, kStrided},
      {3, 20, 7, 20, 3, 3, 47, 16},
      {3, 20, 7, 20, 3, 3, 41, 20, kStrided},
      {17, 3, 2, 17, 2, 3, 33, 19, kStrided},
      {17, 3, 2, 17, 2, 3, 5, 3, kStrided},
      // the transpose sums 512 or 513 terms, in one piece or two, in lanes of the same vector
      {2, 13, 3, 13, 513, 2, 13 * 512 + 5, 6},
      {4, 3, 4, 6, 5, 2, 1, 1},
      {4, 3, 4, 6, 5, 2, 1, 1, kStrided}};
  std::vector<OperatorCase<Scalar>> cases;
  for (const MonarchShape& shape : shapes) cases.push_back(monarch_case<Scalar>(shape));
  return cases;
}

/// The "n_blocks" convention of published layers, and the shapes of the fit.
template <class Scalar>
std::vector<OperatorCase<Scalar>> monarch_layer_cases() {
  return {monarch_case<Scalar>(MonarchShape::layer(10, 7, 3)),
          monarch_case<Scalar>(MonarchShape::layer(7, 10, 3)),
          monarch_case<Scalar>(MonarchShape::layer(1, 9, 4)),
          monarch_case<Scalar>(MonarchShape::layer(9, 1, 4)),
          monarch_case<Scalar>(MonarchShape::layer(5, 5, 1)),
          monarch_case<Scalar>(MonarchShape::layer(3, 4, 7)),
          monarch_case<Scalar>(MonarchShape::layer(33, 65, 8)),
          monarch_case<Scalar>(MonarchShape::layer(130, 61, 16)),
          monarch_case<Scalar>(MonarchShape::of_rank(29, 23, 4, 3, 2)),
          monarch_case<Scalar>(MonarchShape::of_rank(258, 256, 16, 16, 4, MonarchInput::strided))};
}

}  // namespace strum::test
