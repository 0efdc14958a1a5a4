// Real and complex scalars: what templates over both need to know of one.
#pragma once

#include <complex>
#include <type_traits>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

template <class T>
struct ScalarTraits {
  using Real = T;
  static constexpr bool complex = false;
};

template <class R>
struct ScalarTraits<std::complex<R>> {
  using Real = R;
  static constexpr bool complex = true;
};

}  // namespace detail

/// float of std::complex<float>, and so on; a real type is its own.
template <class T>
using Real = typename detail::ScalarTraits<T>::Real;

template <class T>
inline constexpr bool kIsComplex = detail::ScalarTraits<T>::complex;

/// Real operations of one multiply-add: y + w·x.
template <class T>
inline constexpr Index kMultiplyAddFlops = kIsComplex<T> ? 8 : 2;

}  // namespace strum::inline STRUM_ABI
