// Operators by fast convolutions, entry by entry from their definitions. What they are held to is
// the norm of their filters: three transforms to a product with one, of the filter, of x and back.
#pragma once

#include <cmath>
#include <vector>

#include "strum/transforms/block_circulant.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/hankel.hpp"
#include "strum/transforms/toeplitz.hpp"
#include "strum/transforms/toeplitz_like.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// Of a transform of n numbers: 5·m·log₂ m (rounded up) for the m complex ones that real ones are
/// taken as pairs of, and 5·m to take those apart, or 3·m to turn them where nothing wraps.
template <class Scalar>
Index transform_operations(Index n, bool wraps) {
  const Index m = kIsComplex<Scalar> ? n : n / 2;
  Index log = 0;
  while ((Index{1} << log) < m) ++log;
  return 5 * m * log + (kIsComplex<Scalar> ? 0 : wraps ? 5 * m : 3 * m);
}

/// Reals of a spectrum; six operations for two of them.
template <class Scalar>
Index spectrum_reals(Index n) {
  return kIsComplex<Scalar> ? 2 * n : n;
}

/// The length at which at least that many numbers are convolved.
template <class Scalar>
Index convolution_length(Index at_least) {
  return CyclicConvolution<Scalar>::good_length(at_least);
}
/// The same where n itself will do.
template <class Scalar>
Index wrapped_length(Index n) {
  return convolution_length<Scalar>(n) == n ? n : convolution_length<Scalar>(2 * n - 1);
}

/// Whether n x n matrices with that corner are convolved at length n.
template <class Scalar>
bool wraps_whole(Index n, double corner) {
  return std::abs(corner) == 1 && convolution_length<Scalar>(n) == n;
}

template <class Scalar>
double norm1(const Scalar* values, Index count) {
  double sum = 0;
  for (Index i = 0; i < count; ++i) sum += std::abs(values[i]);
  return sum;
}

template <class Scalar>
DenseFactor dense_factor(Index rows, Index cols, const auto& entry) {
  DenseFactor factor(rows, cols);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < cols; ++j) factor.set(i, j, entry(i, j));
  return factor;
}

/// A case of a filter with this norm that is convolved at this length.
template <class Scalar>
OperatorCase<Scalar> convolution_case(OperatorCase<Scalar> c, Index length, double norm,
                                      Index parameters, bool wraps = false) {
  c.normwise = NormwiseBound{norm, 3 * std::log2(static_cast<double>(length))};
  c.parameter_count = parameters;
  c.flops = 2 * transform_operations<Scalar>(length, wraps) + 3 * spectrum_reals<Scalar>(length);
  return c;
}

template <class Scalar>
OperatorCase<Scalar> circulant_case(Index n) {
  using Op = Circulant<Scalar>;
  const auto column = random_tensor<Scalar>({n}, 2101);
  const auto factor =
      dense_factor<Scalar>(n, n, [&](Index i, Index j) { return column[((i - j) % n + n) % n]; });
  return convolution_case(
      make_case<Op, Scalar>(shape_name(n), Op(column), {factor}, {{"column", column}}),
      wrapped_length<Scalar>(n), 2 * norm1(column.data(), n), n, wrapped_length<Scalar>(n) == n);
}

template <class Scalar>
OperatorCase<Scalar> toeplitz_case(Index m, Index n) {
  using Op = Toeplitz<Scalar>;
  const auto column = random_tensor<Scalar>({m}, 2102), row = random_tensor<Scalar>({n}, 2103);
  const auto factor = dense_factor<Scalar>(
      m, n, [&](Index i, Index j) { return i >= j ? column[i - j] : row[j - i]; });
  auto c = convolution_case(make_case<Op, Scalar>(shape_name(m, n), Op(column, row), {factor},
                                                  {{"column", column}, {"row", row}}),
                            convolution_length<Scalar>(m + n - 1),
                            norm1(column.data(), m) + norm1(row.data() + 1, n - 1), m + n - 1);
  c.linear_in_parameters = false;  // row and column are side by side
  return c;
}

template <class Scalar>
OperatorCase<Scalar> hankel_case(Index m, Index n) {
  using Op = Hankel<Scalar>;
  const auto values = random_tensor<Scalar>({m + n - 1}, 2104);
  const auto factor = dense_factor<Scalar>(m, n, [&](Index i, Index j) { return values[i + j]; });
  return convolution_case(
      make_case<Op, Scalar>(shape_name(m, n), Op(m, values), {factor}, {{"values", values}}),
      convolution_length<Scalar>(m + n - 1), norm1(values.data(), m + n - 1), m + n - 1);
}

template <class Scalar>
OperatorCase<Scalar> block_circulant_case(Index p, Index q, Index b, Index divisor) {
  using Op = BlockCirculant<Scalar>;
  const auto w = random_tensor<Scalar>({p, q, b}, 2105);
  const auto factor = dense_factor<Scalar>(p * b, q * b, [&](Index i, Index j) {
    return scaled(1.0 / static_cast<double>(divisor), w(i / b, j / b, ((j - i) % b + b) % b));
  });
  auto c = make_case<Op, Scalar>(shape_name(p, q, b), Op(w, divisor), {factor}, {{"weight", w}});
  double squares = 0;
  for (Index i = 0; i < p * q; ++i)
    squares += std::pow(2 * norm1(w.data() + i * b, b) / static_cast<double>(divisor), 2);
  const Index n = wrapped_length<Scalar>(b);
  c = convolution_case(std::move(c), n, std::sqrt(squares), p * q * b);
  c.normwise->levels += static_cast<double>(p + q);
  c.flops = (p + q) * transform_operations<Scalar>(n, n == b) +
            3 * p * q * spectrum_reals<Scalar>(n) + p * (q - 1) * spectrum_reals<Scalar>(n);
  return c;
}

/// K(Z_f, v) side by side for every row v, and below each other for the other side.
template <class Scalar>
OperatorCase<Scalar> toeplitz_like_case(Index n, Index r, double f, double g) {
  using Op = ToeplitzLike<Scalar>;
  const auto u = random_tensor<Scalar>({r, n}, 2106), v = random_tensor<Scalar>({r, n}, 2107);
  const Tensor<Scalar> corners({2}, {Scalar(Real<Scalar>(f)), Scalar(Real<Scalar>(g))});
  const auto krylov = [n](const Tensor<Scalar>& side, const Scalar& corner, Index i, Index a,
                          Index j) {
    return a >= j ? side(i, a - j) : corner * side(i, n + a - j);
  };
  const auto left = dense_factor<Scalar>(
      n, r * n, [&](Index a, Index j) { return krylov(u, corners[0], j / n, a, j % n); });
  const auto right = dense_factor<Scalar>(
      r * n, n, [&](Index j, Index a) { return krylov(v, corners[1], j / n, a, j % n); });
  auto c = make_case<Op, Scalar>(shape_name(n, r, static_cast<Index>(100 * std::abs(f)),
                                            static_cast<Index>(100 * std::abs(g))),
                                 Op(u, v, corners[0], corners[1]), {right, left},
                                 {{"G", u}, {"H", v}, {"corners", corners}});
  double norm = 0;
  for (Index i = 0; i < r; ++i)
    norm += (1 + std::abs(f)) * norm1(u.data() + i * n, n) * (1 + std::abs(g)) *
            norm1(v.data() + i * n, n);
  c.flops = (r - 1) * spectrum_reals<Scalar>(
                          wraps_whole<Scalar>(n, f) ? n : convolution_length<Scalar>(2 * n - 1));
  double levels = static_cast<double>(r);
  for (const double corner : {f, g}) {
    const Index length = wraps_whole<Scalar>(n, corner) ? n : convolution_length<Scalar>(2 * n - 1);
    levels += 3 * std::log2(static_cast<double>(length));
    *c.flops += (r + 1) * transform_operations<Scalar>(length, corner == 1 && length == n) +
                3 * r * spectrum_reals<Scalar>(length);
  }
  c.normwise = NormwiseBound{norm, levels};
  c.parameter_count = 2 * r * n + 2;
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> circulant_cases() {
  return {circulant_case<Scalar>(1), circulant_case<Scalar>(8), circulant_case<Scalar>(13),
          circulant_case<Scalar>(100), circulant_case<Scalar>(128)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> toeplitz_cases() {
  return {toeplitz_case<Scalar>(1, 1), toeplitz_case<Scalar>(5, 12), toeplitz_case<Scalar>(33, 7),
          toeplitz_case<Scalar>(100, 60)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> hankel_cases() {
  return {hankel_case<Scalar>(1, 3), hankel_case<Scalar>(9, 4), hankel_case<Scalar>(7, 31),
          hankel_case<Scalar>(60, 100)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> block_circulant_cases() {
  return {block_circulant_case<Scalar>(3, 1, 1, 1), block_circulant_case<Scalar>(2, 3, 4, 12),
          block_circulant_case<Scalar>(3, 2, 5, 1), block_circulant_case<Scalar>(2, 4, 32, 128)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> toeplitz_like_cases() {
  return {toeplitz_like_case<Scalar>(1, 1, 1, -1), toeplitz_like_case<Scalar>(8, 2, 1, -1),
          toeplitz_like_case<Scalar>(7, 1, 0, 0), toeplitz_like_case<Scalar>(16, 3, -2.5, 1),
          toeplitz_like_case<Scalar>(50, 2, 0.25, -1)};
}

}  // namespace strum::test
