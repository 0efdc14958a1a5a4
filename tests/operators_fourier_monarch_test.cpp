// The discrete Fourier transform of composite length n = k·p is a Monarch in closed form: input
// taken with stride k,
//
//     w1[i,a,j] = ω^{k·a·j}·ω^{i·a}   (k, p, p),   w2[a,b,i] = ω^{p·i·b}   (p, k, k),   ω =
//     e^{−2πi/n}.
#include <cmath>
#include <complex>
#include <vector>

#include <gtest/gtest.h>

#include "strum/ops/monarch.hpp"
#include "suite/random.hpp"

namespace strum::test {
namespace {

using Complex = std::complex<double>;
using WideComplex = std::complex<long double>;

/// ω^0, ω^1, ... ω^{n−1}.
std::vector<WideComplex> roots_of_unity(Index n) {
  std::vector<WideComplex> roots;
  for (Index i = 0; i < n; ++i)
    roots.push_back(std::polar(
        1.0L, -2 * std::acos(-1.0L) * static_cast<long double>(i) / static_cast<long double>(n)));
  return roots;
}

Monarch<Complex> fourier_monarch(Index k, Index p, const std::vector<WideComplex>& roots) {
  const Index n = k * p;
  const auto power = [&](Index exponent) {
    return static_cast<Complex>(roots[static_cast<std::size_t>(exponent % n)]);
  };
  Tensor<Complex> w1({k, p, p}), w2({p, k, k});
  for (Index i = 0; i < k; ++i)
    for (Index a = 0; a < p; ++a)
      for (Index j = 0; j < p; ++j) w1(i, a, j) = power(k * a * j + i * a);
  for (Index a = 0; a < p; ++a)
    for (Index b = 0; b < k; ++b)
      for (Index i = 0; i < k; ++i) w2(a, b, i) = power(p * i * b);
  return {MonarchShape::exact(k, p, p, p, k, k, MonarchInput::strided), w1, w2};
}

/// The smallest factor that is at least √n, or n for a prime.
Index factor_of(Index n) {
  Index k = 1;
  while (k * k < n || n % k != 0) ++k;
  return k;
}

TEST(FourierMonarch, EveryCompositeLength) {
  for (Index n = 4; n <= 512; ++n) {
    const Index k = factor_of(n);
    if (k == n) continue;
    const std::vector<WideComplex> roots = roots_of_unity(n);
    const auto op = fourier_monarch(k, n / k, roots);
    const auto x = random_samples<Complex>(n, 1, 71);
    Samples<Complex> y(n, 1), back(n, 1);
    op.apply(x.view(), y.view());
    for (Index b = 0; b < n; ++b) {
      WideComplex sum = 0;
      for (Index j = 0; j < n; ++j) {
        const WideComplex w = roots[static_cast<std::size_t>(j * b % n)], v = x(j, 0);
        sum += WideComplex(w.real() * v.real() - w.imag() * v.imag(),
                           w.real() * v.imag() + w.imag() * v.real());
      }
      ASSERT_LE(std::abs(static_cast<WideComplex>(y(b, 0)) - sum), 1e-12L) << n << ", y " << b;
    }
    // FᴴF = n·I.
    op.apply_adjoint(Complex(1 / static_cast<double>(n)), y.view(), Complex(0), back.view());
    for (Index j = 0; j < n; ++j)
      ASSERT_LE(std::abs(back(j, 0) - x(j, 0)), 1e-12) << n << ", x " << j;
  }
}

}  // namespace
}  // namespace strum::test
