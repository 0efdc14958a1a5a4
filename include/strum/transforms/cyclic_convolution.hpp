// CyclicConvolution: products with circulant matrices of one length, whose filters are transformed
// once. What circulant and Toeplitz matrices and long convolutions are made of.
#pragma once

#include <algorithm>
#include <complex>
#include <memory>

#include "strum/transforms/fft.hpp"

namespace strum::inline STRUM_ABI {

/// What a convolution does at its end: comes back at the beginning, or with its sign turned.
enum class Wrap { cyclic, negacyclic };

/// y[t] = Σ_τ k[τ]·x[t − τ], indices mod n; negacyclic: a term whose index wraps, t < τ, is
/// −k[τ]·x[t − τ + n]. Either is a linear convolution where count_x + count_k <= n + 1. One signal
/// at a time, contiguous; shorter ones are extended with zeros.
///
/// A spectrum is spectrum_size() reals in an order of its own; spectra of the same length and wrap
/// may be added, scaled and multiplied with each other. Of real signals the negacyclic one takes
/// less: with a the first and b the second half of a signal, (a + i·b)·e^{iπj/n} is n/2 complex
/// numbers whose transform is all of its spectrum, with nothing to take apart; the cyclic one costs
/// another pass each way. (Polynomials mod X^n + 1 are those mod X^{n/2} − i.)
template <class ScalarType>
class CyclicConvolution {
 public:
  using Scalar = ScalarType;
  using R = Real<Scalar>;

  /// Of length 0.
  CyclicConvolution() = default;

  /// Throws ShapeError unless length >= 1, and for a negacyclic convolution even. A length whose
  /// half has large prime factors is slow; of a linear convolution take good_length().
  explicit CyclicConvolution(Index length, Wrap wrap = Wrap::cyclic)
      : length_(length), wrap_(wrap), kind_(kind_of(length, wrap)) {
    using detail::FftPlan, detail::FftUse;
    if (wrap == Wrap::negacyclic && (length < 1 || length % 2 != 0))
      detail::fail<ShapeError>("CyclicConvolution: a negacyclic one of length ", length,
                               ", which is not even");
    if (kind_ != Kind::complex)
      plan_ = FftPlan<R>::get(length / 2, kind_ == Kind::real ? FftUse::real : FftUse::twisted);
    if (plan_ == nullptr || !plan_->direct()) {
      kind_ = Kind::complex;
      plan_ = FftPlan<R>::get(length);
    }
    if (kind_ == Kind::complex && wrap == Wrap::negacyclic)
      twists_ = FftPlan<R>::get(length, FftUse::negacyclic);
  }

  /// The smallest length >= at_least that is transformed fast. Even.
  [[nodiscard]] static Index good_length(Index at_least) {
    return 2 * detail::smooth_length((std::max(at_least, Index{1}) + 1) / 2);
  }

  [[nodiscard]] Index length() const { return length_; }
  [[nodiscard]] Wrap wrap() const { return wrap_; }
  /// Reals.
  [[nodiscard]] Index spectrum_size() const {
    return kind_ == Kind::complex ? 2 * length_ : length_;
  }
  /// What each of the functions below takes, plus a spectrum for convolve().
  [[nodiscard]] std::size_t workspace_bytes() const {
    if (plan_ == nullptr) return 0;
    const auto reals = [](Index count) {
      return Workspace::rounded(static_cast<std::size_t>(count) * sizeof(R));
    };
    return reals(plan_->scratch(false)) + reals(spectrum_size()) +
           (staged() ? reals(2 * length_) : 0);
  }
  /// Real operations of transform() or inverse(), 5·m·log₂ m for m complex numbers, as is usual.
  [[nodiscard]] Index transform_flops() const {
    const Index m = plan_ == nullptr ? 1 : plan_->length();
    Index log = 0;
    while ((Index{1} << log) < m) ++log;
    return 5 * m * log + (kind_ == Kind::real ? 5 * m : kind_ == Kind::twisted ? 3 * m : 0);
  }
  /// Of multiply().
  [[nodiscard]] Index multiply_flops() const { return 3 * spectrum_size(); }

  /// The spectrum of x[0], ..., x[count − 1], 0, ..., 0, count <= length(); conjugated: of their
  /// conjugates.
  void transform(const Scalar* x, Index count, R* spectrum, Workspace& workspace,
                 bool conjugated = false) const {
    Workspace::Frame frame(workspace);
    R* const scratch = frame.take<R>(plan_->scratch(false));
    if (staged()) return transform_staged(x, count, spectrum, frame, scratch, conjugated);
    run({.inverse = false,
         .conjugated = conjugated,
         .x = reinterpret_cast<const R*>(x),
         .y = spectrum,
         .first = 0,
         .count = count,
         .scale = R(1)},
        scratch);
  }

  /// y = f·x of spectra: convolution. `correlate`: conj(f)·x, the adjoint of it. y may be f or x.
  void multiply(const R* f, const R* x, R* y, bool correlate = false) const {
    product(f, x, y, correlate, false);
  }
  /// y += f·x, or conj(f)·x.
  void multiply_add(const R* f, const R* x, R* y, bool correlate = false) const {
    product(f, x, y, correlate, true);
  }

  /// y[0 … count − 1] = entries first … first + count − 1 of the signal with this spectrum: the
  /// inverse of transform(). Conjugated: of its conjugate.
  void inverse(const R* spectrum, Scalar* y, Index first, Index count, Workspace& workspace,
               bool conjugated = false) const {
    Workspace::Frame frame(workspace);
    R* const scratch = frame.take<R>(plan_->scratch(false));
    if (staged()) return inverse_staged(spectrum, y, first, count, frame, scratch, conjugated);
    run({.inverse = true,
         .conjugated = conjugated,
         .x = spectrum,
         .y = reinterpret_cast<R*>(y),
         .first = first,
         .count = count,
         .scale = R(1) / static_cast<R>(kind_ == Kind::twisted ? length_ / 2 : length_)},
        scratch);
  }

  /// Rows first_y … first_y + count_y − 1 of A·x, Aᵀ·x, Aᴴ·x or conj(A)·x, A the (nega)cyclic
  /// convolution with the filter of this spectrum, x extended with zeros: transform, multiply and
  /// inverse in one. y may be x.
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
  using Kind = kernels::SpectrumKind;
  using Complex = std::complex<R>;

  /// The part of a kernel's call that differs from signal to signal.
  struct Signal {
    bool inverse, conjugated;
    const R* x;
    R* y;
    Index first, count;
    R scale;
  };

  [[nodiscard]] static Kind kind_of(Index length, Wrap wrap) {
    if (kIsComplex<Scalar> || length % 2 != 0) return Kind::complex;
    return wrap == Wrap::cyclic ? Kind::real : Kind::twisted;
  }

  /// Whether signals go through a whole complex transform of their own: real ones of a length that
  /// has no other way, and any where a large prime needs Bluestein's.
  [[nodiscard]] bool staged() const {
    return plan_ != nullptr && kind_ == Kind::complex && (!kIsComplex<Scalar> || !plan_->direct());
  }

  void run(const Signal& signal, R* scratch) const {
    kernels::signals<R>().fft_spectrum({.stages = &plan_->stages(),
                                        .kind = kind_,
                                        .weights = kind_ == Kind::twisted ? plan_->weights()
                                                   : twists_ != nullptr   ? twists_->weights()
                                                                          : nullptr,
                                        .inverse = signal.inverse,
                                        .conjugated = signal.conjugated,
                                        .x = signal.x,
                                        .y = signal.y,
                                        .first = signal.first,
                                        .count = signal.count,
                                        .scale = signal.scale,
                                        .scratch = scratch});
  }

  void product(const R* f, const R* x, R* y, bool correlate, bool add) const {
    kernels::signals<R>().multiply_spectra({.n = spectrum_size() / 2,
                                            .packed = kind_ == Kind::real,
                                            .f = f,
                                            .x = x,
                                            .y = y,
                                            .correlate = correlate,
                                            .add = add});
  }

  /// e^{iπj/n} of a negacyclic convolution.
  [[nodiscard]] Complex weight(Index j) const {
    return Complex(static_cast<R>(detail::cos_pi(j, length_)),
                   static_cast<R>(detail::sin_pi(j, length_)));
  }

  void transform_staged(const Scalar* x, Index count, R* spectrum, Workspace::Frame& frame,
                        R* scratch, bool conjugated) const {
    auto* const stage = frame.take<Complex>(length_);
    for (Index j = 0; j < count; ++j) {
      const Complex value = conjugated ? std::conj(Complex(x[j])) : Complex(x[j]);
      stage[j] = wrap_ == Wrap::cyclic ? value : detail::multiply(value, weight(j));
    }
    std::fill(stage + count, stage + length_, Complex());
    plan_->transform(false, R(1), stage, stage, scratch);
    for (Index k = 0; k < length_; ++k) {
      spectrum[k] = stage[k].real();
      spectrum[length_ + k] = stage[k].imag();
    }
  }

  void inverse_staged(const R* spectrum, Scalar* y, Index first, Index count,
                      Workspace::Frame& frame, R* scratch, bool conjugated) const {
    auto* const stage = frame.take<Complex>(length_);
    for (Index k = 0; k < length_; ++k) stage[k] = {spectrum[k], spectrum[length_ + k]};
    plan_->transform(true, R(1) / static_cast<R>(length_), stage, stage, scratch);
    for (Index t = 0; t < count; ++t) {
      Complex value = stage[first + t];
      if (wrap_ == Wrap::negacyclic) value = detail::multiply(value, std::conj(weight(first + t)));
      if constexpr (kIsComplex<Scalar>)
        y[t] = conjugated ? std::conj(value) : value;
      else
        y[t] = value.real();
    }
  }

  Index length_ = 0;
  Wrap wrap_ = Wrap::cyclic;
  Kind kind_ = Kind::complex;
  std::shared_ptr<const detail::FftPlan<R>> plan_;
  std::shared_ptr<const detail::FftPlan<R>> twists_;  // the weights of complex numbers
};

}  // namespace strum::inline STRUM_ABI
