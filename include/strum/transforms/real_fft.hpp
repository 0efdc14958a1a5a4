// RealFft: the discrete Fourier transform of real signals.
#pragma once

#include "strum/transforms/fft.hpp"

namespace strum::inline STRUM_ABI {

/// X[k] = Σ_j x[j]·e^{−2πijk/n}, k = 0 … n/2 (rounded down), of every column of a real matrix, and
/// its inverse. The inverse does not read the imaginary parts of X[0] and, n even, X[n/2].
template <class R>
class RealFft {
 public:
  using Complex = std::complex<R>;
  /// Throws ShapeError unless n >= 1.
  explicit RealFft(Index n) : fft_(n) {}
  [[nodiscard]] Index length() const { return fft_.length(); }
  /// n/2 + 1.
  [[nodiscard]] Index spectrum_length() const { return length() / 2 + 1; }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return 2 * detail::signals_bytes<Complex, Complex>(2 * length(), 2 * length(), batch);
  }

  /// x is n x batch, y (n/2 + 1) x batch, in any layout.
  void forward(const MatrixView<const R>& x, const MatrixView<Complex>& y,
               Norm norm = Norm::backward) const {
    forward(x, y, norm, detail::thread_workspace());
  }
  void forward(const MatrixView<const R>& x, const MatrixView<Complex>& y, Norm norm,
               Workspace&) const {
    const Index n = length();
    std::vector<Complex> a(static_cast<std::size_t>(n));
    for (Index s = 0; s < x.cols(); ++s) {
      for (Index j = 0; j < n; ++j) a[std::size_t(j)] = x(j, s);
      fft_.forward(MatrixView<const Complex>(a.data(), n, 1), MatrixView<Complex>(a.data(), n, 1),
                   norm);
      for (Index k = 0; k < spectrum_length(); ++k) y(k, s) = a[std::size_t(k)];
    }
  }
  void inverse(const MatrixView<const Complex>& x, const MatrixView<R>& y,
               Norm norm = Norm::backward) const {
    inverse(x, y, norm, detail::thread_workspace());
  }
  void inverse(const MatrixView<const Complex>& x, const MatrixView<R>& y, Norm norm,
               Workspace&) const {
    const Index n = length();
    std::vector<Complex> a(static_cast<std::size_t>(n));
    for (Index s = 0; s < x.cols(); ++s) {
      for (Index k = 0; k < spectrum_length(); ++k) {
        const bool real = k == 0 || 2 * k == n;
        a[std::size_t(k)] = real ? Complex(x(k, s).real()) : x(k, s);
        if (k > 0) a[std::size_t(n - k)] = std::conj(a[std::size_t(k)]);
      }
      fft_.inverse(MatrixView<const Complex>(a.data(), n, 1), MatrixView<Complex>(a.data(), n, 1),
                   norm);
      for (Index j = 0; j < n; ++j) y(j, s) = a[std::size_t(j)].real();
    }
  }

 private:
  Fft<R> fft_;
};

}  // namespace strum::inline STRUM_ABI
