// Fourier: the discrete Fourier transform as an operator.
#pragma once

#include <string>
#include <string_view>

#include "strum/transforms/fft.hpp"
#include "strum/transforms/transform_op.hpp"

namespace strum::inline STRUM_ABI {

/// The sign of a Fourier transform's exponent.
enum class Direction { forward, inverse };

/// y_k = s·Σ_j x_j·e^{∓2πijk/n}, minus for Direction::forward, and s as `norm` says for that
/// direction: 1, 1/√n or 1/n. Of complex numbers, any length. Symmetric; with Norm::ortho unitary.
/// No parameters. O(n·log n), counted as 5·n·log₂ n real operations a sample.
template <class ScalarType>
class Fourier : public detail::TransformOp<Fourier<ScalarType>, ScalarType> {
  static_assert(kIsComplex<ScalarType>,
                "strum: Fourier is an operator on complex numbers; of real ones see RealFft, "
                "Cosine and Hartley");
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  Fourier() = default;
  /// Throws ShapeError unless n >= 1.
  explicit Fourier(Index n, Norm norm = Norm::backward, Direction direction = Direction::forward)
      : detail::TransformOp<Fourier, Scalar>(n), fft_(n), norm_(norm), direction_(direction) {}

  [[nodiscard]] Norm norm() const { return norm_; }
  [[nodiscard]] Direction direction() const { return direction_; }
  [[nodiscard]] Fourier inverse() const {
    if (this->rows() == 0) return {};
    return Fourier(this->rows(), norm_, turned());
  }
  [[nodiscard]] double log_abs_determinant() const {
    const auto n = static_cast<double>(this->rows());
    return this->rows() == 0 ? 0 : n * (std::log(scale()) + std::log(n) / 2);
  }

  [[nodiscard]] Index flops() const { return detail::fft_flops(this->rows()); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (this->rows() == 0 || batch == 0) return 0;
    return std::max(fft_->workspace_bytes(batch),
                    detail::signals_bytes<Scalar, Scalar>(this->rows(), this->rows(), batch) +
                        fft_->workspace_bytes(1));
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Fourier"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"size", {this->rows()}},
             {"norm", {static_cast<Index>(norm_)}},
             {"inverse", {direction_ == Direction::inverse ? 1 : 0}}}};
  }
  [[nodiscard]] static Fourier restore(const Description& description, const Parameters<Scalar>&) {
    return Fourier(description.value("size"), detail::norm_of(description),
                   description.value("inverse") != 0 ? Direction::inverse : Direction::forward);
  }

 private:
  friend detail::OpAccess;

  [[nodiscard]] Direction turned() const {
    return direction_ == Direction::forward ? Direction::inverse : Direction::forward;
  }
  [[nodiscard]] double scale() const {
    return detail::norm_factor(norm_, direction_ == Direction::inverse, this->rows());
  }
  [[nodiscard]] Scalar entry(Index k, Index j) const {
    const Index n = this->rows(), angle = 2 * (j * k % n);
    const double im = scale() * detail::sin_pi(angle, n);
    return {static_cast<R>(scale() * detail::cos_pi(angle, n)),
            static_cast<R>(direction_ == Direction::inverse ? im : -im)};
  }

  /// The conjugate is the other direction, scaled as this one is.
  void transform(bool conjugate, const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
                 Workspace& workspace) const {
    const Norm norm = conjugate ? detail::inverse_norm(norm_) : norm_;
    if ((direction_ == Direction::inverse) != conjugate)
      fft_->inverse(x, y, norm, workspace);
    else
      fft_->forward(x, y, norm, workspace);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    if (alpha == Scalar(1) && beta == Scalar(0))
      return transform(conjugates(mode), x, y, workspace);
    const Index n = this->rows();
    detail::for_each_signal(alpha, x, beta, y, workspace, [&](const Scalar* in, Scalar* out) {
      transform(conjugates(mode), MatrixView<const Scalar>(in, n, 1), MatrixView<Scalar>(out, n, 1),
                workspace);
    });
  }

  std::optional<Fft<R>> fft_;
  Norm norm_ = Norm::backward;
  Direction direction_ = Direction::forward;
};

}  // namespace strum::inline STRUM_ABI
