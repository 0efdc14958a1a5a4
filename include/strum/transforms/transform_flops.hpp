// What fast transforms cost, by the usual count.
#pragma once

#include <cmath>

#include "strum/core/scalar.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Real operations of a transform of n numbers: 5·n·log₂ n of complex ones, half of it of real
/// ones.
template <class Scalar>
[[nodiscard]] Index transform_flops(Index n) {
  const double all =
      (kIsComplex<Scalar> ? 5.0 : 2.5) * static_cast<double>(n) * std::log2(static_cast<double>(n));
  return static_cast<Index>(all);
}

/// Of a product of their spectra: n complex products, of real ones n/2, added up or not.
template <class Scalar>
[[nodiscard]] constexpr Index spectrum_flops(Index n, bool add = false) {
  const Index each = add ? 8 : 6;
  return kIsComplex<Scalar> ? each * n : each * n / 2;
}

/// Of a convolution with a filter whose spectrum is there: to and fro, and the product.
template <class Scalar>
[[nodiscard]] Index convolution_flops(Index n) {
  return 2 * transform_flops<Scalar>(n) + spectrum_flops<Scalar>(n);
}

}  // namespace strum::inline STRUM_ABI::detail
