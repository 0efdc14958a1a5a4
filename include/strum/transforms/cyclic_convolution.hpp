// CyclicConvolution: products with circulant matrices of one length, whose filters are transformed
// once. What circulant and Toeplitz matrices and long convolutions are made of.
#pragma once

#include <algorithm>

#include "strum/transforms/real_fft.hpp"

namespace strum::inline STRUM_ABI {

/// What a convolution does at its end: comes back at the beginning, or with its sign turned.
enum class Wrap { cyclic, negacyclic };

/// y[t] = Σ_τ k[τ]·x[t − τ], indices mod n; negacyclic: a term whose index wraps has its sign
/// turned, (t − τ) < 0: −x[t − τ + n]. Either is a linear convolution where count_x + count_k <=
/// n + 1. One signal at a time, contiguous; shorter ones are extended with zeros.
///
/// A spectrum is spectrum_size() reals in an order of its own, aligned to anything; spectra of the
/// same length and wrap may be added and multiplied with each other.
template <class ScalarType>
class CyclicConvolution {
 public:
  using Scalar = ScalarType;
  using R = Real<Scalar>;
  using Complex = std::complex<R>;

  /// Throws ShapeError unless length >= 1, and for a negacyclic convolution even.
  explicit CyclicConvolution(Index length, Wrap wrap = Wrap::cyclic) : fft_(length), wrap_(wrap) {
    if (wrap == Wrap::negacyclic && length % 2 != 0)
      detail::fail<ShapeError>("CyclicConvolution: a negacyclic one of odd length ", length);
  }

  /// The smallest length >= at_least that is transformed fast.
  [[nodiscard]] static Index good_length(Index at_least) {
    Index n = 2;
    while (n < at_least) n *= 2;
    return n;
  }

  [[nodiscard]] Index length() const { return fft_.length(); }
  [[nodiscard]] Wrap wrap() const { return wrap_; }
  /// Reals.
  [[nodiscard]] Index spectrum_size() const { return 2 * length(); }
  /// Of each of the functions below.
  [[nodiscard]] std::size_t workspace_bytes() const {
    return Workspace::rounded(static_cast<std::size_t>(4 * length()) * sizeof(Complex));
  }

  /// The spectrum of x[0], ..., x[count − 1], 0, ..., 0; conjugated: of their conjugates.
  void transform(const Scalar* x, Index count, R* spectrum, Workspace&,
                 bool conjugated = false) const {
    const Index n = length();
    std::vector<Complex> a(static_cast<std::size_t>(n));
    for (Index j = 0; j < count; ++j)
      a[std::size_t(j)] = weight(j) * (conjugated ? std::conj(Complex(x[j])) : Complex(x[j]));
    fft_.forward(MatrixView<const Complex>(a.data(), n, 1), MatrixView<Complex>(a.data(), n, 1));
    for (Index k = 0; k < n; ++k) {
      spectrum[2 * k] = a[std::size_t(k)].real();
      spectrum[2 * k + 1] = a[std::size_t(k)].imag();
    }
  }

  /// y = f·x of spectra: convolution. `correlate`: conj(f)·x, the adjoint. y may be f or x.
  void multiply(const R* f, const R* x, R* y, bool correlate = false) const {
    product<false>(f, x, y, correlate);
  }
  /// y += f·x, or conj(f)·x.
  void multiply_add(const R* f, const R* x, R* y, bool correlate = false) const {
    product<true>(f, x, y, correlate);
  }

  /// y[0 … count − 1] = entries first … first + count − 1 of the signal with this spectrum, scaled
  /// so that the inverse of transform() is the identity. Conjugated: of its conjugate.
  void inverse(const R* spectrum, Scalar* y, Index first, Index count, Workspace&,
               bool conjugated = false) const {
    const Index n = length();
    std::vector<Complex> a(static_cast<std::size_t>(n));
    for (Index k = 0; k < n; ++k) a[std::size_t(k)] = {spectrum[2 * k], spectrum[2 * k + 1]};
    fft_.inverse(MatrixView<const Complex>(a.data(), n, 1), MatrixView<Complex>(a.data(), n, 1));
    for (Index t = 0; t < count; ++t) {
      const Complex value = a[std::size_t(first + t)] * std::conj(weight(first + t));
      if constexpr (kIsComplex<Scalar>)
        y[t] = conjugated ? std::conj(value) : value;
      else
        y[t] = value.real();
    }
  }

  /// Rows first_y … first_y + count_y − 1 of A·x, Aᵀ·x, Aᴴ·x or conj(A)·x, A the (nega)cyclic
  /// convolution with the filter of this spectrum, x extended with zeros: transform, multiply and
  /// inverse in one.
  void convolve(Mode mode, const R* filter, const Scalar* x, Index count_x, Scalar* y,
                Index first_y, Index count_y, Workspace& workspace) const {
    const bool turned = mode == Mode::transpose || mode == Mode::conjugate;
    Workspace::Frame frame(workspace);
    R* const spectrum = frame.take<R>(spectrum_size());
    transform(x, count_x, spectrum, workspace, turned);
    multiply(filter, spectrum, spectrum, transposes(mode));
    inverse(spectrum, y, first_y, count_y, workspace, turned);
  }

 private:
  [[nodiscard]] Complex weight(Index j) const {
    if (wrap_ == Wrap::cyclic) return Complex(1);
    return Complex(static_cast<R>(detail::cos_pi(j, length())),
                   static_cast<R>(detail::sin_pi(j, length())));
  }
  template <bool Add>
  void product(const R* f, const R* x, R* y, bool correlate) const {
    for (Index k = 0; k < length(); ++k) {
      const R sign = correlate ? R(-1) : R(1);
      const Complex v = Complex(f[2 * k], sign * f[2 * k + 1]) * Complex(x[2 * k], x[2 * k + 1]);
      y[2 * k] = (Add ? y[2 * k] : R(0)) + v.real();
      y[2 * k + 1] = (Add ? y[2 * k + 1] : R(0)) + v.imag();
    }
  }

  Fft<R> fft_;
  Wrap wrap_;
};

}  // namespace strum::inline STRUM_ABI
