// What an operator says of itself: enough to list its parameters, and to make it again from them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "strum/core/tensor.hpp"

namespace strum::inline STRUM_ABI {

/// One parameter of an operator: its checkpoint name and its shape there.
struct ParameterInfo {
  std::string name;
  Shape shape;
  friend bool operator==(const ParameterInfo&, const ParameterInfo&) = default;
};

/// Everything of an operator but its parameters' values: the type, as `name()` has it, the integers
/// that its shape consists of, and what its weights are stored as.
struct Description {
  std::string type;
  std::map<std::string, std::vector<Index>> attributes;
  /// "BF16" for weights stored as bfloat16, empty for those of the scalar type.
  std::string weights = {};
  friend bool operator==(const Description&, const Description&) = default;

  /// The values of an attribute. Throws ValueError unless there are `count` of them.
  [[nodiscard]] const std::vector<Index>& list(const std::string& key, std::size_t count) const {
    const auto found = attributes.find(key);
    if (found == attributes.end() || found->second.size() != count)
      detail::fail<ValueError>(type, ": attribute '", key, "' is missing or not ", count,
                               " integers");
    return found->second;
  }

  /// The value of an attribute that is one integer.
  [[nodiscard]] Index value(const std::string& key) const { return list(key, 1)[0]; }
};

/// Parameters by name.
template <class Scalar>
using Parameters = std::map<std::string, Tensor<Scalar>>;

namespace detail {

[[noreturn]] inline void refuse_parameter(std::string_view owner, std::string_view name) {
  fail<ValueError>(owner, ": there is no parameter '", name, "'");
}

/// The named parameter, or a ValueError that says whose it is.
template <class Scalar>
const Tensor<Scalar>& find_parameter(const Parameters<Scalar>& parameters, const std::string& name,
                                     std::string_view owner) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) refuse_parameter(owner, name);
  return found->second;
}

/// Throws ShapeError unless a tensor has the shape that a parameter needs.
template <class Scalar>
void check_shape(const Tensor<Scalar>& tensor, const Shape& wanted, std::string_view owner,
                 std::string_view name) {
  if (tensor.shape() != wanted)
    fail<ShapeError>(owner, ": ", name, " has shape ", tensor.shape(), ", needs ", wanted);
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
