// Haar: the orthonormal Haar wavelet transform as an operator.
#pragma once

#include <bit>
#include <numbers>
#include <string>
#include <string_view>

#include "strum/transforms/transform_op.hpp"

namespace strum::inline STRUM_ABI {

/// The orthonormal Haar transform of n = 2^k numbers, real or complex: pairs (x_{2i}, x_{2i+1})
/// become averages (x_{2i} + x_{2i+1})/√2 and details (x_{2i} − x_{2i+1})/√2, the averages again,
/// until there is one:
///
///     y = [average, coarsest detail, ..., n/4 details of averages, n/2 details of x].
///
/// No parameters. 4·(n − 1) operations a sample. Aᵀ is the inverse.
template <class ScalarType>
class Haar : public detail::TransformOp<Haar<ScalarType>, ScalarType> {
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  Haar() = default;
  /// Throws ShapeError unless n is a power of two.
  explicit Haar(Index n) : detail::TransformOp<Haar, Scalar>(n) {
    if (n < 1 || !std::has_single_bit(static_cast<std::size_t>(n)))
      detail::fail<ShapeError>(name(), ": a size of ", n, " is no power of two");
  }

  [[nodiscard]] static constexpr Norm norm() { return Norm::ortho; }
  [[nodiscard]] auto inverse() const { return AnyLinearOp<Scalar>(*this).transpose(); }
  [[nodiscard]] double log_abs_determinant() const { return 0; }

  [[nodiscard]] Index flops() const {
    return this->rows() == 0 ? 0 : 4 * (this->rows() - 1) * (kIsComplex<Scalar> ? 2 : 1);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (batch == 0) return 0;
    const Index n = this->rows();
    return detail::signals_bytes<Scalar, Scalar>(n, n, batch) +
           Workspace::rounded(static_cast<std::size_t>(n / 2) * sizeof(Scalar));
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Haar"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"size", {this->rows()}}}};
  }
  [[nodiscard]] static Haar restore(const Description& description, const Parameters<Scalar>&) {
    return Haar(description.value("size"));
  }

 private:
  friend detail::OpAccess;

  static constexpr R kHalf = static_cast<R>(std::numbers::sqrt2 / 2);

  /// Row i >= 1, 2^l <= i < 2^{l+1}, is ±√(2^l/n) on the halves of the (i − 2^l)th of the 2^l
  /// blocks of x.
  [[nodiscard]] Scalar entry(Index i, Index j) const {
    const Index n = this->rows();
    if (i == 0) return static_cast<R>(1 / std::sqrt(static_cast<double>(n)));
    const auto blocks = static_cast<Index>(std::bit_floor(static_cast<std::size_t>(i)));
    const Index length = n / blocks;
    if (j / length != i - blocks) return Scalar(0);
    const double size = std::sqrt(static_cast<double>(blocks) / static_cast<double>(n));
    return static_cast<R>(j % length < length / 2 ? size : -size);
  }

  /// averages: n/2 numbers of scratch.
  void analyse(const Scalar* x, Scalar* y, Scalar* averages) const {
    for (Index count = this->rows() / 2; count >= 1; count /= 2) {
      for (Index i = 0; i < count; ++i) {
        const Scalar even = x[2 * i], odd = x[2 * i + 1];
        averages[i] = (even + odd) * kHalf;
        y[count + i] = (even - odd) * kHalf;
      }
      x = averages;
    }
    y[0] = x[0];
  }
  /// Averages grow in y, from the last to the first of a level.
  void synthesise(const Scalar* x, Scalar* y) const {
    y[0] = x[0];
    for (Index count = 1; count < this->rows(); count *= 2)
      for (Index i = count; i-- > 0;) {
        const Scalar average = y[i], difference = x[count + i];
        y[2 * i] = (average + difference) * kHalf;
        y[2 * i + 1] = (average - difference) * kHalf;
      }
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    Scalar* const averages = frame.take<Scalar>(this->rows() / 2);
    detail::for_each_signal(alpha, x, beta, y, workspace, [&](const Scalar* in, Scalar* out) {
      transposes(mode) ? synthesise(in, out) : analyse(in, out, averages);
    });
  }
};

}  // namespace strum::inline STRUM_ABI
