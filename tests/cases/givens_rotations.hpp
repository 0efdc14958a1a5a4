// GivensRotations: y_t = f_t·x_t − s_t·x_t', y_t' = s_t'·x_t + f_t'·x_t', t' = t + g/2 in a group.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "strum/ops/givens_rotations.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
OperatorCase<Scalar> givens_case(Index n, Index g, RoadVariant variant) {
  using Op = GivensRotations<Scalar>;
  const auto number = static_cast<Index>(variant);
  const Tensor<Scalar> theta = random_tensor<Scalar>({n * number / 2}, 811);
  const Tensor<Scalar> alpha = random_tensor<Scalar>({n * number / 2}, 812);
  const auto f = [&](Index i) { return exact(alpha[i]) * std::cos(exact(theta[i])); };
  const auto s = [&](Index i) { return exact(alpha[i]) * std::sin(exact(theta[i])); };
  DenseFactor factor(n, n);
  for (Index i = 0; i < n; ++i) {
    const Index group = i / g, t = i % g, half = g / 2, base = group * g;
    Index at_f = i, at_s = i;
    if (variant == RoadVariant::road_1) at_f = at_s = group * half + t % half;
    if (variant == RoadVariant::road_4) {
      at_f = group * 2 * g + t;
      at_s = at_f + g;
    }
    factor.set(i, i, Scalar(f(at_f)));
    factor.set(i, base + (t + half) % g, Scalar(t < half ? -s(at_s) : s(at_s)));
  }
  auto c = make_case<Op, Scalar>(shape_name(n, g) + "_road_" + std::to_string(number),
                                 Op(theta, alpha, g, variant), {factor},
                                 {{"road_theta", theta}, {"road_alpha", alpha}});
  c.parameter_count = 2 * theta.size();
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> givens_cases() {
  return {givens_case<Scalar>(2, 2, RoadVariant::road_1),
          givens_case<Scalar>(30, 6, RoadVariant::road_1),
          givens_case<Scalar>(42, 14, RoadVariant::road_2),
          givens_case<Scalar>(192, 64, RoadVariant::road_4)};
}

}  // namespace strum::test
