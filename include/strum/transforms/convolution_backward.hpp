// All gradients of a convolution in one pass, where a signal's spectrum serves several of them.
#pragma once

#include "strum/transforms/convolution_gradient.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The ends of backward(): to_u and to_pre take Aᵀ·g + skip·g, to_post A·v + skip·v.
template <class R>
struct BackwardCall {
  FilterGradientCall<R> filter;
  const R* skip;
  ConvolutionEnd<R> to_u, to_pre, to_post;
};

template <class Core>
[[nodiscard]] std::size_t backward_bytes(const Core& core) {
  using R = typename Core::Scalar;
  if (!core.keeps_spectra()) return 0;
  return bytes_of<R>(core.most_outputs()) + 3 * bytes_of<R>(core.spectrum_size()) +
         filter_gradient_bytes(core);
}

/// Channel h: with U and G the spectra of v and g, the gradients of the filter are those of
/// conj(U)·G, of u those of conj(F)·G, and what post was multiplied by is that of F·U. Two
/// transforms for each signal and one for each result, where the passes one by one take six.
template <class Core, class R, class Put>
void backward_channel(const Core& core, const BackwardCall<R>& call, Index h, const Put& put,
                      Workspace& workspace) {
  const FilterGradientCall<R>& f = call.filter;
  Workspace::Frame frame(workspace);
  R* const in = frame.take<R>(core.most_inputs());
  R* const g_in = frame.take<R>(core.most_outputs());
  R* const out = frame.take<R>(core.most_outputs());
  R* const v_spectrum = frame.take<R>(core.spectrum_size());
  R* const g_spectrum = frame.take<R>(core.spectrum_size());
  R* const product = frame.take<R>(core.spectrum_size());
  R* const sums = frame.take<R>(core.gradient_size());
  R* const taps = frame.take<R>(core.taps_count());
  std::fill_n(sums, core.gradient_size(), R(0));
  const Segment s = core.segment(0, false);
  R skip = 0;
  for (Index b = 0; b < f.u.batch(); ++b) {
    const R* const v = GatedSignal<R>(f.u, f.pre, b, h).load(0, s.in_count, s.in_count, false, in);
    const R* const g =
        GatedSignal<R>(f.dy, f.post, b, h).load(0, s.out_count, s.out_count, false, g_in);
    core.transform(v, v_spectrum, workspace);
    core.transform(g, g_spectrum, workspace);
    core.add_gradient(v_spectrum, g_spectrum, sums);
    if (f.skip) skip = dot(s.out_count, g, v, skip);
    if (call.to_u.y.data() != nullptr || call.to_pre.y.data() != nullptr) {
      core.finish(h, true, g_spectrum, product, out, workspace);
      for (const ConvolutionEnd<R>* end : {&call.to_u, &call.to_pre})
        end->put(b, h, s, out, call.skip, call.skip == nullptr ? nullptr : g);
    }
    if (call.to_post.y.data() != nullptr) {
      core.finish(h, false, v_spectrum, product, out, workspace);
      call.to_post.put(b, h, s, out, call.skip, call.skip == nullptr ? nullptr : v);
    }
  }
  core.gradient(sums, taps, workspace);
  put(h, taps, skip, R(0));
}

/// Whether the pass pays: every thread has channels of its own. The bits are those of the passes
/// one by one.
template <class Core, class R>
[[nodiscard]] bool prefers_one_pass(const Core& core, const BackwardCall<R>& call) {
  if (!core.keeps_spectra() || call.filter.start) return false;
  const Index channels = call.filter.u.channels(), batch = call.filter.u.batch();
  return channels >= signal_threads(core.work(), channels * batch, true);
}

template <class Core, class R, class Put>
void backward_in_one_pass(const Core& core, const BackwardCall<R>& call, const Put& put,
                          Workspace& workspace) {
  for_units(call.filter.u.channels(), core.work() * static_cast<double>(call.filter.u.batch()),
            backward_bytes(core), workspace,
            [&](Index h, Workspace& own) { backward_channel(core, call, h, put, own); });
}

}  // namespace strum::inline STRUM_ABI::detail
