// The numbers in files: from their little-endian bytes to float, double, bfloat16 or complex
// numbers. Private to io/.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <complex>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "strum/core/bfloat16.hpp"
#include "strum/core/scalar.hpp"
#include "strum/core/tensor.hpp"
#include "strum/io/file-inl.hpp"
#include "strum/io/scalar.hpp"

namespace strum::inline STRUM_ABI::detail {

static_assert(std::endian::native == std::endian::little, "strum/io needs a little-endian machine");

enum class ElementType {
  f16,
  bf16,
  f32,
  f64,
  c64,
  c128
};  // complex ones by the bits of both parts

[[nodiscard]] constexpr Index size_of(ElementType type) {
  constexpr Index kSizes[] = {2, 2, 4, 8, 8, 16};
  return kSizes[static_cast<int>(type)];
}

/// As NumPy calls it.
[[nodiscard]] constexpr std::string_view name_of(ElementType type) {
  constexpr std::string_view kNames[] = {"float16", "bfloat16",  "float32",
                                         "float64", "complex64", "complex128"};
  return kNames[static_cast<int>(type)];
}

[[nodiscard]] constexpr bool is_complex(ElementType type) {
  return type == ElementType::c64 || type == ElementType::c128;
}

/// As C++ calls it.
template <class S>
inline constexpr std::string_view kScalarName =
    std::is_same_v<S, bfloat16>              ? "bfloat16"
    : std::is_same_v<S, float>               ? "float"
    : std::is_same_v<S, double>              ? "double"
    : std::is_same_v<S, std::complex<float>> ? "std::complex<float>"
                                             : "std::complex<double>";

/// Whether every number of the type is a number of S.
template <class S>
[[nodiscard]] constexpr bool fits(ElementType type) {
  if (is_complex(type) && !kIsComplex<S>) return false;
  if (std::is_same_v<S, bfloat16>) return type == ElementType::bf16;
  const bool wide = type == ElementType::f64 || type == ElementType::c128;
  return !wide || std::is_same_v<Real<S>, double>;
}

/// What is lost where it does not fit, and what to do: for the end of a message.
template <class S>
[[nodiscard]] std::string loss_of(ElementType type) {
  if (is_complex(type) && !kIsComplex<S>)
    return "would lose imaginary parts as " + std::string(kScalarName<S>) + "; read it as " +
           std::string(type == ElementType::c64 ? kScalarName<std::complex<float>>
                                                : kScalarName<std::complex<double>>);
  const bool wide = type == ElementType::f64 || type == ElementType::c128;
  return "would lose digits as " + std::string(kScalarName<S>) + "; read it as " +
         std::string(kIsComplex<S> ? kScalarName<std::complex<double>>
                     : wide        ? kScalarName<double>
                                   : kScalarName<float>) +
         ", or ask for Narrowing::allow";
}

/// Whether it is to be refused.
template <class S>
[[nodiscard]] constexpr bool is_loss(ElementType type, io::Narrowing narrowing) {
  return !fits<S>(type) &&
         (narrowing == io::Narrowing::refuse || (is_complex(type) && !kIsComplex<S>));
}

/// A number as another type, rounded to nearest where that is narrower.
template <class S, class Stored>
[[nodiscard]] S converted(const Stored& value) {
  if constexpr (kIsComplex<Stored>)
    return {static_cast<Real<S>>(value.real()), static_cast<Real<S>>(value.imag())};
  else
    return static_cast<Real<S>>(value);
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
                         [](const Stored& value) { return converted<S>(value); });
}

/// `count` numbers from a byte offset; not complex ones to real ones.
template <class S>
void read_elements(const InputFile& file, Index offset, ElementType type, S* to, Index count) {
  switch (type) {
    case ElementType::f16:
      return read_decoded<std::uint16_t>(file, offset, to, count, [](std::uint16_t half) {
        return converted<S>(decode_f16(half));
      });
    case ElementType::bf16:
      return read_converted<bfloat16>(file, offset, to, count);
    case ElementType::f32:
      return read_converted<float>(file, offset, to, count);
    case ElementType::f64:
      return read_converted<double>(file, offset, to, count);
    case ElementType::c64:
    case ElementType::c128:
      if constexpr (kIsComplex<S>) {
        if (type == ElementType::c64)
          read_converted<std::complex<float>>(file, offset, to, count);
        else
          read_converted<std::complex<double>>(file, offset, to, count);
      }
      return;
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
