// Cosine and sine transforms of types I to IV by Fourier transforms and O(n) work around them.
#pragma once

#include <algorithm>
#include <numbers>
#include <optional>
#include <vector>

#include "strum/core/angles.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/transforms/real_fft.hpp"
#include "strum/transforms/real_to_real.hpp"

namespace strum::inline STRUM_ABI::detail {

enum class Trig { cosine, sine };

/// y = scale·E⁻¹·T·E·x with T the unnormalised transform of this type: the E before T belongs to
/// types I and III, the one behind it to I and II. E is the identity but for `end` where it meets
/// the coefficient that all inputs or outputs have half the weight of: the first of a cosine
/// transform (both ends, type I), the last of a sine transform (none, type I).
///
/// With end = √2 and scale = 1/√M (see TrigPlan) this is orthogonal; and with end = 2 it is the
/// transpose, since types I and II/III have 1s at that coefficient where all else is 2·cos.
template <class R>
struct TrigPass {
  int type;
  R end, scale;
};

/// The transforms as SciPy defines them: with c(j) = cos(π·j/M), s(j) = sin(π·j/M), n numbers,
///
///     DCT-I    y_k = x_0 + (−1)^k·x_{n−1} + 2·Σ_{0<j<n−1} x_j·c(2jk)        M = 2(n − 1)
///     DCT-II   y_k = 2·Σ x_j·c((2j + 1)k)                                   M = 2n
///     DCT-III  y_k = x_0 + 2·Σ_{j>0} x_j·c(j(2k + 1))                       M = 2n
///     DCT-IV   y_k = 2·Σ x_j·c((2j + 1)(2k + 1)/2)                          M = 2n
///     DST-I    y_k = 2·Σ x_j·s(2(j + 1)(k + 1))                             M = 2(n + 1)
///     DST-II   y_k = 2·Σ x_j·s((2j + 1)(k + 1))                             M = 2n
///     DST-III  y_k = (−1)^k·x_{n−1} + 2·Σ_{j<n−1} x_j·s((j + 1)(2k + 1))    M = 2n
///     DST-IV   y_k = 2·Σ x_j·s((2j + 1)(2k + 1)/2)                          M = 2n
///
/// Types II and III are each other's inverse times M, I and IV their own. With J the reversal and
/// S = diag(1, −1, 1, ...), DST-II = J·DCT-II·S, DST-III = S·DCT-III·J, DST-IV = S·DCT-IV·J.
template <class R>
class TrigPlan {
 public:
  using Complex = std::complex<R>;

  TrigPlan() = default;
  TrigPlan(Trig kind, int type, Index n) : kind_(kind), type_(type), n_(n) {
    if (type == 1)
      real_fft_.emplace(modulus());
    else if (type == 4 && n % 2 == 0)
      make_even_type_4();
    else
      make_reordered();
  }

  [[nodiscard]] int type() const { return type_; }
  [[nodiscard]] Index length() const { return n_; }
  /// M.
  [[nodiscard]] Index modulus() const {
    return 2 * (type_ != 1 ? n_ : is_sine() ? n_ + 1 : n_ - 1);
  }

  [[nodiscard]] TrigPass<R> pass(Norm norm, TransformMode mode) const {
    const auto m = static_cast<double>(modulus());
    const bool turned = (type_ == 2 || type_ == 3) && mode.inverse != mode.transpose;
    const double end = norm == Norm::ortho ? std::numbers::sqrt2 : mode.transpose ? 2 : 1;
    const double scale = norm == Norm::ortho                       ? 1 / std::sqrt(m)
                         : (norm == Norm::forward) != mode.inverse ? 1 / m
                                                                   : 1;
    return {turned ? 5 - type_ : type_, static_cast<R>(end), static_cast<R>(scale)};
  }

  /// Scratch of a transform.
  [[nodiscard]] std::size_t signal_bytes() const {
    const Index reals = real_fft_ ? real_fft_->length() : 0;
    const Index complex = real_fft_ ? real_fft_->spectrum_length() : n_ / 2;
    return Workspace::rounded(static_cast<std::size_t>(reals) * sizeof(R)) +
           Workspace::rounded(static_cast<std::size_t>(complex) * sizeof(Complex)) +
           (real_fft_ ? real_fft_->workspace_bytes(1)
            : fft_    ? fft_->workspace_bytes(1)
                      : 0);
  }

  /// x and y are contiguous, and may be the same.
  void transform(const TrigPass<R>& pass, const R* x, R* y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    R* const v = frame.template take<R>(real_fft_ ? real_fft_->length() : 0);
    Complex* const z =
        frame.template take<Complex>(real_fft_ ? real_fft_->spectrum_length() : n_ / 2);
    if (pass.type == 1)
      is_sine() ? sine_1(pass, x, y, v, z, workspace) : cosine_1(pass, x, y, v, z, workspace);
    else if (pass.type == 2)
      type_2(pass, x, y, v, z, workspace);
    else if (pass.type == 3)
      type_3(pass, x, y, v, z, workspace);
    else if (n_ % 2 == 0)
      even_type_4(pass, x, y, z, workspace);
    else
      odd_type_4(pass, x, y, v, z, workspace);
  }

 private:
  [[nodiscard]] bool is_sine() const { return kind_ == Trig::sine; }
  /// Where coefficient 0 of the cosine transform lies in a sine transform's x or y, and the way to
  /// the next: S·DCT·J and J·DCT·S are read or written backwards.
  [[nodiscard]] Index first() const { return is_sine() ? n_ - 1 : 0; }
  [[nodiscard]] Index step() const { return is_sine() ? -1 : 1; }
  /// Of odd rows of S.
  [[nodiscard]] R odd_sign() const { return is_sine() ? R(-1) : R(1); }

  void make_reordered() {
    real_fft_.emplace(n_);
    if (type_ == 4) return;
    for (Index k = 0; k < n_ / 2 + 1; ++k) twiddles_.push_back(turn(k, 2 * n_));
  }
  void make_even_type_4() {
    fft_.emplace(n_ / 2);
    for (Index k = 0; k < n_ / 2; ++k) twiddles_.push_back(turn(8 * k + 1, 8 * n_));
  }
  /// e^{−iπ·numerator/denominator}
  [[nodiscard]] static Complex turn(Index numerator, Index denominator) {
    return {static_cast<R>(cos_pi(numerator, denominator)),
            static_cast<R>(-sin_pi(numerator, denominator))};
  }

  /// z = scale·z·w or scale·z·conj(w), w the twiddle factors.
  void turn(Complex* z, R scale, bool conjugate) const {
    kernels::signals<R>().multiply_complex({.n = static_cast<Index>(twiddles_.size()),
                                            .x = reinterpret_cast<const R*>(z),
                                            .w = reinterpret_cast<const R*>(twiddles_.data()),
                                            .y = reinterpret_cast<R*>(z),
                                            .conjugate = conjugate,
                                            .scale = scale});
  }
  void to_spectrum(const R* v, Complex* z, Workspace& workspace) const {
    const Index n = real_fft_->length();
    real_fft_->forward(MatrixView<const R>(v, n, 1),
                       MatrixView<Complex>(z, real_fft_->spectrum_length(), 1), Norm::backward,
                       workspace);
  }

  /// The spectrum of (x_0, ..., x_{n−1}, x_{n−2}, ..., x_1) is real.
  void cosine_1(const TrigPass<R>& pass, const R* x, R* y, R* v, Complex* z,
                Workspace& workspace) const {
    std::copy_n(x, n_, v);
    v[0] *= pass.end;
    v[n_ - 1] *= pass.end;
    for (Index j = 1; j < n_ - 1; ++j) v[modulus() - j] = v[j];
    to_spectrum(v, z, workspace);
    for (Index k = 0; k < n_; ++k) y[k] = pass.scale * z[k].real();
    y[0] /= pass.end;
    y[n_ - 1] /= pass.end;
  }

  /// That of (0, x_0, ..., x_{n−1}, 0, −x_{n−1}, ..., −x_0) is imaginary.
  void sine_1(const TrigPass<R>& pass, const R* x, R* y, R* v, Complex* z,
              Workspace& workspace) const {
    v[0] = v[n_ + 1] = 0;
    for (Index j = 0; j < n_; ++j) {
      v[j + 1] = x[j];
      v[modulus() - 1 - j] = -x[j];
    }
    to_spectrum(v, z, workspace);
    for (Index k = 0; k < n_; ++k) y[k] = -pass.scale * z[k + 1].imag();
  }

  /// Makhoul 1980: with v = (x_0, x_2, ..., x_3, x_1) and z_k = 2·e^{−iπk/2n}·V_k,
  ///
  ///     y_k = Re z_k,   y_{n−k} = −Im z_k.
  void type_2(const TrigPass<R>& pass, const R* x, R* y, R* v, Complex* z,
              Workspace& workspace) const {
    const Index odds = n_ / 2, evens = n_ - odds;
    for (Index j = 0; j < evens; ++j) v[j] = x[2 * j];
    for (Index j = 0; j < odds; ++j) v[n_ - 1 - j] = odd_sign() * x[2 * j + 1];
    to_spectrum(v, z, workspace);
    turn(z, 2 * pass.scale, false);
    R* const to = y + first();
    for (Index k = 1; k < evens; ++k) {
      to[step() * k] = z[k].real();
      to[step() * (n_ - k)] = -z[k].imag();
    }
    if (n_ % 2 == 0) to[step() * odds] = z[odds].real();
    to[0] = z[0].real() / pass.end;
  }

  /// The same backwards: V_k = e^{iπk/2n}·(x_k − i·x_{n−k}), x_n = 0.
  void type_3(const TrigPass<R>& pass, const R* x, R* y, R* v, Complex* z,
              Workspace& workspace) const {
    const Index odds = n_ / 2, evens = n_ - odds;
    const R* const from = x + first();
    z[0] = from[0] * pass.end;
    for (Index k = 1; k <= odds; ++k) z[k] = {from[step() * k], -from[step() * (n_ - k)]};
    turn(z, pass.scale, true);
    real_fft_->inverse(MatrixView<const Complex>(z, odds + 1, 1), MatrixView<R>(v, n_, 1),
                       Norm::forward, workspace);
    for (Index j = 0; j < evens; ++j) y[2 * j] = v[j];
    for (Index j = 0; j < odds; ++j) y[2 * j + 1] = odd_sign() * v[n_ - 1 - j];
  }

  /// With w_k = e^{−iπ(8k+1)/8n} and Z the transform of z_j = w_j·(x_{2j} + i·x_{n−1−2j}), n/2
  /// long,
  ///
  ///     y_{2k} = 2·Re(w_k·Z_k),   y_{n−1−2k} = −2·Im(w_k·Z_k),
  ///
  /// for w_j·w_k·e^{−2πijk/(n/2)} = e^{−iπ(4j+1)(4k+1)/4n}.
  void even_type_4(const TrigPass<R>& pass, const R* x, R* y, Complex* z,
                   Workspace& workspace) const {
    const Index half = n_ / 2;
    const R* const from = x + first();
    for (Index j = 0; j < half; ++j) z[j] = {from[step() * 2 * j], from[step() * (n_ - 1 - 2 * j)]};
    turn(z, R(1), false);
    fft_->forward(MatrixView<const Complex>(z, half, 1), MatrixView<Complex>(z, half, 1),
                  Norm::backward, workspace);
    turn(z, 2 * pass.scale, false);
    for (Index k = 0; k < half; ++k) {
      y[2 * k] = z[k].real();
      y[n_ - 1 - 2 * k] = -odd_sign() * z[k].imag();
    }
  }

  /// x continued with the symmetries of its cosines, x_{−1−j} = x_j and x_{j+2n} = −x_j, meets each
  /// of its n numbers once in v_j = x_{(n−1)/2+4j} (n odd), whose cosines are
  ///
  ///     cos(π(2k + 1)/4 + 2π(2k + 1)j/n):   y_k = 2·Re(e^{−iπ(2k+1)/4}·V_{(2k+1) mod n}).
  ///
  /// (Chan and Ho 1992.)
  void odd_type_4(const TrigPass<R>& pass, const R* x, R* y, R* v, Complex* z,
                  Workspace& workspace) const {
    const R* const from = x + first();
    for (Index j = 0, m = (n_ - 1) / 2; j < n_; ++j, m += 4) {
      if (m >= 4 * n_) m -= 4 * n_;
      if (m < n_)
        v[j] = from[step() * m];
      else if (m < 2 * n_)
        v[j] = -from[step() * (2 * n_ - 1 - m)];
      else if (m < 3 * n_)
        v[j] = -from[step() * (m - 2 * n_)];
      else
        v[j] = from[step() * (4 * n_ - 1 - m)];
    }
    to_spectrum(v, z, workspace);
    const R scale = static_cast<R>(std::numbers::sqrt2) * pass.scale;
    for (Index k = 0; k < n_; ++k) {
      const Index m = (2 * k + 1) % n_;
      const bool mirrored = 2 * m > n_;
      const Complex value = z[mirrored ? n_ - m : m];
      // √2·cos and √2·sin of π(2k + 1)/4 are 1, −1, −1, 1 and 1, 1, −1, −1.
      const R re = (k + 1) % 4 < 2 ? value.real() : -value.real();
      const R im = (k % 4 < 2) != mirrored ? value.imag() : -value.imag();
      y[k] = (k % 2 == 0 ? R(1) : odd_sign()) * scale * (re + im);
    }
  }

  Trig kind_ = Trig::cosine;
  int type_ = 2;
  Index n_ = 0;
  std::optional<RealFft<R>> real_fft_;
  std::optional<Fft<R>> fft_;
  std::vector<Complex> twiddles_;
};

}  // namespace strum::inline STRUM_ABI::detail
