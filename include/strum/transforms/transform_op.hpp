// What operators that are fast transforms have in common.
#pragma once

#include <bit>
#include <cmath>
#include <optional>
#include <utility>

#include "strum/core/any_linear_op.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/ops/fixed_op.hpp"
#include "strum/transforms/norm.hpp"
#include "strum/transforms/real_to_real.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Real operations of a Fourier transform of n complex numbers, as they are counted everywhere:
/// 5·n·log₂ n, which is right to a fifth for lengths of small factors and a third or less of the
/// work for primes; half of that for real ones.
[[nodiscard]] inline Index fft_flops(Index n) {
  return std::llround(5 * static_cast<double>(n) * std::log2(static_cast<double>(n)));
}
[[nodiscard]] inline Index real_fft_flops(Index n) { return fft_flops(n) / 2; }

/// The norm of the inverse that comes out as a forward transform again: T⁻¹ of T scaled by s is
/// T' scaled by 1/(M·s).
[[nodiscard]] constexpr Norm inverse_norm(Norm norm) {
  return norm == Norm::backward ? Norm::forward : norm == Norm::forward ? Norm::backward : norm;
}

/// In a description.
[[nodiscard]] inline Norm norm_of(const Description& description) {
  const Index norm = description.value("norm");
  if (norm < 0 || norm > 2)
    fail<ValueError>(description.type, ": attribute 'norm' is ", norm, ", not 0, 1 or 2");
  return static_cast<Norm>(norm);
}

/// An n x n matrix that is fixed by integers. Derived supplies norm(), inverse(),
/// log_abs_determinant() and, private, entry(i, j).
template <class Derived, class ScalarType>
class TransformOp : public FixedOp<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Index rows() const { return n_; }
  [[nodiscard]] Index cols() const { return n_; }

  /// The matrix, entry by entry from its definition.
  [[nodiscard]] Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> to_dense() const {
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> dense(rows(), cols());
    for (Index j = 0; j < cols(); ++j)
      for (Index i = 0; i < rows(); ++i)
        dense(i, j) = OpAccess::entry(static_cast<const Derived&>(*this), i, j);
    return dense;
  }

 protected:
  TransformOp() = default;
  explicit TransformOp(Index n) : n_(n) {}

 private:
  friend StructureAccess;

  [[nodiscard]] ClosedInverse<Scalar> closed_inverse() const {
    const auto& op = static_cast<const Derived&>(*this);
    return {op.inverse(), op.log_abs_determinant(), op.norm() == Norm::ortho};
  }

  OwnedSize n_;
};

/// One that takes real numbers to real ones, and the parts of complex ones likewise, by a
/// Transform (see RealToReal).
template <class Derived, class Transform, class ScalarType>
class RealTransformOp : public TransformOp<Derived, ScalarType> {
 public:
  using Scalar = ScalarType;

  [[nodiscard]] Norm norm() const { return norm_; }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (this->rows() == 0 || batch == 0) return 0;
    return transform_->template workspace_bytes_of<Scalar>(batch);
  }

 protected:
  RealTransformOp() = default;
  RealTransformOp(Transform transform, Norm norm)
      : TransformOp<Derived, Scalar>(transform.length()),
        transform_(std::move(transform)),
        norm_(norm) {}

  [[nodiscard]] const Transform& transform() const { return *transform_; }

 private:
  friend OpAccess;

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    transform_->run({.inverse = false, .transpose = transposes(mode)}, norm_, alpha, x, beta, y,
                    workspace);
  }

  std::optional<Transform> transform_;
  Norm norm_ = Norm::backward;
};

}  // namespace strum::inline STRUM_ABI::detail
