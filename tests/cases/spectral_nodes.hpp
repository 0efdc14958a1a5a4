// Matrices of powers and of quotients, entry by entry. They are sums of products like any dense
// matrix, and held to the same bound, component by component.
#pragma once

#include <cmath>
#include <complex>
#include <vector>

#include "strum/transforms/cauchy_like.hpp"
#include "strum/transforms/vandermonde.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// Numbers about the unit circle, or 1 and −1: powers neither overflow nor vanish.
template <class Scalar>
Tensor<Scalar> random_nodes(Index count, std::uint32_t seed) {
  Tensor<Scalar> nodes = random_tensor<Scalar>({count}, seed);
  for (Index i = 0; i < count; ++i) {
    const double size = static_cast<double>(std::abs(nodes[i]));
    nodes[i] *= static_cast<Real<Scalar>>((0.97 + 0.02 * size) / size);
  }
  return nodes;
}

template <class Scalar>
OperatorCase<Scalar> vandermonde_case(Index m, Index n) {
  using Op = Vandermonde<Scalar>;
  const Tensor<Scalar> nodes = random_nodes<Scalar>(m, 2401);
  DenseFactor factor(m, n);
  for (Index i = 0; i < m; ++i) {
    Exact<Scalar> power = 1;
    for (Index j = 0; j < n; ++j, power *= exact(nodes[i])) {
      if constexpr (kIsComplex<Scalar>)
        factor.set(i, j, std::complex<double>(power));
      else
        factor.set(i, j, static_cast<double>(power));
    }
  }
  auto c = make_case<Op, Scalar>(shape_name(m, n), Op(nodes, n), {factor}, {{"nodes", nodes}});
  c.parameter_count = m;
  c.flops = kMultiplyAddFlops<Scalar> * m * (n + (n + 7) / 8);
  c.linear_in_parameters = false;
  return c;
}

/// Diagonals of b below each other, 1/(x_i − y_j) for each of them, diagonals of a side by side.
template <class Scalar>
OperatorCase<Scalar> cauchy_like_case(Index m, Index n, Index r) {
  using Op = CauchyLike<Scalar>;
  const auto a = random_tensor<Scalar>({r, m}, 2402), b = random_tensor<Scalar>({r, n}, 2403),
             x = random_tensor<Scalar>({m}, 2404), y = random_tensor<Scalar>({n}, 2405);
  DenseFactor first(r * n, n), middle(r * m, r * n), last(m, r * m);
  for (Index k = 0; k < r; ++k) {
    for (Index j = 0; j < n; ++j) first.set(k * n + j, j, b(k, j));
    for (Index i = 0; i < m; ++i) last.set(i, k * m + i, a(k, i));
    for (Index i = 0; i < m; ++i)
      for (Index j = 0; j < n; ++j) {
        const Exact<Scalar> quotient = Exact<Scalar>(1) / (exact(x[i]) - exact(y[j]));
        if constexpr (kIsComplex<Scalar>)
          middle.set(k * m + i, k * n + j, std::complex<double>(quotient));
        else
          middle.set(k * m + i, k * n + j, static_cast<double>(quotient));
      }
  }
  auto c = make_case<Op, Scalar>(shape_name(m, n, r), Op(a, b, x, y), {first, middle, last},
                                 {{"a", a}, {"b", b}, {"x", x}, {"y", y}});
  c.parameter_count = (r + 1) * (m + n);
  c.flops = m * n * (r * kMultiplyAddFlops<Scalar> + (kIsComplex<Scalar> ? 12 : 3));
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> vandermonde_cases() {
  return {vandermonde_case<Scalar>(1, 2), vandermonde_case<Scalar>(5, 12),
          vandermonde_case<Scalar>(37, 19), vandermonde_case<Scalar>(3, 600)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> cauchy_like_cases() {
  return {cauchy_like_case<Scalar>(1, 1, 1), cauchy_like_case<Scalar>(19, 6, 2),
          cauchy_like_case<Scalar>(8, 33, 3), cauchy_like_case<Scalar>(64, 40, 1)};
}

}  // namespace strum::test
