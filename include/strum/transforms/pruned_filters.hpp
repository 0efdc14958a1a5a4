// PrunedFilters: filters with a few low frequencies, applied without computing the others.
#pragma once

#include <algorithm>
#include <complex>
#include <optional>

#include "strum/core/angles.hpp"
#include "strum/core/buffer.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/convolution_plan.hpp"
#include "strum/transforms/real_fft.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Operations of a convolution of period N of which `keep` bins are not zero, by P phases: the
/// transforms of the phases of length N/P there and back, and where there is more than one, a
/// multiply-add and a product for each bin and phase.
[[nodiscard]] inline double pruned_flops(Index period, Index keep, Index phases) {
  const auto bins = static_cast<double>(keep), p = static_cast<double>(phases);
  return 2 * p * real_transform_flops(period / phases) + 6 * bins +
         (phases > 1 ? 14 * p * bins : 0);
}

/// The number of phases, a power of two, with the fewest operations. A bin must not meet its
/// conjugate in a phase's spectrum: keep <= N/(2P).
[[nodiscard]] inline Index best_phases(Index period, Index keep) {
  Index best = 1;
  for (Index p = 2; period % p == 0 && keep <= period / (2 * p); p *= 2)
    if (pruned_flops(period, keep, p) < pruned_flops(period, keep, best)) best = p;
  return best;
}

/// y[t] = Σ_{|k| < keep} F[k]·U[k]·w^{−tk}/N, 0 <= t < L, w = e^{−2πi/N}, U[k] = Σ_t u[t]·w^{tk}:
/// the core of a FrequencySparseConvolution. In P phases of M = N/P numbers each,
///
///     X_a[q] = Σ_j u[a + P·j]·e^{−2πijq/M},   U[k] = Σ_a w^{ak}·X_a[k],   k < keep <= M/2,
///
/// and back: the phases of y have the spectra Y_a[k] = w^{−ak}·F[k]·U[k]/P, which are zero from
/// `keep` on. Transforms shrink by log₂ P levels, and no bin beyond is read, computed or stored.
template <class R>
class PrunedFilters {
 public:
  using Scalar = R;
  using Complex = std::complex<R>;

  PrunedFilters() = default;
  PrunedFilters(Index length, Index period, Index keep, Index taps, Index channels)
      : length_(length),
        period_(period),
        keep_(keep),
        taps_(taps),
        phases_(best_phases(period, keep)),
        transform_(std::in_place, period / phases_),
        twiddles_(phases_ > 1 ? phases_ * keep : 0),
        spectra_(checked_product(channels, keep, "convolution")) {
    for (Index a = 0; a < phases_ && phases_ > 1; ++a)
      for (Index k = 0; k < keep; ++k)
        twiddles_.data()[a * keep + k] = {static_cast<R>(cos_pi(2 * (a * k % period), period)),
                                          static_cast<R>(-sin_pi(2 * (a * k % period), period))};
  }

  [[nodiscard]] Index phases() const { return phases_; }
  [[nodiscard]] Index pieces() const { return 1; }
  [[nodiscard]] Segment segment(Index, bool) const { return {0, length_, 0, length_}; }
  [[nodiscard]] bool circular() const { return false; }
  [[nodiscard]] Index most_inputs() const { return length_; }
  [[nodiscard]] Index most_outputs() const { return length_; }
  [[nodiscard]] Index taps_count() const { return taps_; }
  [[nodiscard]] std::size_t bytes() const { return twiddles_.bytes() + spectra_.bytes(); }
  [[nodiscard]] double flops() const { return pruned_flops(period_, keep_, phases_); }
  [[nodiscard]] double work() const {
    return (flops() + static_cast<double>(phases_) * kTransformOverhead) * kDirectPerTransformFlop *
           sizeof(R) / sizeof(float);
  }

  /// The spectrum of channel h from its filter.
  void prepare(Index h, const R* filter, Workspace& workspace) {
    forward(filter, taps_, spectra_.data() + h * keep_, workspace);
  }

  [[nodiscard]] std::size_t run_bytes() const { return 2 * bins_bytes(keep_) + transform_bytes(); }

  void run(Index h, bool transposed, const Segment& segment, const R* in, R, R* out,
           Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    Complex* const u = frame.take<Complex>(keep_);
    Complex* const y = frame.take<Complex>(keep_);
    forward(in, segment.in_count, u, workspace);
    product(spectra_.data() + h * keep_, u, y, transposed, false);
    inverse(y, out, segment.out_count, workspace);
  }

  [[nodiscard]] Index gradient_size() const { return 2 * keep_; }
  [[nodiscard]] std::size_t gradient_bytes() const {
    return 2 * bins_bytes(keep_) + transform_bytes();
  }
  void add_gradient(const Segment& segment, const R* in, const R* g, R* sums,
                    Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    Complex* const in_spectrum = frame.take<Complex>(keep_);
    Complex* const g_spectrum = frame.take<Complex>(keep_);
    forward(in, segment.in_count, in_spectrum, workspace);
    forward(g, segment.out_count, g_spectrum, workspace);
    product(in_spectrum, g_spectrum, reinterpret_cast<Complex*>(sums), true, true);
  }
  void gradient(const R* sums, R* taps, Workspace& workspace) const {
    inverse(reinterpret_cast<const Complex*>(sums), taps, taps_, workspace);
  }

 private:
  [[nodiscard]] static std::size_t bins_bytes(Index count) {
    return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(Complex));
  }
  [[nodiscard]] std::size_t transform_bytes() const {
    return bins_bytes((period_ + 1) / 2) + bins_bytes(phases_ * transform_->spectrum_length()) +
           transform_->workspace_bytes(phases_);
  }

  /// y = f·x, or conj(f)·x and added to y.
  void product(const Complex* f, Complex* x, Complex* y, bool conjugate, bool add) const {
    kernels::PhasesCall<R> call{.bins = keep_,
                                .phases = 1,
                                .weights = f,
                                .weights_pitch = 0,
                                .phase = conjugate ? y : x,
                                .phases_pitch = 0,
                                .sum = conjugate ? x : y,
                                .add = add};
    if (conjugate)
      kernels::signals<R>().spread_phases(call);
    else
      kernels::signals<R>().gather_phases(call);
  }

  [[nodiscard]] kernels::PhasesCall<R> phases_call(Complex* phase, Complex* bins) const {
    return {.bins = keep_,
            .phases = phases_,
            .weights = twiddles_.data(),
            .weights_pitch = keep_,
            .phase = phase,
            .phases_pitch = transform_->spectrum_length(),
            .sum = bins,
            .add = false};
  }

  /// The first `keep` bins of x[0 … count − 1], extended with zeros.
  void forward(const R* x, Index count, Complex* bins, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const Index m = transform_->length();
    R* const padded = frame.take<R>(period_);
    Complex* const phase = frame.take<Complex>(phases_ * transform_->spectrum_length());
    std::copy_n(x, count, padded);
    std::fill_n(padded + count, period_ - count, R(0));
    transform_->forward(MatrixView<const R>(padded, m, phases_, phases_, 1),
                        MatrixView<Complex>(phase, transform_->spectrum_length(), phases_),
                        Norm::backward, workspace);
    if (phases_ == 1)
      std::copy_n(phase, keep_, bins);
    else
      kernels::signals<R>().gather_phases(phases_call(phase, bins));
  }

  /// x[0 … count − 1] with these bins, their conjugates and zeros for a spectrum.
  void inverse(const Complex* bins, R* x, Index count, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const Index m = transform_->length(), pitch = transform_->spectrum_length();
    R* const padded = frame.take<R>(period_);
    Complex* const phase = frame.take<Complex>(phases_ * pitch);
    if (phases_ == 1)
      std::copy_n(bins, keep_, phase);
    else
      kernels::signals<R>().spread_phases(phases_call(phase, const_cast<Complex*>(bins)));
    for (Index a = 0; a < phases_; ++a)
      std::fill_n(phase + a * pitch + keep_, pitch - keep_, Complex(0));
    transform_->inverse(MatrixView<const Complex>(phase, pitch, phases_),
                        MatrixView<R>(padded, m, phases_, phases_, 1), Norm::backward, workspace);
    const R scale = R(1) / static_cast<R>(phases_);  // a power of two
    for (Index t = 0; t < count; ++t) x[t] = scale * padded[t];
  }

  OwnedSize length_, period_, keep_, taps_, phases_;
  std::optional<RealFft<R>> transform_;
  Buffer<Complex> twiddles_, spectra_;
};

}  // namespace strum::inline STRUM_ABI::detail
