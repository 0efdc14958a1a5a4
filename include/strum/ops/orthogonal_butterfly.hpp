// OrthogonalButterfly: a butterfly of rotations.
#pragma once

#include <cmath>

#include "strum/ops/butterfly_op.hpp"

namespace strum::inline STRUM_ABI {

/// The radix-2 Butterfly with
///
///     T_i = [[cos θ, −sin θ], [sin θ, cos θ]].
///
/// Parameter: `angle (stacks, blocks, log₂n, n/2)` = θ, one for four entries of a twiddle. One
/// stack without padding is orthogonal: its adjoint is its inverse. Cosines, sines and their
/// products are taken in a wider type and rounded once. Applied and counted like Butterfly.
template <class ScalarType>
class OrthogonalButterfly
    : public detail::ButterflyOp<OrthogonalButterfly<ScalarType>, ScalarType> {
  using Base = detail::ButterflyOp<OrthogonalButterfly, ScalarType>;

 public:
  using Scalar = ScalarType;

  OrthogonalButterfly() = default;

  /// Throws ShapeError unless the radix is 2, shape.block 1 and angle (stacks, blocks, log₂n, n/2).
  OrthogonalButterfly(const ButterflyShape& shape, Tensor<Scalar> angle)
      : Base(checked(shape), std::move(angle)) {}

  [[nodiscard]] static constexpr std::string_view name() { return "OrthogonalButterfly"; }
  [[nodiscard]] Description describe() const { return Base::description(this->shape()); }
  /// Throws ValueError or ShapeError where description and parameters do not make one.
  [[nodiscard]] static OrthogonalButterfly restore(const Description& description,
                                                   const Parameters<Scalar>& parameters) {
    return {Base::shape_from(description), detail::find_parameter(parameters, "angle", name())};
  }

  /// The shape of the parameter.
  [[nodiscard]] static Shape parameter_shape(const ButterflyShape& shape) {
    return Base::shape_of_matrices(shape);
  }

 private:
  friend Base;
  static constexpr std::string_view kParameter = "angle";

  static const ButterflyShape& checked(const ButterflyShape& shape) {
    if (shape.radix != 2 || shape.block != 1)
      detail::fail<ShapeError>("OrthogonalButterfly: radix ", shape.radix, ", ", shape.block,
                               " entries to a position; needs 2 and 1");
    return shape;
  }
  static Index used(const detail::UsedTwiddles& used) { return used.matrices; }
  static void matrix(const ButterflyShape&, const Scalar* angle, detail::Wider<Scalar>* to) {
    const auto theta = static_cast<detail::Wider<Scalar>>(*angle);
    using std::cos, std::sin;
    to[0] = to[3] = cos(theta);
    to[2] = sin(theta);
    to[1] = -to[2];
  }
};

}  // namespace strum::inline STRUM_ABI
