// Cosines and sines at the bin centres of a Fourier head.
#pragma once

#include <cmath>

#include "strum/core/tensor.hpp"

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

/// Throws ShapeError unless there is at least one bin and N >= 0, and where their product leaves
/// the index type.
inline void check_fourier_sizes(Index frequencies, Index bins, std::string_view where) {
  if (frequencies < 0 || bins < 1)
    fail<ShapeError>(where, ": ", frequencies, " frequencies on ", bins,
                     " bins (needs N >= 0 and at least one bin)");
  // The largest integers that an angle is made of.
  checked_product(checked_product(8, frequencies + 1, where), bins, where);
}

/// The angle of frequency k at the centre of bin j, z_j = −1 + (2j + 1)/m, as a multiple of π/m:
/// π·k·z_j = π·k·(2j + 1 − m)/m.
[[nodiscard]] inline Index bin_angle(Index k, Index j, Index bins) {
  return k * (2 * j + 1 - bins);
}

}  // namespace strum::inline STRUM_ABI::detail
