// The number types that strum keeps in files, and what may be lost on the way to memory.
#pragma once

#include <complex>
#include <concepts>

#include "strum/core/bfloat16.hpp"

namespace strum::inline STRUM_ABI::io {

/// What every format has, and what operators in files compute in. safetensors has no complex128.
template <class S>
concept FileScalar =
    std::same_as<S, float> || std::same_as<S, double> || std::same_as<S, std::complex<float>>;

/// What arrays of a .npy file are read to and written from.
template <class S>
concept ArrayScalar = FileScalar<S> || std::same_as<S, std::complex<double>>;

/// What tensors of a safetensors file are read to and written from.
template <class S>
concept TensorScalar = FileScalar<S> || std::same_as<S, bfloat16>;

/// What becomes of numbers of a type that the one asked for does not hold (64-bit ones as float,
/// all but its own as bfloat16): an error, or the nearest that it has (infinity beyond its range).
/// Complex numbers are never read as real ones. Every other pair of types that strum reads is
/// exact.
enum class Narrowing { refuse, allow };

}  // namespace strum::inline STRUM_ABI::io
