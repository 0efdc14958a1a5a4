// Cosines and sines at the bin centres of a Fourier head.
#pragma once

#include "strum/core/angles.hpp"
#include "strum/core/tensor.hpp"

namespace strum::inline STRUM_ABI::detail {

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
