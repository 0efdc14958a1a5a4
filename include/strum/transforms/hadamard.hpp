// Hadamard: the Walsh-Hadamard transform as an operator, and its relatives of lengths 12·2^k and
// 20·2^k.
#pragma once

#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "strum/kernels/signals.hpp"
#include "strum/transforms/transform_op.hpp"

namespace strum::inline STRUM_ABI {

/// s·(H_m ⊗ H_{2^k}), n = m·2^k rows, in natural order:
///
///     H_{2^k}(i, j) = (−1)^{popcount(i and j)},
///     H_m(i, j) = −1 if i, j > 0 and i + j − 2 is a square mod m − 1, else 1,    m = 12, 20
///
/// (Paley's, made symmetric), s = 1, 1/√n or 1/n as `norm` says: sums and differences, exact on
/// integers unless s rounds them. Of real or complex numbers. Symmetric; with Norm::ortho
/// orthogonal. No parameters. n·(k + m − 1) additions a sample (and n products if s is not 1).
template <class ScalarType>
class Hadamard : public detail::TransformOp<Hadamard<ScalarType>, ScalarType> {
  using R = Real<ScalarType>;

 public:
  using Scalar = ScalarType;

  Hadamard() = default;
  /// Throws ShapeError unless n is 2^k, 12·2^k or 20·2^k.
  explicit Hadamard(Index n, Norm norm = Norm::backward)
      : detail::TransformOp<Hadamard, Scalar>(n), order_(order_of(n)), norm_(norm) {
    if (order_ == 1) return;
    for (Index i = 0; i < order_; ++i)
      for (Index j = 0; j < order_; ++j) signs_.push_back(R(sign(i, j)));
  }

  /// m.
  [[nodiscard]] Index order() const { return order_; }
  [[nodiscard]] Norm norm() const { return norm_; }
  [[nodiscard]] Hadamard inverse() const {
    if (this->rows() == 0) return {};
    return Hadamard(this->rows(), detail::inverse_norm(norm_));
  }
  [[nodiscard]] double log_abs_determinant() const {
    const auto n = static_cast<double>(this->rows());
    return this->rows() == 0 ? 0 : n * (std::log(scale()) + std::log(n) / 2);
  }

  [[nodiscard]] Index flops() const {
    const Index n = this->rows();
    if (n == 0) return 0;
    const Index products = norm_ == Norm::backward ? 0 : n;
    return (n * (levels() + order_ - 1) + products) * (kIsComplex<Scalar> ? 2 : 1);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return detail::signals_bytes<Scalar, Scalar>(this->rows(), this->rows(), batch);
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Hadamard"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"size", {this->rows()}}, {"norm", {static_cast<Index>(norm_)}}}};
  }
  [[nodiscard]] static Hadamard restore(const Description& description, const Parameters<Scalar>&) {
    return Hadamard(description.value("size"), detail::norm_of(description));
  }

 private:
  friend detail::OpAccess;

  [[nodiscard]] static Index order_of(Index n) {
    if (n >= 1)
      for (const Index m : {1, 12, 20})
        if (n % m == 0 && std::has_single_bit(static_cast<std::size_t>(n / m))) return m;
    detail::fail<ShapeError>(name(), ": a size of ", n, " is none of 2^k, 12·2^k, 20·2^k");
  }
  /// 2^k.
  [[nodiscard]] Index inner() const { return this->rows() / order_; }
  /// k.
  [[nodiscard]] Index levels() const { return std::countr_zero(static_cast<std::size_t>(inner())); }
  [[nodiscard]] double scale() const { return detail::norm_factor(norm_, false, this->rows()); }

  /// Of H_m.
  [[nodiscard]] int sign(Index i, Index j) const {
    if (i == 0 || j == 0) return 1;
    const Index q = order_ - 1;
    for (Index root = 0; root < q; ++root)
      if (root * root % q == (i + j - 2) % q) return -1;
    return 1;
  }
  [[nodiscard]] Scalar entry(Index i, Index j) const {
    const auto both = static_cast<std::size_t>((i % inner()) & (j % inner()));
    const int walsh = std::popcount(both) % 2 == 0 ? 1 : -1;
    return static_cast<R>(scale() * walsh * sign(i / inner(), j / inner()));
  }

  void apply_unchecked(Mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const kernels::SignalTable<R>& table = kernels::signals<R>();
    const R scale = static_cast<R>(this->scale());
    detail::for_each_signal(alpha, x, beta, y, workspace, [&](const Scalar* in, Scalar* out) {
      table.hadamard({.order = order_,
                      .n = inner(),
                      .signs = signs_.data(),
                      .is_complex = kIsComplex<Scalar>,
                      .x = reinterpret_cast<const R*>(in),
                      .y = reinterpret_cast<R*>(out),
                      .scale = scale});
    });
  }

  Index order_ = 1;
  Norm norm_ = Norm::backward;
  std::vector<R> signs_;
};

}  // namespace strum::inline STRUM_ABI
