// bfloat16: the upper half of a float, for weights that are stored narrower than they are used.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <iosfwd>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// A float without the lower 16 bits of its fraction: the same range, 8 bits of precision. For
/// storage; to compute, convert to float, which is exact. It has the layout of the BF16 of
/// checkpoints (and of Eigen::bfloat16): an array of those may be read as an array of these.
/// Always inlined, so that the per-ISA objects can use it and still define no symbol of their own.
class bfloat16 {
 public:
  bfloat16() = default;

  /// Rounds to nearest, ties to even; beyond the largest number lies infinity. NaN keeps its upper
  /// bits, so that whatever was widened comes back bit by bit.
  STRUM_ALWAYS_INLINE constexpr explicit bfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t upper = bits >> 16;
    if ((bits & 0x7fffffffu) > 0x7f800000u)  // NaN; without a bit in the upper half: infinity
      bits_ = static_cast<std::uint16_t>((upper & 0x7fu) != 0 ? upper : upper | 0x40u);
    else
      bits_ = static_cast<std::uint16_t>((bits + 0x7fffu + (upper & 1u)) >> 16);
  }

  /// Rounds once: on its way through float the number is cut, and an odd last bit remembers what
  /// was lost ("rounding to odd"), which decides a tie as the number itself would.
  template <std::same_as<double> Double>
  STRUM_ALWAYS_INLINE constexpr explicit bfloat16(Double value) {
    const auto nearest = static_cast<float>(value);
    auto bits = std::bit_cast<std::uint32_t>(nearest);
    if (value == value && static_cast<double>(nearest) != value) {
      const bool away = value < 0 ? static_cast<double>(nearest) < value  // from zero
                                  : static_cast<double>(nearest) > value;
      bits = (away ? bits - 1 : bits) | 1u;
    }
    *this = bfloat16(std::bit_cast<float>(bits));
  }

  STRUM_ALWAYS_INLINE constexpr explicit operator float() const {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16);
  }
  STRUM_ALWAYS_INLINE constexpr explicit operator double() const {
    return static_cast<double>(static_cast<float>(*this));
  }

  [[nodiscard]] STRUM_ALWAYS_INLINE static constexpr bfloat16 from_bits(std::uint16_t bits) {
    bfloat16 value;
    value.bits_ = bits;
    return value;
  }
  [[nodiscard]] STRUM_ALWAYS_INLINE constexpr std::uint16_t bits() const { return bits_; }

  /// As numbers: zeros are equal, NaN is not.
  STRUM_ALWAYS_INLINE friend constexpr bool operator==(bfloat16 a, bfloat16 b) {
    return static_cast<float>(a) == static_cast<float>(b);
  }

  template <class Char, class Traits>
  friend std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out,
                                                      bfloat16 value) {
    return out << static_cast<float>(value);
  }

 private:
  std::uint16_t bits_ = 0;
};

static_assert(sizeof(bfloat16) == 2);

}  // namespace strum::inline STRUM_ABI
