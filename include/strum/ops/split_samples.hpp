// A chain on several threads, each of which takes some samples through all factors: every core
// reads all weights, and keeps its intermediate to itself.
#pragma once

#include <algorithm>
#include <atomic>

#include "strum/core/cache_lines.hpp"
#include "strum/core/parallel.hpp"
#include "strum/core/workspace.hpp"
#include "strum/kernels/slice.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI::detail {

using kernels::slicing::Range;

/// `call` on some of its samples.
template <class Scalar, class Weight>
[[nodiscard]] kernels::ChainCall<Scalar, Weight> on_samples(kernels::ChainCall<Scalar, Weight> call,
                                                            const Range& range) {
  call.batch = range.end - range.begin;
  call.x += range.begin * call.x_col;
  call.y += range.begin * call.y_col;
  kernels::advance(call.epilogue, 0, range.begin);
  return call;
}

/// Samples that stay together: a vector of them where they are neighbours, any number where not.
template <class Scalar, class Weight>
[[nodiscard]] Index sample_unit(const kernels::ChainCall<Scalar, Weight>& call, Index lanes) {
  return call.x_col == 1 || call.y_col == 1 ? lanes : 1;
}

/// What the threads share: each takes the next range of samples until there is none.
template <class Scalar, class Weight>
struct SampleJob {
  const kernels::KernelTable<Scalar, Weight>& table;
  const kernels::ChainCall<Scalar, Weight>& call;
  Index threads, ranges;
  Scalar* scratch;
  Index scratch_each;
  std::atomic<Index> next = 0;

  void work(Index thread) {
    const Index unit = sample_unit(call, table.lanes);
    for (Index i = 0; (i = next.fetch_add(1, std::memory_order_relaxed)) < ranges;) {
      // Threads work far apart: they would wait for each other's writes to a line they share.
      const Index range = i % threads * (ranges / threads) + i / threads;
      auto part = on_samples(call, kernels::slicing::part(range, ranges, call.batch, unit));
      part.scratch = scratch + thread * scratch_each;
      if (part.batch > 0) table.apply(part);
    }
  }
};

/// Elements that split_samples() takes.
template <class Scalar, class Weight>
[[nodiscard]] Index split_samples_scratch(const kernels::KernelTable<Scalar, Weight>& table,
                                          const kernels::PackedFactor<Weight>* factors, Index count,
                                          Index batch, Index tile, Index threads) {
  return in_lines<Scalar>(table.scratch_size(factors, count, batch, tile)) * threads;
}

/// Runs the call on `threads` threads, or on as many as the workspace has room for. False if that
/// is not even two.
template <class Scalar, class Weight>
bool split_samples(const kernels::KernelTable<Scalar, Weight>& table,
                   const kernels::ChainCall<Scalar, Weight>& call, Index threads,
                   Workspace::Frame& frame) {
  const Index each =
      split_samples_scratch(table, call.factors, call.count, call.batch, call.sample_tile, 1);
  const auto bytes = static_cast<std::size_t>(std::max(each, Index{1})) * sizeof(Scalar);
  if (frame.room() / bytes < static_cast<std::size_t>(threads))
    threads = static_cast<Index>(frame.room() / bytes);
  if (threads < 2) return false;
  // A tile's samples at a time, so that a thread which the system holds up leaves its share to the
  // others; the same number of ranges for each, so that none waits for a last one.
  const Index tiles = (call.batch + call.sample_tile - 1) / call.sample_tile;
  SampleJob<Scalar, Weight> job{.table = table,
                                .call = call,
                                .threads = threads,
                                .ranges = (tiles + threads - 1) / threads * threads,
                                .scratch = frame.take<Scalar>(each * threads),
                                .scratch_each = each};
  parallel_for(threads, [&job](Index thread) { job.work(thread); });
  return true;
}

}  // namespace strum::inline STRUM_ABI::detail
