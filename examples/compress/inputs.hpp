// The matrix to approximate, from a file.
#pragma once

#include <stdexcept>
#include <string>
#include <variant>

#include "strum/core/tensor.hpp"

namespace compress {

/// An input or output file that the program cannot work with.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A matrix that is not empty, finite, not all zeros: `values` has rank 2.
template <class S>
struct Input {
  std::string name;  ///< what the file calls it, else the file's own name without its extension
  strum::Tensor<S> values;
};

/// In the scalar type of the file: double for 64-bit numbers, float for narrower ones.
using AnyInput = std::variant<Input<float>, Input<double>>;

/// Reads FILE or FILE:TENSOR, where FILE is a .npy or .safetensors file. Throws InputError or
/// strum::Error.
AnyInput read_input(const std::string& where);

/// The FILE of a FILE[:TENSOR] if there is such a file, else all of it.
std::string file_of(const std::string& where);

}  // namespace compress
