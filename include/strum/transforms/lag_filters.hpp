// LagFilters: the filters of all channels, prepared for the way they are applied.
#pragma once

#include <algorithm>

#include "strum/core/buffer.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/convolution_plan.hpp"

namespace strum::inline STRUM_ABI::detail {

/// y[t] = start[h] + Σ_d h[d]·u[t − d], −back <= d <= front, for each of some channels: the core of
/// a convolution, without gates and ends. With `transposed` Σ_d h[d]·u[t + d].
template <class R>
class LagFilters {
 public:
  using Scalar = R;

  LagFilters() = default;
  LagFilters(const ConvolutionPlan& plan, Index channels)
      : plan_(plan), taps_(checked_product(channels, plan.lags.taps(), "convolution")) {
    if (plan.transform_length == 0) return;
    cyclic_ = CyclicConvolution<R>(plan.transform_length, plan.wrap);
    spectra_ = Buffer<R>(checked_product(channels, cyclic_.spectrum_size(), "convolution"));
  }

  [[nodiscard]] const ConvolutionPlan& plan() const { return plan_; }
  [[nodiscard]] Index pieces() const { return plan_.pieces(); }
  [[nodiscard]] Segment segment(Index piece, bool transposed) const {
    return plan_.segment(piece, transposed);
  }
  [[nodiscard]] bool circular() const { return plan_.circular; }
  [[nodiscard]] Index most_inputs() const { return plan_.most_inputs(); }
  [[nodiscard]] Index most_outputs() const { return plan_.outputs; }
  [[nodiscard]] Index taps_count() const { return plan_.lags.taps(); }
  [[nodiscard]] std::size_t bytes() const { return taps_.bytes() + spectra_.bytes(); }
  [[nodiscard]] double flops() const { return plan_.flops(); }
  /// Of one signal, in single-precision multiply-adds at their best: half of that is what the
  /// direct kernel reaches.
  [[nodiscard]] double work() const {
    return plan_.cost() * kDirectPerTransformFlop * sizeof(R) / sizeof(float);
  }

  /// h[−back] … h[front] of channel h; prepare(h) follows what changes them.
  [[nodiscard]] R* taps(Index h) { return taps_.data() + h * taps_count(); }
  [[nodiscard]] const R* taps(Index h) const { return taps_.data() + h * taps_count(); }

  void prepare(Index h, Workspace& workspace) {
    if (direct()) return;
    const Index n = cyclic_.length();
    const Lags lags = plan_.lags;
    Workspace::Frame frame(workspace);
    R* const wrapped = frame.take<R>(n);
    std::fill_n(wrapped, n, R(0));
    for (Index d = -lags.back; d <= lags.front; ++d)
      wrapped[d < 0 ? d + n : d] = wrap_sign(d) * taps(h)[d + lags.back];
    cyclic_.transform(wrapped, n, spectra_.data() + h * cyclic_.spectrum_size(), workspace);
  }

  /// Scratch of run().
  [[nodiscard]] std::size_t run_bytes() const { return cyclic_.workspace_bytes(); }

  /// The outputs of a segment from its inputs.
  void run(Index h, bool transposed, const Segment& segment, const R* in, R start, R* out,
           Workspace& workspace) const {
    if (!direct()) {
      cyclic_.convolve(transposed ? Mode::transpose : Mode::plain, spectrum(h), in,
                       segment.in_count, out, plan_.lead(transposed), segment.out_count, workspace);
      return;
    }
    const Index last = taps_count() - 1;
    kernels::signals<R>().direct_convolution({.count = segment.out_count,
                                              .x = in,
                                              .taps_count = taps_count(),
                                              .taps = taps(h) + (transposed ? 0 : last),
                                              .tap_step = transposed ? 1 : -1,
                                              .start = start,
                                              .y = out});
  }

  /// Reals in which a channel's gradient is summed up: zeros at first.
  [[nodiscard]] Index gradient_size() const {
    return direct() ? taps_count() : cyclic_.spectrum_size();
  }
  /// Scratch of add_gradient() and gradient().
  [[nodiscard]] std::size_t gradient_bytes() const {
    if (direct()) return 0;
    const auto reals = [](Index count) {
      return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(R));
    };
    return 2 * reals(cyclic_.spectrum_size()) + reals(cyclic_.length()) + cyclic_.workspace_bytes();
  }

  /// Adds what a segment of the plain product contributes: its inputs, and the gradient of its
  /// outputs.
  void add_gradient(const Segment& segment, const R* in, const R* g, R* sums,
                    Workspace& workspace) const {
    if (direct()) {
      kernels::signals<R>().tap_gradients(
          {.count = segment.out_count, .g = g, .x = in, .taps_count = taps_count(), .sums = sums});
      return;
    }
    Workspace::Frame frame(workspace);
    R* const in_spectrum = frame.take<R>(cyclic_.spectrum_size());
    R* const g_spectrum = frame.take<R>(cyclic_.spectrum_size());
    cyclic_.transform(in, segment.in_count, in_spectrum, workspace);
    {
      Workspace::Frame inner(workspace);
      const Index lead = plan_.lead(false);
      R* const placed = inner.take<R>(cyclic_.length());
      std::fill_n(placed, lead, R(0));
      std::copy_n(g, segment.out_count, placed + lead);
      cyclic_.transform(placed, lead + segment.out_count, g_spectrum, workspace);
    }
    cyclic_.multiply_add(in_spectrum, g_spectrum, sums, true);
  }

  /// From the sums to the gradients of h[−back] … h[front].
  void gradient(R* sums, R* taps, Workspace& workspace) const {
    const Lags lags = plan_.lags;
    if (direct()) {  // sums[i] belongs to lag front − i
      std::reverse_copy(sums, sums + taps_count(), taps);
      return;
    }
    const Index n = cyclic_.length();
    Workspace::Frame frame(workspace);
    R* const wrapped = frame.take<R>(n);
    cyclic_.inverse(sums, wrapped, 0, n, workspace);
    for (Index d = -lags.back; d <= lags.front; ++d)
      taps[d + lags.back] = wrap_sign(d) * wrapped[d < 0 ? d + n : d];
  }

  /// Where a signal goes through in one piece, its spectrum serves several products.
  [[nodiscard]] bool keeps_spectra() const { return plan_.whole(); }
  [[nodiscard]] Index spectrum_size() const { return cyclic_.spectrum_size(); }
  void transform(const R* x, R* spectrum, Workspace& workspace) const {
    cyclic_.transform(x, plan_.length, spectrum, workspace);
  }
  /// Adds what two spectra contribute to the gradient.
  void add_gradient(const R* in_spectrum, const R* g_spectrum, R* sums) const {
    cyclic_.multiply_add(in_spectrum, g_spectrum, sums, true);
  }
  /// What run() makes of the signal with this spectrum; scratch is another.
  void finish(Index h, bool transposed, const R* of, R* scratch, R* out,
              Workspace& workspace) const {
    cyclic_.multiply(spectrum(h), of, scratch, transposed);
    cyclic_.inverse(scratch, out, 0, plan_.length, workspace);
  }

 private:
  [[nodiscard]] bool direct() const { return plan_.transform_length == 0; }
  /// A negacyclic convolution turns the sign of what wraps.
  [[nodiscard]] R wrap_sign(Index d) const {
    return d < 0 && plan_.wrap == Wrap::negacyclic ? R(-1) : R(1);
  }
  [[nodiscard]] const R* spectrum(Index h) const {
    return spectra_.data() + h * cyclic_.spectrum_size();
  }

  ConvolutionPlan plan_;
  Buffer<R> taps_, spectra_;
  CyclicConvolution<R> cyclic_;
};

}  // namespace strum::inline STRUM_ABI::detail
