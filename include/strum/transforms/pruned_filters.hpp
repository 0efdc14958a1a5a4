// PrunedFilters: filters with a few low frequencies, applied without computing the others.
#pragma once

#include <algorithm>
#include <complex>
#include <type_traits>

#include "strum/core/angles.hpp"
#include "strum/core/buffer.hpp"
#include "strum/core/owned_size.hpp"
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

/// What phases side by side cost beside their operations, in operations for each number there and
/// back: they go through tiles. Measured (AMD EPYC, family 26; 64 bins of N = 8192 by 64 phases,
/// and by one): in float 5.9 and 6.2 µs with AVX-512, 6.6 and 7.8 with AVX2; in double 8.9
/// and 13.6, 14 and 20.
template <class R>
inline constexpr double kPhaseCopyFlops = std::is_same_v<R, float> ? 20 : 4;

/// Fewer fill no tile: 8 phases in double took longer than one.
inline constexpr Index kFewestPhases = 16;

/// The number of phases, a power of two, that costs least. A bin must not meet its conjugate in a
/// phase's spectrum: keep <= N/(2P).
template <class R>
[[nodiscard]] Index best_phases(Index period, Index keep) {
  const auto cost = [&](Index p) {
    return pruned_flops(period, keep, p) +
           (p > 1 ? kPhaseCopyFlops<R> * static_cast<double>(period) : 0);
  };
  Index best = 1;
  for (Index p = 2; period % p == 0 && keep <= period / (2 * p); p *= 2)
    if (p >= kFewestPhases && cost(p) < cost(best)) best = p;
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
  PrunedFilters(Index length, Index period, Index keep, Index taps, Index channels,
                Index phases = 0)
      : length_(length),
        period_(period),
        keep_(keep),
        taps_(taps),
        phases_(phases > 0 ? phases : best_phases<R>(period, keep)),
        transform_(period / phases_),
        twiddles_(phases_ > 1 ? phases_ * keep : 0),
        spectra_(checked_product(channels, keep, "convolution")) {
    if (phases_ == 1) return;
    for (Index k = 0; k < keep; ++k)
      for (Index a = 0; a < phases_; ++a)
        twiddles_.data()[k * phases_ + a] = {static_cast<R>(cos_pi(2 * (a * k % period), period)),
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
    return (flops() + kPieceOverhead) * kDirectPerTransformFlop * sizeof(R) / sizeof(float);
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
  void gradient(R* sums, R* taps, Workspace& workspace) const {
    inverse(reinterpret_cast<Complex*>(sums), taps, taps_, workspace);
  }

  /// See LagFilters.
  [[nodiscard]] static bool keeps_spectra() { return true; }
  [[nodiscard]] Index spectrum_size() const { return 2 * keep_; }
  void transform(const R* x, R* spectrum, Workspace& workspace) const {
    forward(x, length_, reinterpret_cast<Complex*>(spectrum), workspace);
  }
  void add_gradient(const R* in_spectrum, const R* g_spectrum, R* sums) const {
    product(reinterpret_cast<const Complex*>(in_spectrum),
            reinterpret_cast<const Complex*>(g_spectrum), reinterpret_cast<Complex*>(sums), true,
            true);
  }
  void finish(Index h, bool transposed, const R* of, R* scratch, R* out,
              Workspace& workspace) const {
    auto* const bins = reinterpret_cast<Complex*>(scratch);
    product(spectra_.data() + h * keep_, reinterpret_cast<const Complex*>(of), bins, transposed,
            false);
    inverse(bins, out, length_, workspace);
  }

 private:
  [[nodiscard]] static std::size_t bins_bytes(Index count) {
    return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(Complex));
  }
  [[nodiscard]] std::size_t transform_bytes() const {
    return bins_bytes((period_ + 1) / 2) + bins_bytes(phases_ * transform_.spectrum_length()) +
           transform_.workspace_bytes(phases_);
  }

  void product(const Complex* f, const Complex* x, Complex* y, bool conjugate, bool add) const {
    kernels::signals<R>().multiply_bins(
        {.bins = keep_, .f = f, .x = x, .y = y, .conjugate = conjugate, .add = add});
  }

  /// A number of each phase in turn.
  template <class T>
  [[nodiscard]] MatrixView<T> in_turn(T* data, Index rows) const {
    return {data, rows, phases_, phases_, 1};
  }

  /// The first `keep` bins of x[0 … count − 1], extended with zeros.
  void forward(const R* x, Index count, Complex* bins, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    R* const padded = frame.take<R>(period_);
    Complex* const phase = frame.take<Complex>(phases_ * transform_.spectrum_length());
    std::copy_n(x, count, padded);
    std::fill_n(padded + count, period_ - count, R(0));
    transform_.forward(in_turn<const R>(padded, transform_.length()),
                       in_turn(phase, transform_.spectrum_length()), Norm::backward, workspace);
    if (phases_ == 1)
      std::copy_n(phase, keep_, bins);
    else
      kernels::signals<R>().gather_phases({keep_, phases_, twiddles_.data(), phase, bins});
  }

  /// x[0 … count − 1] with these bins, their conjugates and zeros for a spectrum.
  void inverse(Complex* bins, R* x, Index count, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    R* const padded = frame.take<R>(period_);
    Complex* const phase = frame.take<Complex>(phases_ * transform_.spectrum_length());
    if (phases_ == 1)
      std::copy_n(bins, keep_, phase);
    else
      kernels::signals<R>().spread_phases({keep_, phases_, twiddles_.data(), phase, bins});
    std::fill_n(phase + phases_ * keep_, phases_ * (transform_.spectrum_length() - keep_),
                Complex(0));
    transform_.inverse(in_turn<const Complex>(phase, transform_.spectrum_length()),
                       in_turn(padded, transform_.length()), Norm::backward, workspace);
    const R scale = R(1) / static_cast<R>(phases_);  // a power of two
    for (Index t = 0; t < count; ++t) x[t] = scale * padded[t];
  }

  OwnedSize length_, period_, keep_, taps_, phases_;
  RealFft<R> transform_;
  Buffer<Complex> twiddles_, spectra_;
};

}  // namespace strum::inline STRUM_ABI::detail
