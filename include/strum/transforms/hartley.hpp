// Hartley: the discrete Hartley transform as an operator.
#pragma once

#include <string>
#include <string_view>

#include "strum/core/angles.hpp"
#include "strum/transforms/hartley_transform.hpp"
#include "strum/transforms/transform_op.hpp"

namespace strum::inline STRUM_ABI {

/// y_k = s·Σ_j x_j·(cos(2πjk/n) + sin(2πjk/n)), any length n, s = 1, 1/√n or 1/n as `norm` says; of
/// complex numbers it transforms real and imaginary parts. Symmetric; with Norm::ortho orthogonal.
/// No parameters. O(n·log n) operations a sample.
template <class ScalarType>
class Hartley : public detail::RealTransformOp<Hartley<ScalarType>,
                                               HartleyTransform<Real<ScalarType>>, ScalarType> {
  using Base = detail::RealTransformOp<Hartley, HartleyTransform<Real<ScalarType>>, ScalarType>;

 public:
  using Scalar = ScalarType;

  Hartley() = default;
  /// Throws ShapeError unless n >= 1.
  explicit Hartley(Index n, Norm norm = Norm::backward)
      : Base(HartleyTransform<Real<Scalar>>(n), norm) {}

  [[nodiscard]] Hartley inverse() const {
    if (this->rows() == 0) return {};
    return Hartley(this->rows(), detail::inverse_norm(this->norm()));
  }
  [[nodiscard]] double log_abs_determinant() const {
    const auto n = static_cast<double>(this->rows());
    return this->rows() == 0 ? 0 : n * (std::log(scale()) + std::log(n) / 2);
  }

  /// That of the Fourier transform (see there) and of a sum and a product per number.
  [[nodiscard]] Index flops() const {
    if (this->rows() == 0) return 0;
    const Index one = detail::real_fft_flops(this->rows()) + 2 * this->rows();
    return kIsComplex<Scalar> ? 2 * one : one;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Hartley"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"size", {this->rows()}}, {"norm", {static_cast<Index>(this->norm())}}}};
  }
  [[nodiscard]] static Hartley restore(const Description& description, const Parameters<Scalar>&) {
    return Hartley(description.value("size"), detail::norm_of(description));
  }

 private:
  friend detail::OpAccess;

  [[nodiscard]] double scale() const {
    return detail::norm_factor(this->norm(), false, this->rows());
  }
  [[nodiscard]] Scalar entry(Index k, Index j) const {
    const Index angle = 2 * (j * k % this->rows());
    return static_cast<Real<Scalar>>(
        scale() * (detail::cos_pi(angle, this->rows()) + detail::sin_pi(angle, this->rows())));
  }
};

}  // namespace strum::inline STRUM_ABI
