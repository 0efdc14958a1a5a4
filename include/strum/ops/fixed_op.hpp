// FixedOp: what operators without parameters, stored or trained, have in common.
#pragma once

#include <string>
#include <vector>

#include "strum/core/linear_op.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Base of operators that are fixed by the integers of their description: permutations, identities.
/// They move numbers and multiply none.
template <class Derived, class ScalarType>
class FixedOp : public LinearOpBase<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Index parameter_count() const { return 0; }
  [[nodiscard]] Index flops() const { return 0; }
  /// None is needed.
  [[nodiscard]] std::size_t workspace_bytes(Index) const { return 0; }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const { return {}; }
  /// Throws ValueError: there are no parameters.
  [[nodiscard]] Tensor<Scalar> get(const std::string& name) const { refuse(name); }
  /// Throws ValueError: there are no parameters.
  void set(const std::string& name, const Tensor<Scalar>&) { refuse(name); }

 protected:
  FixedOp() = default;

 private:
  [[noreturn]] static void refuse(const std::string& name) {
    refuse_parameter(Derived::name(), name);
  }
};

}  // namespace strum::inline STRUM_ABI::detail
