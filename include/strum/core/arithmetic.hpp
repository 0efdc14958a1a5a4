// Multiplications that come out the same in every loop, and the types to compute weights in.
#pragma once

#include <cmath>
#include <complex>
#include <concepts>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

template <class Scalar>
struct WiderType;
template <>
struct WiderType<float> {
  using Type = double;
};
template <>
struct WiderType<double> {
  using Type = long double;
};
template <class Real>
struct WiderType<std::complex<Real>> {
  using Type = std::complex<typename WiderType<Real>::Type>;
};

/// What weights that follow from others (normalised columns, solved blocks) are computed in before
/// they are rounded, once, to Scalar.
template <class Scalar>
using Wider = typename WiderType<Scalar>::Type;

/// a·b + c with one rounding where the compiler was told that the processor has such an
/// instruction, and with two where it has none. Left to the compiler, two loops that compute the
/// same value might differ in which they take.
template <std::floating_point Real>
[[nodiscard]] STRUM_ALWAYS_INLINE Real multiply_add(Real a, Real b, Real c) {
#if defined(__FMA__) || defined(__aarch64__) || defined(_M_ARM64)
  return std::fma(a, b, c);
#else
  return a * b + c;
#endif
}

template <std::floating_point Real>
[[nodiscard]] STRUM_ALWAYS_INLINE std::complex<Real> multiply_add(const std::complex<Real>& a,
                                                                  const std::complex<Real>& b,
                                                                  const std::complex<Real>& c) {
  const Real real = multiply_add(a.real(), b.real(), c.real());
  const Real imag = multiply_add(a.real(), b.imag(), c.imag());
  return {multiply_add(-a.imag(), b.imag(), real), multiply_add(a.imag(), b.real(), imag)};
}

template <std::floating_point Real>
[[nodiscard]] STRUM_ALWAYS_INLINE Real multiply(Real a, Real b) {
  return a * b;
}

template <std::floating_point Real>
[[nodiscard]] STRUM_ALWAYS_INLINE std::complex<Real> multiply(const std::complex<Real>& a,
                                                              const std::complex<Real>& b) {
  return multiply_add(a, b, std::complex<Real>());
}

}  // namespace strum::inline STRUM_ABI::detail
