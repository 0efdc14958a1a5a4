// HartleyTransform: the discrete Hartley transform of any length.
#pragma once

#include <string_view>

#include "strum/transforms/real_fft.hpp"
#include "strum/transforms/real_to_real.hpp"

namespace strum::inline STRUM_ABI {

/// y_k = Σ_j x_j·(cos(2πjk/n) + sin(2πjk/n)) = Re X_k − Im X_k of every column x of a matrix, X its
/// Fourier transform. Symmetric, and its own inverse over n; Norm as there.
template <class R>
class HartleyTransform : public detail::RealToReal<HartleyTransform<R>, R> {
 public:
  /// Throws ShapeError unless n >= 1.
  explicit HartleyTransform(Index n) : fft_(checked(n)) {}

  [[nodiscard]] Index length() const { return fft_.length(); }
  [[nodiscard]] static constexpr std::string_view name() { return "HartleyTransform"; }

 private:
  friend detail::RealToReal<HartleyTransform, R>;
  using Complex = std::complex<R>;

  [[nodiscard]] static Index checked(Index n) {
    if (n < 1) detail::fail<ShapeError>(name(), ": a length of ", n);
    return n;
  }

  [[nodiscard]] R pass(Norm norm, detail::TransformMode mode) const {
    return static_cast<R>(detail::norm_factor(norm, mode.inverse, length()));
  }
  [[nodiscard]] std::size_t signal_bytes() const {
    return Workspace::rounded(static_cast<std::size_t>(fft_.spectrum_length()) * sizeof(Complex)) +
           fft_.workspace_bytes(1);
  }
  void transform(R scale, const R* x, R* y, Workspace& workspace) const {
    const Index n = length(), count = fft_.spectrum_length();
    Workspace::Frame frame(workspace);
    Complex* const z = frame.template take<Complex>(count);
    fft_.forward(MatrixView<const R>(x, n, 1), MatrixView<Complex>(z, count, 1), Norm::backward,
                 workspace);
    y[0] = scale * z[0].real();
    for (Index k = 1; k < n - k; ++k) {
      y[k] = scale * (z[k].real() - z[k].imag());
      y[n - k] = scale * (z[k].real() + z[k].imag());
    }
    if (n % 2 == 0) y[n / 2] = scale * z[n / 2].real();
  }

  RealFft<R> fft_;
};

}  // namespace strum::inline STRUM_ABI
