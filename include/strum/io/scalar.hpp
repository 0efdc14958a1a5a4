// The scalar types that strum keeps in files, and what may be lost on the way to memory.
#pragma once

#include <concepts>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::io {

/// What files are read to and written from.
template <class S>
concept FileScalar = std::same_as<S, float> || std::same_as<S, double>;

/// What becomes of 64-bit numbers that are read as float: an error, or the nearest float (infinity
/// beyond its range). Every other pair of types that strum reads is exact.
enum class Narrowing { refuse, allow };

}  // namespace strum::inline STRUM_ABI::io
