// What the fits that repeat a step until it brings nothing more have in common.
#pragma once

#include <cstdint>
#include <functional>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::fit {

/// For fits without a direct method. Each step replaces a part of the operator by the best one
/// given the others, so no step makes the error larger; which minimum they end in depends on the
/// start.
struct AlternatingOptions {
  Index max_steps = 500;
  /// The last step is the first that takes less than this fraction off the error, or leaves less
  /// than rounding.
  double tolerance = 1e-6;
  std::uint64_t seed = 0;  ///< of the start, where it is random
  /// Called after every step with its number, from 1, and the relative error of what there is now,
  /// before weights are rounded to the scalar type.
  std::function<void(Index step, double relative_error)> on_step = {};
};

}  // namespace strum::inline STRUM_ABI::fit
