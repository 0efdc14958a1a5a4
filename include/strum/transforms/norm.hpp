// Where the factor 1/n of a pair of transforms goes.
#pragma once

#include <cmath>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// SciPy's names: `backward` scales the inverse by 1/n, `forward` the forward transform, `ortho`
/// both by 1/√n, which makes them unitary.
enum class Norm { backward, ortho, forward };

namespace detail {

/// The factor of the forward transform of n numbers, or of its inverse.
[[nodiscard]] inline double norm_factor(Norm norm, bool inverse, Index n) {
  if (norm == Norm::ortho) return 1 / std::sqrt(static_cast<double>(n));
  return (norm == Norm::forward) != inverse ? 1 / static_cast<double>(n) : 1;
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
