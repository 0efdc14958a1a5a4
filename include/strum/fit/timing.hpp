// How long products take here.
#pragma once

#include <vector>

#include "strum/core/any_linear_op.hpp"

namespace strum::inline STRUM_ABI::fit {

/// Microseconds of op->apply() per sample, for every operator and every batch size: the median of
/// several turns, which the operators take one after the other so that what disturbs the machine
/// disturbs all. One thread, and its processor time. All operators have the same size. Scalar is
/// float or double. Throws ShapeError if they have not, ValueError for a batch size below 1.
template <class Scalar>
[[nodiscard]] STRUM_API std::vector<std::vector<double>> microseconds_per_sample(
    const std::vector<const AnyLinearOp<Scalar>*>& ops, const std::vector<Index>& batches);

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/timing-inl.hpp"
#endif
