// A chain on several threads that share each of its factors: every core reads its own weights, for
// all samples, and the intermediates pass through memory that all cores see. For few samples, whose
// time is that of reading the weights.
#pragma once

#include <algorithm>
#include <atomic>

#include "strum/ops/chain_cost.hpp"
#include "strum/ops/split_samples.hpp"

namespace strum::inline STRUM_ABI::detail {

template <class Scalar, class Weight>
class FactorSplit {
 public:
  using Table = kernels::KernelTable<Scalar, Weight>;
  using Call = kernels::ChainCall<Scalar, Weight>;
  using Packed = kernels::PackedFactor<Weight>;

  FactorSplit(const Table& table, const Call& call, Index threads)
      : table_(table), call_(call), threads_(threads) {}

  /// Elements that run() takes at most.
  static Index scratch_size(const Table& table, const Packed* factors, Index count, Index batch,
                            Index tile, Index threads) {
    return own_size(table, factors, count, batch, tile) * threads + x_size(factors, batch) +
           hidden_size(factors, count, batch) * hidden_count(count);
  }

  /// Whether every part would have the kernel copy nearly all of x: parts of a block of an
  /// interleaved factor do, where the kernel copies at all.
  [[nodiscard]] bool copies_input() const {
    const Packed& first = *call_.factors;
    const kernels::SliceGrid grid = plan(first).grid;
    if (first.layout != kernels::Layout::interleaved || grid.delta * grid.beta == 1) return false;
    return !lanes_hold_samples() &&
           table_.copies_input(kernels::slice(first, grid, 0, units()).factor, call_.x_row,
                               call_.x_col, call_.batch);
  }

  /// False where no factor can be cut, or the workspace has no room for it.
  bool run(Workspace::Frame& frame) const {
    Index most = 1;
    for (Index i = 0; i < call_.count; ++i) most = std::max(most, plan(call_.factors[i]).threads);
    if (most == 1) return false;
    const Index own = own_size(table_, call_.factors, call_.count, call_.batch, call_.sample_tile);
    const Index hidden = hidden_size(call_.factors, call_.count, call_.batch);
    const Index x_copy = copies_input() ? x_size(call_.factors, call_.batch) : 0;
    const Index size = own * most + hidden * hidden_count(call_.count) + x_copy;
    if (frame.room() / sizeof(Scalar) < static_cast<std::size_t>(size)) return false;

    Call step = call_;
    step.count = 1;
    step.scratch = frame.take<Scalar>(size);
    Scalar* const between = step.scratch + own * most;
    if (copies_input()) copy_input(step, between + hidden * hidden_count(call_.count));
    for (Index i = 0; i < call_.count; ++i) {
      const bool last = i + 1 == call_.count;
      step.factors = call_.factors + i;
      step.y = last ? call_.y : between + i % 2 * hidden;
      step.y_row = last                   ? call_.y_row
                   : lanes_hold_samples() ? in_odd_lines<Scalar>(call_.batch)
                                          : 1;
      step.y_col = last                   ? call_.y_col
                   : lanes_hold_samples() ? 1
                                          : in_odd_lines<Scalar>(step.factors->shape.rows);
      step.alpha = last ? call_.alpha : Scalar(1);
      step.beta = last ? call_.beta : Scalar(0);
      step.epilogue = last ? call_.epilogue : kernels::Epilogue<Scalar>{};
      run_factor(step);
      step.x = step.y;
      step.x_row = step.y_row;
      step.x_col = step.y_col;
    }
    return true;
  }

 private:
  /// How one factor is cut: into the parts of a grid, and those into ranges of samples where the
  /// grid has fewer parts than there are threads.
  struct Plan {
    kernels::SliceGrid grid;
    Index ranges, threads;
  };

  /// One factor on all samples: each thread takes the next part until there is none.
  struct Job {
    const FactorSplit& split;
    const Call& call;
    Plan plan;
    Index scratch_each;
    std::atomic<Index> next = 0;

    void work(Index thread) {
      const Index unit = sample_unit(call, split.table_.lanes);
      for (Index i = 0;
           (i = next.fetch_add(1, std::memory_order_relaxed)) < plan.grid.count() * plan.ranges;) {
        const auto part = kernels::slice(*call.factors, plan.grid, i / plan.ranges, split.units());
        Call task = on_samples(
            call, kernels::slicing::part(i % plan.ranges, plan.ranges, call.batch, unit));
        task.factors = &part.factor;
        task.x += part.x * call.x_row;
        task.y += part.y * call.y_row;
        kernels::advance(task.epilogue, part.y, 0);
        task.scratch += thread * scratch_each;
        if (task.batch > 0) split.table_.apply(task);
      }
    }
  };

  /// x from anywhere to features that are neighbours: each thread some features of all samples.
  struct CopyJob {
    Call from;
    Scalar* to;
    Index to_col, parts;

    void work(Index i) const {
      const auto range =
          kernels::slicing::part(i, parts, from.factors->shape.cols, kAlignment / sizeof(Scalar));
      if (from.x_row == 1) {
        for (Index s = 0; s < from.batch; ++s)
          std::copy(from.x + s * from.x_col + range.begin, from.x + s * from.x_col + range.end,
                    to + s * to_col + range.begin);
      } else {
        for (Index f = range.begin; f < range.end; ++f)
          for (Index s = 0; s < from.batch; ++s)
            to[f + s * to_col] = from.x[f * from.x_row + s * from.x_col];
      }
    }
  };

  /// What the kernels take for a part of one factor.
  static Index own_size(const Table& table, const Packed* factors, Index count, Index batch,
                        Index tile) {
    Index most = 0;
    for (Index i = 0; i < count; ++i)
      most = std::max(most, table.scratch_size(factors + i, 1, batch, tile));
    return in_lines<Scalar>(most);
  }

  static Index x_size(const Packed* factors, Index batch) {
    return batch * in_odd_lines<Scalar>(factors[0].shape.cols);
  }

  static Index hidden_count(Index count) { return std::min(count - 1, Index{2}); }

  /// An intermediate, whether its features or its samples are neighbours.
  static Index hidden_size(const Packed* factors, Index count, Index batch) {
    Index widest = 0;
    for (Index i = 0; i + 1 < count; ++i) widest = std::max(widest, factors[i].shape.rows);
    return std::max(batch * in_odd_lines<Scalar>(widest), widest * in_odd_lines<Scalar>(batch));
  }

  [[nodiscard]] kernels::PackingUnits units() const { return {table_.lanes, table_.panel_rows}; }

  [[nodiscard]] Plan plan(const Packed& factor) const {
    const Index wanted = pieces_of(factor_work<Scalar>(factor, call_.batch), threads_);
    Plan plan{.grid = kernels::slice_grid(factor, wanted, units()), .ranges = 1, .threads = wanted};
    const Index unit = sample_unit(call_, table_.lanes);
    plan.ranges = std::min((wanted + plan.grid.count() - 1) / plan.grid.count(),
                           (call_.batch + unit - 1) / unit);
    plan.threads = std::min(wanted, plan.grid.count() * plan.ranges);
    return plan;
  }

  /// Intermediates lie as the kernels want them.
  [[nodiscard]] bool lanes_hold_samples() const { return table_.lanes_hold_samples(call_); }

  void copy_input(Call& step, Scalar* to) const {
    constexpr Index kElementsPerThread = 1 << 14;  // 10 µs where they are not neighbours
    const Index features = step.factors->shape.cols;
    const CopyJob job{
        .from = step,
        .to = to,
        .to_col = in_odd_lines<Scalar>(features),
        .parts = std::clamp(features * step.batch / kElementsPerThread, Index{1}, threads_)};
    parallel_for(job.parts, [&job](Index i) { job.work(i); });
    step.x = to;
    step.x_row = 1;
    step.x_col = job.to_col;
  }

  void run_factor(const Call& step) const {
    const Plan cut = plan(*step.factors);
    if (cut.threads == 1) return table_.apply(step);
    Job job{.split = *this,
            .call = step,
            .plan = cut,
            .scratch_each =
                own_size(table_, call_.factors, call_.count, call_.batch, call_.sample_tile)};
    parallel_for(cut.threads, [&job](Index thread) { job.work(thread); });
  }

  const Table& table_;
  const Call& call_;
  Index threads_;
};

}  // namespace strum::inline STRUM_ABI::detail
