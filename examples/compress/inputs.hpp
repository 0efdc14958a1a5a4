// Matrices to approximate, from files.
#pragma once

#include <stdexcept>
#include <string>
#include <variant>

#include "strum/core/tensor.hpp"
#include "strum/fit/calibration.hpp"
#include "strum/io/safetensors.hpp"

namespace compress {

/// An input or output file that the program cannot work with.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A matrix whose values leave nothing to search: NaN, infinities, nothing but zeros.
struct ValuesError : InputError {
  using InputError::InputError;
};

/// A matrix that is not empty, finite, not all zeros: `values` has rank 2.
template <class S>
struct Input {
  std::string name;  ///< what the file calls it, else the file's own name without its extension
  strum::Tensor<S> values;
};

/// In the scalar type of the file: double for 64-bit numbers, float for narrower ones.
using AnyInput = std::variant<Input<float>, Input<double>>;

/// "(258, 1, 256)".
std::string text(const strum::Shape& shape);

/// Whether it has two dimensions once those of 1 are left out until two are left.
bool is_matrix(const strum::Shape& shape);

/// Reads a tensor that is a matrix. Throws InputError, with `what` for the tensor, or strum::Error.
AnyInput read_tensor(const strum::io::SafetensorsFile& file, const std::string& name,
                     const std::string& what);

/// Reads FILE or FILE:TENSOR, where FILE is a .npy or .safetensors file. Throws InputError or
/// strum::Error.
AnyInput read_input(const std::string& where);

/// Of samples that lie in such a file, a row each.
strum::fit::Calibration read_calibration(const std::string& where);

/// The FILE of a FILE[:TENSOR] if there is such a file, else all of it.
std::string file_of(const std::string& where);

}  // namespace compress
