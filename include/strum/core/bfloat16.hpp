// bfloat16: the upper half of a float, for weights that are stored narrower than they are used.
#pragma once

#include <bit>
#include <cstdint>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// A float without the lower 16 bits of its fraction: the same range, 8 bits of precision. For
/// storage; to compute, convert to float, which is exact. Always inlined, so that the per-ISA
/// objects can use it and still define no symbol of their own.
class bfloat16 {
 public:
  bfloat16() = default;

  /// Rounds to nearest, ties to even; NaN stays NaN.
  STRUM_ALWAYS_INLINE constexpr explicit bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
    bits_ = static_cast<std::uint16_t>(
        nan ? (bits >> 16) | 0x40u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
  }

  STRUM_ALWAYS_INLINE constexpr explicit operator float() const {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16);
  }

  [[nodiscard]] STRUM_ALWAYS_INLINE static constexpr bfloat16 from_bits(std::uint16_t bits) {
    bfloat16 value;
    value.bits_ = bits;
    return value;
  }
  [[nodiscard]] STRUM_ALWAYS_INLINE constexpr std::uint16_t bits() const { return bits_; }

 private:
  std::uint16_t bits_ = 0;
};

static_assert(sizeof(bfloat16) == 2);

}  // namespace strum::inline STRUM_ABI
