// with_weights: an operator with its weights stored in another type.
#pragma once

#include "strum/core/description.hpp"
#include "strum/core/weight.hpp"

namespace strum::inline STRUM_ABI {

/// The same operator with weights of another type, rounded to nearest where that is narrower:
///
///     auto half = strum::with_weights<strum::bfloat16>(fit.op);    // Monarch<float, bfloat16>
///
/// computes in float as before, in half the memory. `with_weights<float>` is the way back, which
/// changes no result.
template <class Weight, class Op>
requires WeightOf<Weight, typename Op::Scalar>
[[nodiscard]] auto with_weights(const Op& op) {
  using Other = typename Op::template WithWeights<Weight>;
  Parameters<typename Op::Weight> parameters;
  for (const ParameterInfo& info : op.parameters())
    parameters.emplace(info.name, op.get(info.name));
  if (parameters.empty()) return Other();  // 0 x 0, or moved from
  return Other::restore(op.describe(), parameters);
}

}  // namespace strum::inline STRUM_ABI
