// Every error that strum reports is made here, so that all of them read alike:
// `Monarch::apply: x has 1000 rows, operator has 1024 columns`.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a tensor, slowest index first.
using Shape = std::vector<Index>;

/// Base of every exception that strum throws itself.
struct STRUM_API Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Sizes that do not fit together, are negative, or whose product leaves the index type.
struct STRUM_API ShapeError : Error {
  using Error::Error;
};

/// An output that shares memory with an input or with itself.
struct STRUM_API OverlapError : Error {
  using Error::Error;
};

/// An argument outside its range: an unknown name, a budget of 0, NaN where numbers are needed.
struct STRUM_API ValueError : Error {
  using Error::Error;
};

/// A file that is missing, truncated, malformed, or of a kind that strum does not read.
struct STRUM_API FileError : Error {
  using Error::Error;
};

namespace detail {

inline std::string text(std::string_view s) { return std::string(s); }
inline std::string text(Index n) { return std::to_string(n); }
inline std::string text(int n) { return std::to_string(n); }
inline std::string text(std::size_t n) { return std::to_string(n); }
inline std::string text(double value) { return std::to_string(value); }

/// "(2, 3, 5)", for messages.
inline std::string text(const Shape& shape) {
  std::string s = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) s += ", ";
    s += std::to_string(shape[i]);
  }
  return s + ")";
}

/// Throws Exception with the concatenation of its arguments (strings and numbers).
template <class Exception, class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
  std::string message;
  ((message += text(parts)), ...);
  throw Exception(message);
}

/// a·b, or a ShapeError that names both where the product leaves the index type.
inline Index checked_product(Index a, Index b, std::string_view where) {
  Index product = 0;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &product))
    fail<ShapeError>(where, ": ", a, " x ", b, " is not a size (negative, or beyond 64 bits)");
  return product;
}

inline Index checked_product(Index a, Index b, Index c, std::string_view where) {
  return checked_product(checked_product(a, b, where), c, where);
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
