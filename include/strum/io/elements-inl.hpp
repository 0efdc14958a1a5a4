// The numbers in files: from their little-endian bytes to float, double or bfloat16. Private to
// io/.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "strum/core/bfloat16.hpp"
#include "strum/core/tensor.hpp"
#include "strum/io/file-inl.hpp"
#include "strum/io/scalar.hpp"

namespace strum::inline STRUM_ABI::detail {

static_assert(std::endian::native == std::endian::little, "strum/io needs a little-endian machine");

enum class ElementType { f16, bf16, f32, f64 };

[[nodiscard]] constexpr Index size_of(ElementType type) {
  return type == ElementType::f64 ? 8 : type == ElementType::f32 ? 4 : 2;
}

/// Whether every number of the type is a number of S.
template <class S>
[[nodiscard]] constexpr bool fits(ElementType type) {
  if (std::is_same_v<S, bfloat16>) return type == ElementType::bf16;
  return type != ElementType::f64 || std::is_same_v<S, double>;
}

/// IEEE binary16: 1 sign, 5 exponent, 10 fraction bits. The payload of a NaN moves along.
[[nodiscard]] inline float decode_f16(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half} >> 15 << 31;
  const std::uint32_t exponent = half >> 10 & 31, fraction = half & 1023;
  if (exponent == 0)  // zero or subnormal: a multiple of 2^-24, exact in float
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(float(fraction) * 0x1p-24f) | sign);
  const std::uint32_t rebiased = exponent == 31 ? 255 : exponent - 15 + 127;
  return std::bit_cast<float>(sign | rebiased << 23 | fraction << 13);
}

/// Reads through a small buffer, so that a conversion takes no second copy of a tensor.
template <class Stored, class S, class Decode>
void read_decoded(const InputFile& file, Index offset, S* to, Index count, Decode decode) {
  std::array<Stored, 4096> chunk;
  for (Index done = 0; done < count;) {
    const Index n = std::min(count - done, static_cast<Index>(chunk.size()));
    file.read(offset + done * Index{sizeof(Stored)}, chunk.data(), n * Index{sizeof(Stored)});
    std::transform(chunk.begin(), chunk.begin() + n, to + done, decode);
    done += n;
  }
}

/// Numbers that lie in the file as C++ has them. Those of the same type keep every bit.
template <class Stored, class S>
void read_converted(const InputFile& file, Index offset, S* to, Index count) {
  if constexpr (std::is_same_v<Stored, S>)
    file.read(offset, to, count * Index{sizeof(S)});
  else
    read_decoded<Stored>(file, offset, to, count,
                         [](Stored value) { return static_cast<S>(value); });
}

/// `count` numbers from a byte offset.
template <class S>
void read_elements(const InputFile& file, Index offset, ElementType type, S* to, Index count) {
  switch (type) {
    case ElementType::f16:
      return read_decoded<std::uint16_t>(file, offset, to, count, [](std::uint16_t half) {
        return static_cast<S>(decode_f16(half));
      });
    case ElementType::bf16:
      return read_converted<bfloat16>(file, offset, to, count);
    case ElementType::f32:
      return read_converted<float>(file, offset, to, count);
    case ElementType::f64:
      return read_converted<double>(file, offset, to, count);
  }
}

/// Throws ValueError for a default-constructed tensor: its shape () promises a number that it
/// lacks.
template <class S>
void check_complete(const Tensor<S>& tensor, std::string_view where) {
  if (tensor.size() != element_count(tensor.shape(), where))
    fail<ValueError>(where, ": the tensor is empty and has no shape");
}

/// Bytes that `shape` takes at `size` bytes an element, or -1 where they leave the index type.
/// Extents are not negative.
[[nodiscard]] inline Index byte_count(const Shape& shape, Index size) {
  Index bytes = size;
  for (const Index extent : shape)
    if (__builtin_mul_overflow(bytes, extent, &bytes)) return -1;
  return bytes;
}

}  // namespace strum::inline STRUM_ABI::detail
