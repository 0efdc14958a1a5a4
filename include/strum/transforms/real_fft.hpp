// RealFft: the discrete Fourier transform of real signals.
#pragma once

#include "strum/transforms/fft.hpp"

namespace strum::inline STRUM_ABI {

/// X[k] = Σ_j x[j]·e^{−2πijk/n}, k = 0 … n/2 (rounded down), of every column of a real matrix, and
/// its inverse. An even length takes half the time of a complex transform, an odd one all of it.
/// Layouts, bits and threads as those of Fft.
template <class R>
class RealFft {
 public:
  using Complex = std::complex<R>;

  /// Of length 0, which transforms nothing.
  RealFft() = default;
  /// Throws ShapeError unless n >= 1.
  explicit RealFft(Index n) : n_(n) {
    if (n % 2 == 0 && n > 0) plan_ = detail::FftPlan<R>::get(n / 2, detail::FftUse::real);
    if (plan_ != nullptr && plan_->direct()) return;
    plan_ = detail::FftPlan<R>::get(n);
    halves_ = false;
  }

  [[nodiscard]] Index length() const { return plan_ == nullptr ? 0 : n_; }
  /// n/2 + 1.
  [[nodiscard]] Index spectrum_length() const { return plan_ == nullptr ? 0 : n_ / 2 + 1; }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (plan_ == nullptr) return 0;
    const auto scratch = [&](bool tile) {
      return Workspace::rounded(static_cast<std::size_t>(plan_->scratch(tile)) * sizeof(R));
    };
    const std::size_t one = scratch(false) + detail::signals_bytes<Complex, Complex>(
                                                 spectrum_length(), spectrum_length(), batch);
    if (halves_) return std::max(scratch(true), one);
    return one + Workspace::rounded(static_cast<std::size_t>(n_) * sizeof(Complex));
  }

  /// x is n x batch, y (n/2 + 1) x batch, in any layout, without a common element. Throws
  /// ShapeError.
  void forward(const MatrixView<const R>& x, const MatrixView<Complex>& y,
               Norm norm = Norm::backward) const {
    forward(x, y, norm, detail::thread_workspace());
  }
  void forward(const MatrixView<const R>& x, const MatrixView<Complex>& y, Norm norm,
               Workspace& workspace) const {
    run(length(), spectrum_length(), norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void forward(const X& x, Y&& y, Norm norm = Norm::backward) const {
    forward(MatrixView<const R>(view(x)), mutable_view(y), norm);
  }
  /// The way back. Does not read the imaginary parts of X[0] and, n even, X[n/2].
  void inverse(const MatrixView<const Complex>& x, const MatrixView<R>& y,
               Norm norm = Norm::backward) const {
    inverse(x, y, norm, detail::thread_workspace());
  }
  void inverse(const MatrixView<const Complex>& x, const MatrixView<R>& y, Norm norm,
               Workspace& workspace) const {
    run(spectrum_length(), length(), norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void inverse(const X& x, Y&& y, Norm norm = Norm::backward) const {
    inverse(MatrixView<const Complex>(view(x)), mutable_view(y), norm);
  }

 private:
  template <class X, class Y>
  void run(Index rows_x, Index rows_y, Norm norm, const MatrixView<const X>& x,
           const MatrixView<Y>& y, Workspace& workspace) const {
    constexpr bool kInverse = kIsComplex<X>;
    detail::check_signals("RealFft", rows_x, rows_y, {x.rows(), x.cols()}, {y.rows(), y.cols()});
    if (x.size() == 0) return;
    const R scale = static_cast<R>(detail::norm_factor(norm, kInverse, n_));
    const bool columns = halves_ && x.row_stride() == 1 && y.row_stride() == 1;
    const bool rows =
        halves_ && x.col_stride() == 1 && y.col_stride() == 1 && x.cols() > 1 && plan_->tile_pays();
    Workspace::Frame frame(workspace);
    kernels::FftCall<R> call = {.stages = &plan_->stages(),
                                .x = reinterpret_cast<const R*>(x.data()),
                                .y = reinterpret_cast<R*>(y.data()),
                                .batch = x.cols(),
                                .signals_are_neighbours = rows && !columns,
                                .x_step = x.row_stride(),
                                .y_step = y.row_stride(),
                                .x_pitch = x.col_stride(),
                                .y_pitch = y.col_stride(),
                                .scale = scale,
                                .inverse = kInverse,
                                .scratch = frame.take<R>(plan_->scratch(rows && !columns))};
    if (rows || columns) return kernels::signals<R>().fft_real(call);
    call.batch = 1;
    Complex* const whole = halves_ ? nullptr : frame.take<Complex>(n_);
    detail::for_each_signal(Y(1), x, Y(0), y, workspace, [&](const X* in, Y* out) {
      if (!halves_) return run_whole(scale, in, out, whole, call.scratch);
      call.x = reinterpret_cast<const R*>(in);
      call.y = reinterpret_cast<R*>(out);
      kernels::signals<R>().fft_real(call);
    });
  }

  /// Through a complex transform of n.
  void run_whole(R scale, const R* x, Complex* y, Complex* whole, R* scratch) const {
    for (Index j = 0; j < n_; ++j) whole[j] = x[j];
    plan_->transform(false, scale, whole, whole, scratch);
    std::copy_n(whole, spectrum_length(), y);
  }
  void run_whole(R scale, const Complex* x, R* y, Complex* whole, R* scratch) const {
    whole[0] = x[0].real();
    for (Index k = 1; k < spectrum_length(); ++k) {
      whole[k] = 2 * k == n_ ? Complex(x[k].real()) : x[k];
      whole[n_ - k] = std::conj(whole[k]);
    }
    plan_->transform(true, scale, whole, whole, scratch);
    for (Index j = 0; j < n_; ++j) y[j] = whole[j].real();
  }

  Index n_ = 0;
  bool halves_ = true;
  std::shared_ptr<const detail::FftPlan<R>> plan_;
};

}  // namespace strum::inline STRUM_ABI
