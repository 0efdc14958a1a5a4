// Acdc: diagonal matrices on both sides of a cosine transform.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/core/arithmetic.hpp"
#include "strum/transforms/cosine.hpp"
#include "strum/transforms/signal_op.hpp"

namespace strum::inline STRUM_ABI {

/// A = D₂·C⁻¹·D₁·C, C the orthonormal DCT-II of length n (Moczulski et al. 2016): what they call an
/// ACDC layer, n x n. Products of such layers approximate any matrix.
///
/// Parameters: `d1 (n)` and `d2 (n)`, the diagonals. Two cosine transforms and 2n products per
/// product. |error| <= O(log n)·eps·max|d₁|·max|d₂|·‖x‖₂.
template <class ScalarType>
class Acdc : public detail::SignalOp<Acdc<ScalarType>, ScalarType> {
  using Base = detail::SignalOp<Acdc, ScalarType>;

 public:
  using Scalar = ScalarType;

  Acdc() = default;

  /// Throws ShapeError unless both are vectors with entries, and as many.
  Acdc(const Tensor<Scalar>& d1, const Tensor<Scalar>& d2) {
    detail::check_vector(d1, name(), "d1");
    detail::check_shape(d2, d1.shape(), name(), "d2");
    cosine_ = Cosine<Scalar>(2, d1.size(), Norm::ortho);
    this->assign({{"d1", d1}, {"d2", d2}});
  }

  [[nodiscard]] Index rows() const { return this->empty() ? 0 : this->stored().size(); }
  [[nodiscard]] Index cols() const { return rows(); }
  [[nodiscard]] Index flops() const {
    return 2 * cosine_.flops() + 2 * rows() * (kIsComplex<Scalar> ? 6 : 1);
  }
  [[nodiscard]] std::size_t bytes() const { return this->stored_bytes(); }

  /// From the definition: not by a product.
  [[nodiscard]] auto to_dense() const {
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
    using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
    const Matrix c = cosine_.to_dense();
    const Eigen::Map<const Vector> d1(diagonal(0), rows()), d2(diagonal(1), rows());
    return Matrix(d2.asDiagonal() * (c.transpose() * (d1.asDiagonal() * c)));
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Acdc"; }
  [[nodiscard]] Description describe() const { return {std::string(name()), {{"size", {rows()}}}}; }
  [[nodiscard]] static Acdc restore(const Description&, const Parameters<Scalar>& parameters) {
    return Acdc(detail::find_parameter(parameters, "d1", name()),
                detail::find_parameter(parameters, "d2", name()));
  }

 private:
  friend Base;

  [[nodiscard]] const Scalar* diagonal(std::size_t i) const {
    return this->empty() ? nullptr : this->stored(i).data();
  }
  void prepare(const std::vector<detail::StoredParameter<Scalar>>&) {}

  void transform(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    detail::OpAccess::run(cosine_, mode, Scalar(1), MatrixView<const Scalar>(x, rows(), 1),
                          Scalar(0), MatrixView<Scalar>(y, rows(), 1), workspace);
  }
  /// y = D·x, or conj(D)·x.
  void scale(std::size_t i, Mode mode, const Scalar* x, Scalar* y) const {
    const Scalar* const d = diagonal(i);
    for (Index j = 0; j < rows(); ++j)
      y[j] = detail::multiply(conjugates(mode) ? Scalar(Eigen::numext::conj(d[j])) : d[j], x[j]);
  }

  /// C⁻¹ = Cᵀ: the transpose is Cᵀ·D₁·C·D₂.
  void run(Mode mode, const Scalar* x, Scalar* y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    Scalar* const z = frame.take<Scalar>(rows());
    if (transposes(mode)) {
      scale(1, mode, x, y);
      transform(Mode::plain, y, z, workspace);
      scale(0, mode, z, z);
      transform(Mode::transpose, z, y, workspace);
    } else {
      transform(Mode::plain, x, z, workspace);
      scale(0, mode, z, z);
      transform(Mode::transpose, z, y, workspace);
      scale(1, mode, y, y);
    }
  }
  [[nodiscard]] std::size_t run_bytes() const {
    return Workspace::rounded(static_cast<std::size_t>(rows()) * sizeof(Scalar)) +
           cosine_.workspace_bytes(1);
  }

  void accumulate(const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                  const std::vector<Scalar*>& grads, Workspace& workspace) const {
    std::vector<Scalar> v(static_cast<std::size_t>(rows())), w = v, dw = v, dv = v;
    detail::for_each_sample(x, dy, [&](const Scalar* in, const Scalar* out) {
      transform(Mode::plain, in, v.data(), workspace);
      scale(0, Mode::plain, v.data(), dv.data());
      transform(Mode::transpose, dv.data(), w.data(), workspace);
      scale(1, Mode::conjugate, out, dw.data());
      transform(Mode::plain, dw.data(), dv.data(), workspace);
      for (std::size_t j = 0; j < v.size(); ++j) {
        grads[0][j] += dv[j] * Eigen::numext::conj(v[j]);
        grads[1][j] += out[j] * Eigen::numext::conj(w[j]);
      }
    });
  }

  Cosine<Scalar> cosine_;
};

}  // namespace strum::inline STRUM_ABI
