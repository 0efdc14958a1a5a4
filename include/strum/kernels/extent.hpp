// How much of a block exists: the cut sizes of a factor in its own indices. Always inlined, so that
// the per-ISA objects can use them and still define no symbol of their own.
#pragma once

#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI::kernels {

/// How many i in [0, most) have first + i·step < limit. step > 0.
STRUM_ALWAYS_INLINE Index count_below(Index first, Index step, Index most, Index limit) {
  if (first + (most - 1) * step < limit) return most;
  return first >= limit ? 0 : (limit - first + step - 1) / step;
}

/// Range of γ in block (α, δ): inputs that exist.
STRUM_ALWAYS_INLINE Index inner_size(const FactorShape& f, Index alpha, Index delta) {
  return count_below(alpha * f.x_alpha + delta, f.x_gamma, f.c, f.cols);
}

/// Range of β in block (α, δ): outputs that exist.
STRUM_ALWAYS_INLINE Index row_count(const FactorShape& f, Index alpha, Index delta) {
  return count_below(alpha * f.y_alpha + delta, f.y_beta, f.b, f.rows);
}

/// Whether a weight joins an input that exists to an output that exists.
STRUM_ALWAYS_INLINE bool weight_exists(const FactorShape& f, Index alpha, Index beta, Index gamma,
                                       Index delta) {
  return alpha * f.x_alpha + gamma * f.x_gamma + delta < f.cols &&
         alpha * f.y_alpha + beta * f.y_beta + delta < f.rows;
}

}  // namespace strum::inline STRUM_ABI::kernels
