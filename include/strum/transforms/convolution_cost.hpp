// What convolutions cost, to choose between the ways to compute them. Every cost depends on the
// shape alone: results have the same bits in every batch.
#pragma once

#include <cmath>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Real operations of the transform of n real numbers, or of its inverse: half of the 5n·log₂ n of
/// a complex one.
[[nodiscard]] inline double real_transform_flops(Index n) {
  return n <= 1 ? 0 : 2.5 * static_cast<double>(n) * std::log2(static_cast<double>(n));
}

/// Of a convolution by transforms of length n whose filter is prepared: there, n/2 products of
/// complex numbers, and back.
[[nodiscard]] inline double cyclic_convolution_flops(Index n) {
  return 2 * real_transform_flops(n) + 3 * static_cast<double>(n);
}

/// Of sums of `taps` products.
[[nodiscard]] inline double direct_convolution_flops(Index outputs, Index taps) {
  return 2 * static_cast<double>(outputs) * static_cast<double>(taps);
}

/// Operations of a direct convolution that take the time of one of a transform.
/// PROVISIONAL: before the fast transforms were there to be measured.
inline constexpr double kDirectPerTransformFlop = 3;

/// What a transform costs beside its operations (calls, passes, short loops), in these.
inline constexpr double kTransformOverhead = 2000;

}  // namespace strum::inline STRUM_ABI::detail
