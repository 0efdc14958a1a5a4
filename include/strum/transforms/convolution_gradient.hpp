// The gradient of a convolution's filters: correlations of its inputs with the gradients of its
// outputs, summed over the batch.
#pragma once

#include "strum/transforms/convolution_passes.hpp"

namespace strum::inline STRUM_ABI::detail {

/// With v = pre ⊙ u and g = post ⊙ dy, Σ_t and Σ_b over times and batch: of every channel Σ g·v[t −
/// d] for its lags d, Σ g·v for its skip and Σ g for its start.
template <class R>
struct FilterGradientCall {
  SignalBatch<const R> u, pre, dy, post;
  bool skip = false, start = false;
};

template <class Core>
[[nodiscard]] std::size_t filter_gradient_bytes(const Core& core) {
  using R = typename Core::Scalar;
  return bytes_of<R>(core.most_inputs()) + bytes_of<R>(core.most_outputs()) +
         bytes_of<R>(core.gradient_size()) + bytes_of<R>(core.taps_count()) + core.gradient_bytes();
}

/// Σ a·b, or Σ a where b is null.
template <class R>
[[nodiscard]] R dot(Index count, const R* a, const R* b, R sum) {
  kernels::signals<R>().tap_gradients(
      {.count = count, .g = a, .x = b, .taps_count = 1, .sums = &sum});
  return sum;
}

/// Channel h; put(h, gradients of its lags, of its skip, of its start) takes what comes out. Batch
/// entries are added in their order, whatever the threads.
template <class Core, class R, class Put>
void filter_gradient(const Core& core, const FilterGradientCall<R>& call, Index h, const Put& put,
                     Workspace& workspace) {
  Workspace::Frame frame(workspace);
  R* const in = frame.take<R>(core.most_inputs());
  R* const out = frame.take<R>(core.most_outputs());
  R* const sums = frame.take<R>(core.gradient_size());
  R* const taps = frame.take<R>(core.taps_count());
  std::fill_n(sums, core.gradient_size(), R(0));
  R skip = 0, start = 0;
  for (Index b = 0; b < call.u.batch(); ++b) {
    const GatedSignal<R> inputs(call.u, call.pre, b, h), outputs(call.dy, call.post, b, h);
    for (Index piece = 0; piece < core.pieces(); ++piece) {
      const Segment s = core.segment(piece, false);
      const R* const v = inputs.load(s.in, s.in_count, call.u.length(), core.circular(), in);
      const R* const g = outputs.load(s.out, s.out_count, call.u.length(), false, out);
      core.add_gradient(s, v, g, sums, workspace);
      if (call.skip) skip = dot(s.out_count, g, v + (s.out - s.in), skip);
      if (call.start) start = dot<R>(s.out_count, g, nullptr, start);
    }
  }
  core.gradient(sums, taps, workspace);
  put(h, taps, skip, start);
}

template <class Core, class R, class Put>
void filter_gradients(const Core& core, const FilterGradientCall<R>& call, const Put& put,
                      Workspace& workspace) {
  for_units(call.u.channels(), core.work() * static_cast<double>(call.u.batch()),
            filter_gradient_bytes(core), workspace,
            [&](Index h, Workspace& own) { filter_gradient(core, call, h, put, own); });
}

}  // namespace strum::inline STRUM_ABI::detail
