// Haar: the orthonormal Haar wavelet transform as an operator.
#pragma once

#include <bit>
#include <string>
#include <string_view>

#include "strum/kernels/signals.hpp"
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
           Workspace::rounded(static_cast<std::size_t>(n / 2) * sizeof(R)) +
           Workspace::rounded(static_cast<std::size_t>(kIsComplex<Scalar> ? 4 * n : 0) * sizeof(R));
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

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const Index n = this->rows();
    Workspace::Frame frame(workspace);
    R* const averages = frame.take<R>(n / 2);
    R* const parts = frame.take<R>(kIsComplex<Scalar> ? 4 * n : 0);
    const auto one = [&](const R* in, R* out) {
      kernels::signals<R>().haar(
          {.n = n, .inverse = transposes(mode), .x = in, .y = out, .averages = averages});
    };
    detail::for_each_signal(alpha, x, beta, y, workspace, [&](const Scalar* in, Scalar* out) {
      if constexpr (kIsComplex<Scalar>) {
        for (Index j = 0; j < n; ++j) {
          parts[j] = in[j].real();
          parts[n + j] = in[j].imag();
        }
        one(parts, parts + 2 * n);
        one(parts + n, parts + 3 * n);
        for (Index i = 0; i < n; ++i) out[i] = {parts[2 * n + i], parts[3 * n + i]};
      } else {
        one(in, out);
      }
    });
  }
};

}  // namespace strum::inline STRUM_ABI
