// When the dense product is the faster one.
#pragma once

#include <utility>
#include <vector>

#include "strum/algebra/pre_merged.hpp"
#include "strum/fit/timing.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The operator beside its dense matrix, each for the numbers of samples at which it is the faster
/// one on this machine: one thread, measured now, once for every power of two up to 512.
template <LinearOp Op>
[[nodiscard]] PreMerged<typename Op::Scalar> pre_merged(Op op) {
  using Merged = PreMerged<typename Op::Scalar>;
  const AnyLinearOp<typename Op::Scalar> structured = std::move(op);
  const AnyLinearOp<typename Op::Scalar> dense = Dense<typename Op::Scalar>(structured.to_dense());
  std::vector<Index> batches;
  for (std::size_t i = 0; i < Merged::kEntries; ++i) batches.push_back(Index{1} << i);
  const auto times = microseconds_per_sample<typename Op::Scalar>({&structured, &dense}, batches);
  typename Merged::Choice choice(Merged::kEntries);
  for (std::size_t i = 0; i < choice.size(); ++i) choice[i] = times[1][i] < times[0][i];
  return Merged(structured, choice);
}

}  // namespace strum::inline STRUM_ABI::fit
