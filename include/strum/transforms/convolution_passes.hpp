// The passes of a convolution over its signals: loaded and gated piece by piece, convolved, and
// ended with skip, gates and scales, each piece while it is in cache; channels and batch on several
// threads.
//
// A core is what convolves: LagFilters, PrunedFilters.
#pragma once

#include <algorithm>

#include "strum/core/cache_lines.hpp"
#include "strum/core/parallel.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/ops/chain_cost.hpp"
#include "strum/transforms/convolution_plan.hpp"
#include "strum/transforms/signal_batch.hpp"

namespace strum::inline STRUM_ABI::detail {

/// y = alpha·gate ⊙ (A·v + skip·v) + beta·y; no gate where it has no data, nothing where y has
/// none.
template <class R>
struct ConvolutionEnd {
  SignalBatch<R> y;
  SignalBatch<const R> gate;
  R alpha = 1, beta = 0;

  /// The outputs of a segment of signal (b, h), `x` without skip. v belongs to the first of them
  /// and is null where there is no skip.
  void put(Index b, Index h, const Segment& segment, const R* x, const R* skip, const R* v) const {
    if (y.data() == nullptr) return;
    const bool gated = gate.data() != nullptr;
    kernels::signals<R>().end_convolution(
        {.count = segment.out_count,
         .x = x,
         .skip = v == nullptr ? R(0) : skip[h],
         .v = v,
         .gate = gated ? gate.signal(b, h) + segment.out * gate.time_stride() : nullptr,
         .gate_step = gate.time_stride(),
         .alpha = alpha,
         .beta = beta,
         .y = y.signal(b, h) + segment.out * y.time_stride(),
         .y_step = y.time_stride()});
  }
};

/// v = pre ⊙ u goes through A or its transpose, and from there into one end or two.
template <class R>
struct ConvolutionCall {
  bool transposed = false;
  SignalBatch<const R> u, pre;
  const R* skip = nullptr;   ///< per channel, or null
  const R* start = nullptr;  ///< what the outputs of a channel begin with, or null
  ConvolutionEnd<R> end = {}, second = {};
};

template <class R>
[[nodiscard]] std::size_t bytes_of(Index reals) {
  return Workspace::rounded(static_cast<std::size_t>(reals) * sizeof(R));
}

/// Signals from..., gated: element t of signal (b, h).
template <class R>
struct GatedSignal {
  const R* x;
  Index x_step;
  const R* gate;
  Index gate_step;

  GatedSignal(const SignalBatch<const R>& u, const SignalBatch<const R>& by, Index b, Index h)
      : x(u.signal(b, h)),
        x_step(u.time_stride()),
        gate(by.data() == nullptr ? nullptr : by.signal(b, h)),
        gate_step(by.time_stride()) {}

  /// Elements first … first + count − 1, all of which exist, to `to`.
  void copy(Index first, Index count, R* to) const {
    kernels::signals<R>().gate_signal({.count = count,
                                       .x = x + first * x_step,
                                       .x_step = x_step,
                                       .gate = gate == nullptr ? nullptr : gate + first * gate_step,
                                       .gate_step = gate_step,
                                       .y = to,
                                       .y_step = 1});
  }

  /// Elements first … first + count − 1 of the signal of some length, extended with zeros or with
  /// itself: where they lie if they lie there, else in `scratch`.
  [[nodiscard]] const R* load(Index first, Index count, Index length, bool circular,
                              R* scratch) const {
    const Index end = first + count;
    if (first >= 0 && end <= length && gate == nullptr && x_step == 1) return x + first;
    for (Index t = first; t < end;) {
      R* const to = scratch + (t - first);
      const Index turn = t < 0 ? -1 : t / length;  // no lag is longer than the signal
      const Index stop = std::min(end, (turn + 1) * length);
      if (circular || turn == 0)
        copy(t - turn * length, stop - t, to);
      else
        std::fill_n(to, stop - t, R(0));
      t = stop;
    }
    return scratch;
  }
};

/// Scratch of one thread.
template <class Core>
[[nodiscard]] std::size_t pass_bytes(const Core& core) {
  using R = typename Core::Scalar;
  return bytes_of<R>(core.most_inputs()) + bytes_of<R>(core.most_outputs()) + core.run_bytes();
}

/// Signal (b, h) from end to end.
template <class Core, class R>
void run_signal(const Core& core, const ConvolutionCall<R>& call, Index b, Index h,
                Workspace& workspace) {
  Workspace::Frame frame(workspace);
  R* const in = frame.take<R>(core.most_inputs());
  R* const out = frame.take<R>(core.most_outputs());
  const GatedSignal<R> signal(call.u, call.pre, b, h);
  const R start = call.start == nullptr ? R(0) : call.start[h];
  for (Index piece = 0; piece < core.pieces(); ++piece) {
    const Segment segment = core.segment(piece, call.transposed);
    const R* const v =
        signal.load(segment.in, segment.in_count, call.u.length(), core.circular(), in);
    const ConvolutionEnd<R>& first = call.end;
    R* const y = first.y.signal(b, h) + segment.out * first.y.time_stride();
    if (first.y.time_stride() == 1 && first.gate.data() == nullptr && call.skip == nullptr &&
        first.alpha == R(1) && first.beta == R(0) && call.second.y.data() == nullptr) {
      core.run(h, call.transposed, segment, v, start, y, workspace);
      continue;
    }
    core.run(h, call.transposed, segment, v, start, out, workspace);
    const R* const skipped = call.skip == nullptr ? nullptr : v + (segment.out - segment.in);
    for (const ConvolutionEnd<R>* end : {&call.end, &call.second})
      end->put(b, h, segment, out, call.skip, skipped);
  }
}

/// Threads for `units` signals here and now, or for the size of a workspace on num_threads().
[[nodiscard]] inline Index signal_threads(double work, Index units, bool here) {
  const double all = work * static_cast<double>(units);
  if (pieces_of(all, 2) == 1) return 1;
  return std::min(units, pieces_of(all, here ? threads_here() : num_threads()));
}

/// body(unit, its workspace) for every unit, on the threads that the work is worth and the
/// workspace has room for. Each takes neighbouring units.
template <class Body>
void for_units(Index units, double work, std::size_t bytes, Workspace& workspace,
               const Body& body) {
  Workspace::Frame frame(workspace);
  const std::size_t each = std::max(bytes, kAlignment);
  const auto room = static_cast<Index>(std::min(frame.room() / each, std::size_t{1} << 30));
  const Index threads = std::max(Index{1}, std::min(room, signal_threads(work, units, true)));
  std::byte* const memory = frame.take<std::byte>(threads * static_cast<Index>(each));
  const struct {
    const Body& body;
    Index units, threads;
    std::byte* memory;
    std::size_t each;
    void run(Index thread) const {
      Workspace own(memory + static_cast<std::size_t>(thread) * each, each);
      for (Index i = units * thread / threads; i < units * (thread + 1) / threads; ++i)
        body(i, own);
    }
  } job = {body, units, threads, memory, each};
  if (threads == 1) return job.run(0);
  parallel_for(threads, [&job](Index thread) { job.run(thread); });
}

/// Bytes that for_units() takes at most.
[[nodiscard]] inline std::size_t units_bytes(Index units, double work, std::size_t bytes) {
  if (units <= 0) return 0;
  return static_cast<std::size_t>(signal_threads(work, units, false)) * std::max(bytes, kAlignment);
}

/// All signals. Those whose elements are nearest to each other come after one another: they share
/// cache lines where time has a stride. Else the batch does, which shares a filter.
template <class Core, class R>
void run_signals(const Core& core, const ConvolutionCall<R>& call, Workspace& workspace) {
  const Index batch = call.u.batch(), channels = call.u.channels();
  const bool channels_inside = call.u.time_stride() != 1 &&
                               std::abs(call.u.channel_stride()) < std::abs(call.u.batch_stride());
  for_units(batch * channels, core.work(), pass_bytes(core), workspace,
            [&](Index i, Workspace& own) {
              if (channels_inside)
                run_signal(core, call, i / channels, i % channels, own);
              else
                run_signal(core, call, i % batch, i / batch, own);
            });
}

}  // namespace strum::inline STRUM_ABI::detail
