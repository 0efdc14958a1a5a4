// Householder: H_1·…·H_r = I − Σ_j w_j·u_jᴴ, w_j = 2·H_1·…·H_{j−1}·u_j, one reflection at a time.
#pragma once

#include <cmath>
#include <vector>

#include "strum/ops/householder.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
OperatorCase<Scalar> householder_case(Index n, Index r) {
  using Op = Householder<Scalar>;
  const Tensor<Scalar> weight = random_tensor<Scalar>({n, r}, 801);
  using Number = Exact<Scalar>;
  std::vector<std::vector<Number>> u;
  DenseFactor first(n + r, n), second(n, n + r);
  for (Index i = 0; i < n; ++i) first(i, i) = second(i, i) = 1;
  for (Index j = 0; j < r; ++j) {
    std::vector<Number> column;
    long double norm = 0;
    for (Index i = 0; i < n; ++i) {
      column.push_back(exact(weight(i, j)));
      norm += std::norm(column.back());
    }
    for (Number& entry : column) entry /= std::sqrt(norm);
    u.push_back(column);
    for (std::size_t k = u.size() - 1; k-- > 0;) {
      Number dot = 0;
      for (std::size_t i = 0; i < column.size(); ++i)
        dot += Eigen::numext::conj(u[k][i]) * column[i];
      for (std::size_t i = 0; i < column.size(); ++i) column[i] -= Number(2) * dot * u[k][i];
    }
    for (Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(i);
      first.set(n + j, i, Scalar(Eigen::numext::conj(u.back()[at])));
      second.set(i, n + j, Scalar(Number(-2) * column[at]));
    }
  }
  auto c =
      make_case<Op, Scalar>(shape_name(n, r), Op(weight), {first, second}, {{"weight", weight}});
  c.parameter_count = n * r;
  c.flops = kMultiplyAddFlops<Scalar> * 2 * n * r;
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> householder_cases() {
  return {householder_case<Scalar>(2, 1), householder_case<Scalar>(13, 4),
          householder_case<Scalar>(5, 9), householder_case<Scalar>(37, 17),
          householder_case<Scalar>(160, 8)};
}

}  // namespace strum::test
