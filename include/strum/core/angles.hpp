// Cosines and sines of rational multiples of π.
#pragma once

#include <cmath>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// cos(π·numerator/denominator), right to the last bit or nearly, whatever the size of the angle:
/// it is brought into [0, π/4] in integers first. denominator > 0.
[[nodiscard]] inline double cos_pi(Index numerator, Index denominator) {
  constexpr double kPi = 3.14159265358979323846;
  const Index period = 2 * denominator;
  Index t = (numerator % period + period) % period;
  if (t > denominator) t = period - t;  // cos(2π − φ) = cos φ
  const bool negative = 2 * t > denominator;
  if (negative) t = denominator - t;  // cos(π − φ) = −cos φ
  const auto angle = [&](Index n, Index d) {
    return kPi * static_cast<double>(n) / static_cast<double>(d);
  };
  const double value = 4 * t <= denominator ? std::cos(angle(t, denominator))
                                            : std::sin(angle(denominator - 2 * t, 2 * denominator));
  return negative ? -value : value;
}

/// sin(π·numerator/denominator) = cos(π·(2·numerator − denominator)/(2·denominator)).
[[nodiscard]] inline double sin_pi(Index numerator, Index denominator) {
  return cos_pi(2 * numerator - denominator, 2 * denominator);
}

}  // namespace strum::inline STRUM_ABI::detail
