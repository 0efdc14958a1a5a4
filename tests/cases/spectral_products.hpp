// Operators that are products of diagonals, permutations and fast transforms, factor by factor.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <vector>

#include "strum/transforms/acdc.hpp"
#include "strum/transforms/fastfood.hpp"
#include "strum/transforms/spectral_sparse.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
double largest(const Tensor<Scalar>& values) {
  double most = 0;
  for (Index i = 0; i < values.size(); ++i)
    most = std::max(most, static_cast<double>(std::abs(values[i])));
  return most;
}

/// log₂ n, and for lengths that take Bluestein's way through a longer transform what that takes.
inline double levels_of(Index n) { return 2 + 4 * std::log2(static_cast<double>(4 * n)); }

template <class Scalar>
DenseFactor diagonal_factor(const Scalar* values, Index n) {
  DenseFactor factor(n, n);
  for (Index i = 0; i < n; ++i) factor.set(i, i, values[i]);
  return factor;
}

/// C_kj = √(2/n)·cos(π(2j + 1)k/2n), of k = 0 over √2.
inline DenseFactor cosine_factor(Index n) {
  DenseFactor factor(n, n);
  const long double pi = std::acos(-1.0L), size = static_cast<long double>(n);
  for (Index k = 0; k < n; ++k)
    for (Index j = 0; j < n; ++j)
      factor(k, j) = static_cast<double>(
          std::sqrt((k == 0 ? 1 : 2) / size) *
          std::cos(pi * static_cast<long double>((2 * j + 1) * k % (4 * n)) / (2 * size)));
  return factor;
}

template <class Scalar>
OperatorCase<Scalar> acdc_case(Index n) {
  using Op = Acdc<Scalar>;
  const auto d1 = random_tensor<Scalar>({n}, 2201), d2 = random_tensor<Scalar>({n}, 2202);
  const Op op(d1, d2);
  auto c = make_case<Op, Scalar>(shape_name(n), op,
                                 {cosine_factor(n), diagonal_factor(d1.data(), n),
                                  cosine_factor(n).transposed(), diagonal_factor(d2.data(), n)},
                                 {{"d1", d1}, {"d2", d2}});
  c.normwise = NormwiseBound{largest(d1) * largest(d2), 2 * levels_of(n)};
  c.parameter_count = 2 * n;
  c.flops = 2 * Cosine<Scalar>(2, n).flops() + (kIsComplex<Scalar> ? 12 : 2) * n;
  return c;
}

/// Stacks side by side in every factor: D1 below each other, then blocks, cut at the end.
template <class Scalar>
OperatorCase<Scalar> fastfood_case(Index rows, Index cols, Index stacks, Index n) {
  using Op = Fastfood<Scalar>;
  const auto b = random_tensor<Scalar>({stacks, n}, 2203),
             g = random_tensor<Scalar>({stacks, n}, 2204),
             s = random_tensor<Scalar>({stacks, n}, 2205);
  const Index all = stacks * n;
  std::vector<Index> permutation;
  DenseFactor first(all, cols), h(all, all), p(all, all), last(rows, all);
  for (Index k = 0; k < stacks; ++k) {
    std::vector<Index> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), Index{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(static_cast<unsigned>(k)));
    permutation.insert(permutation.end(), order.begin(), order.end());
    for (Index i = 0; i < n; ++i) {
      if (i < cols) first.set(k * n + i, i, b(k, i));
      p(k * n + i, k * n + order[static_cast<std::size_t>(i)]) = 1;
      if (k * n + i < rows) last.set(k * n + i, k * n + i, s(k, i));
      for (Index j = 0; j < n; ++j)
        h(k * n + i, k * n + j) =
            std::popcount(static_cast<std::size_t>(i & j)) % 2 == 0 ? 1.0 : -1.0;
    }
  }
  auto c = make_case<Op, Scalar>(
      shape_name(rows, cols, stacks, n), Op(rows, cols, b, g, s, permutation),
      {first, h, p, diagonal_factor(g.data(), all), h, last}, {{"B", b}, {"G", g}, {"S", s}});
  const double levels = std::log2(static_cast<double>(n));
  const double norm = static_cast<double>(n) * largest(b) * largest(g) * largest(s) *
                      std::sqrt(static_cast<double>(stacks));
  c.normwise = NormwiseBound{norm, 2 * levels + 3 + static_cast<double>(stacks)};
  c.parameter_count = 3 * all;
  c.flops = all * (static_cast<Index>(2 * levels) * (kIsComplex<Scalar> ? 2 : 1) +
                   (kIsComplex<Scalar> ? 18 : 3));
  return c;
}

/// `count` entries, every other column and some row of it.
template <class Scalar>
OperatorCase<Scalar> spectral_sparse_case(Index m, Index n, Index count, Index scale) {
  using Op = SpectralSparse<Scalar>;
  const auto values = random_tensor<Scalar>({count}, 2206);
  std::vector<Index> rows, cols;
  for (Index k = 0; k < count; ++k) {
    const Index at = k * (m * n / count);
    rows.push_back(at / n);
    cols.push_back(at % n);
  }
  const long double pi = std::acos(-1.0L);
  DenseFactor factor(m, n);
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < n; ++j) {
      std::complex<long double> sum = 0;
      for (Index k = 0; k < count; ++k) {
        const auto at = static_cast<std::size_t>(k);
        const Index turns = (rows[at] * i * n + cols[at] * j * m) % (m * n);
        sum += std::complex<long double>(values[k]) *
               std::polar(1.0L, 2 * pi * static_cast<long double>(turns) /
                                    static_cast<long double>(m * n));
      }
      sum *= static_cast<long double>(scale) / static_cast<long double>(m * n);
      if constexpr (kIsComplex<Scalar>)
        factor.set(i, j, std::complex<double>(sum));
      else
        factor.set(i, j, static_cast<double>(sum.real()));
    }
  auto c = make_case<Op, Scalar>(shape_name(m, n, count), Op(m, n, rows, cols, values, scale),
                                 {factor}, {{"values", values}});
  double norm = 0;
  for (Index k = 0; k < count; ++k) norm += std::abs(values[k]);
  norm *= static_cast<double>(scale) / static_cast<double>(m * n) *
          std::sqrt(static_cast<double>(std::max(m, n)));
  c.normwise = NormwiseBound{norm, levels_of(m) + levels_of(n)};
  c.parameter_count = count;
  const auto fft = [](Index length) {
    const Index all =
        std::llround(5 * static_cast<double>(length) * std::log2(static_cast<double>(length)));
    return all;
  };
  c.flops = kIsComplex<Scalar> ? fft(m) + fft(n) + 8 * count : (fft(m) + fft(n)) / 2 + 4 * count;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> acdc_cases() {
  return {acdc_case<Scalar>(1), acdc_case<Scalar>(7), acdc_case<Scalar>(16),
          acdc_case<Scalar>(150)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> fastfood_cases() {
  return {fastfood_case<Scalar>(1, 1, 1, 1), fastfood_case<Scalar>(8, 5, 1, 8),
          fastfood_case<Scalar>(37, 16, 3, 16), fastfood_case<Scalar>(100, 60, 2, 64)};
}
template <class Scalar>
std::vector<OperatorCase<Scalar>> spectral_sparse_cases() {
  return {spectral_sparse_case<Scalar>(1, 1, 1, 1), spectral_sparse_case<Scalar>(8, 6, 5, 1),
          spectral_sparse_case<Scalar>(15, 7, 20, 300),
          spectral_sparse_case<Scalar>(64, 100, 200, 10)};
}

}  // namespace strum::test
