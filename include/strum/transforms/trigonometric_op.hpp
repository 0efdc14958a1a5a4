// What the operators Cosine and Sine have in common.
#pragma once

#include <string>

#include "strum/transforms/transform_op.hpp"
#include "strum/transforms/trigonometric.hpp"

namespace strum::inline STRUM_ABI::detail {

template <class Derived, class Transform, Trig kind, class ScalarType>
class TrigOp : public RealTransformOp<Derived, Transform, ScalarType> {
  using Base = RealTransformOp<Derived, Transform, ScalarType>;
  static constexpr bool kSine = kind == Trig::sine;

 public:
  using Scalar = ScalarType;

  /// 1, 2, 3 or 4; 2 of a 0 x 0 one.
  [[nodiscard]] int type() const { return this->rows() == 0 ? 2 : this->transform().type(); }

  /// Again one of this kind: of type 3 for 2 and 2 for 3, else of the same type.
  [[nodiscard]] Derived inverse() const {
    if (this->rows() == 0) return {};
    return Derived(type() == 2 || type() == 3 ? 5 - type() : type(), this->rows(),
                   inverse_norm(this->norm()));
  }
  [[nodiscard]] double log_abs_determinant() const {
    if (this->rows() == 0 || this->norm() == Norm::ortho) return 0;
    const double half = static_cast<double>(this->rows()) / 2 * std::log(modulus());
    const double end = type() == 2 ? 0.5 : type() == 3 ? -0.5 : 0;
    return (this->norm() == Norm::backward ? half : -half) + end * std::numbers::ln2;
  }

  /// That of the Fourier transform (see there) and of the passes before and behind it.
  [[nodiscard]] Index flops() const {
    const Index n = this->rows();
    if (n == 0) return 0;
    const Index one = type() == 1   ? real_fft_flops(modulus()) + n
                      : type() != 4 ? real_fft_flops(n) + 8 * (n / 2 + 1)
                      : n % 2 == 0  ? fft_flops(n / 2) + 8 * n
                                    : real_fft_flops(n) + 2 * n;
    return kIsComplex<Scalar> ? 2 * one : one;
  }

  [[nodiscard]] Description describe() const {
    return {std::string(Derived::name()),
            {{"type", {type()}},
             {"size", {this->rows()}},
             {"norm", {static_cast<Index>(this->norm())}}}};
  }
  [[nodiscard]] static Derived restore(const Description& description, const Parameters<Scalar>&) {
    const Index type = description.value("type");
    return Derived(type < 1 || type > 4 ? 0 : static_cast<int>(type), description.value("size"),
                   norm_of(description));
  }

 protected:
  TrigOp() = default;
  TrigOp(int type, Index n, Norm norm) : Base(Transform(type, n), norm) {}

 private:
  friend OpAccess;

  [[nodiscard]] Index modulus() const {
    return 2 * (type() != 1 ? this->rows() : kSine ? this->rows() + 1 : this->rows() - 1);
  }

  /// scale·in(j)·2·cos or sin(π·numerator/denominator)·out(k).
  [[nodiscard]] Scalar entry(Index k, Index j) const {
    const Index n = this->rows(), one = kSine ? 1 : 0;
    const int t = type();
    const Index numerator = t == 1   ? (j + one) * (k + one)
                            : t == 2 ? (2 * j + 1) * (k + one)
                            : t == 3 ? (j + one) * (2 * k + 1)
                                     : (2 * j + 1) * (2 * k + 1);
    const Index denominator = t == 1 ? modulus() / 2 : t == 4 ? 4 * n : 2 * n;
    const auto m = static_cast<double>(modulus());
    const bool ortho = this->norm() == Norm::ortho;
    const double scale = ortho ? 1 / std::sqrt(m) : this->norm() == Norm::forward ? 1 / m : 1;
    const double in = (t == 1 || t == 3) && is_end(j) ? (ortho ? std::sqrt(0.5) : 0.5) : 1;
    const double out = (t == 1 || t == 2) && is_end(k) && ortho ? std::sqrt(0.5) : 1;
    return static_cast<Real<Scalar>>(
        2 * scale * in * out *
        (kSine ? sin_pi(numerator, denominator) : cos_pi(numerator, denominator)));
  }
  /// Whether E is not 1 there, see TrigPass.
  [[nodiscard]] bool is_end(Index j) const {
    if (kSine) return type() != 1 && j == this->rows() - 1;
    return j == 0 || (type() == 1 && j == this->rows() - 1);
  }
};

}  // namespace strum::inline STRUM_ABI::detail
