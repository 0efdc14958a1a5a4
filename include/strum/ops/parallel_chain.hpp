// A product on the threads that its work is worth. Which way it is cut, and into how many pieces,
// changes no bit: a sample's result depends on the factor's shape alone, and the sums of a part of
// a factor are the factor's.
#pragma once

#include "strum/ops/sample_tile.hpp"
#include "strum/ops/split_factors.hpp"
#include "strum/ops/split_samples.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Samples per thread from which on samples are split: enough for the widest register tiles.
inline constexpr Index kSamplesPerThread = 16;

/// The same where the samples of a feature are neighbours in y. Two threads that write to halves of
/// the same cache lines wait for each other (b = 64, 32 samples: half the speed of one thread;
/// split by blocks 1.9 times), so each gets a whole tile.
inline constexpr Index kNeighboursPerThread = 64;

/// Which way to cut. A single factor has no intermediate to pass on: there neighbours always stay
/// together.
template <class Scalar, class Weight>
[[nodiscard]] bool prefers_samples(const FactorSplit<Scalar, Weight>& split,
                                   const kernels::ChainCall<Scalar, Weight>& call, Index threads) {
  if (call.y_col != 1) return call.batch >= threads * kSamplesPerThread;
  if (call.count == 1 && !split.copies_input()) return false;
  return call.batch >= threads * kNeighboursPerThread;
}

/// Bytes that run_chain() takes from a workspace on num_threads() threads, for any batch up to this
/// one.
template <class Scalar, class Weight>
[[nodiscard]] std::size_t chain_scratch_bytes(const kernels::KernelTable<Scalar, Weight>& table,
                                              const kernels::PackedFactor<Weight>* factors,
                                              Index count, Index batch) {
  const Index threads = pieces_of(chain_work<Scalar>(factors, count, batch), num_threads());
  const Index tile = sample_tile<Scalar>(factors, count);
  Index most = table.scratch_size(factors, count, batch, tile);
  if (threads > 1) {
    const Index few = std::min(batch, threads * kNeighboursPerThread);
    most = std::max(
        split_samples_scratch(table, factors, count, batch, tile, threads),
        FactorSplit<Scalar, Weight>::scratch_size(table, factors, count, few, tile, threads));
  }
  return Workspace::rounded(static_cast<std::size_t>(most) * sizeof(Scalar));
}

/// Runs the call; its scratch comes from the frame.
template <class Scalar, class Weight>
void run_chain(const kernels::KernelTable<Scalar, Weight>& table,
               kernels::ChainCall<Scalar, Weight> call, Workspace::Frame& frame) {
  call.sample_tile = sample_tile<Scalar>(call.factors, call.count);
  const Index threads = threads_for<Scalar>(call.factors, call.count, call.batch);
  if (threads > 1) {
    const FactorSplit<Scalar, Weight> split(table, call, threads);
    if (prefers_samples(split, call, threads) ? split_samples(table, call, threads, frame)
                                              : split.run(frame))
      return;
  }
  call.scratch = frame.take<Scalar>(
      table.scratch_size(call.factors, call.count, call.batch, call.sample_tile));
  table.apply(call);
}

}  // namespace strum::inline STRUM_ABI::detail
