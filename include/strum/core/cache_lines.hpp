// Sizes of scratch memory in whole cache lines.
#pragma once

#include "strum/core/buffer.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Elements in whole cache lines, so that no two threads' scratch share one.
template <class Scalar>
[[nodiscard]] constexpr Index in_lines(Index elements) {
  constexpr Index kLine = kAlignment / sizeof(Scalar);
  return (elements + kLine - 1) / kLine * kLine;
}

/// Elements from one column to the next where each has `elements`: whole cache lines, and an odd
/// number of them, since columns a power of two apart would collide in L1.
template <class Scalar>
[[nodiscard]] constexpr Index in_odd_lines(Index elements) {
  constexpr Index kLine = kAlignment / sizeof(Scalar);
  return elements == 0 ? 0 : (in_lines<Scalar>(elements) / kLine | 1) * kLine;
}

}  // namespace strum::inline STRUM_ABI::detail
