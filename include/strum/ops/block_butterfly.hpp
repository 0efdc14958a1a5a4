// BlockButterfly (Chen et al. 2021, "Pixelated butterfly"): a butterfly of blocks.
#pragma once

#include "strum/ops/butterfly_op.hpp"

namespace strum::inline STRUM_ABI {

/// The radix-2 Butterfly whose positions hold b consecutive entries and whose T_i has b x b blocks
/// for entries:
///
///     y[p·b + o] = Σ_v Σ_o' T_i[u][v][o][o'] · x[(p' + v·s)·b + o'],  p = p' + u·s,
///
/// p' = 2·(i − i mod s) + i mod s. Parameter: `twiddle (stacks, blocks, log₂n, n/2, 2, 2, b, b)`,
/// n the power of two with n·b >= columns; kept as given. 2·b·log₂n parameters for an output.
///
/// Two neighbouring factors at a time are multiplied out, which costs no more multiply-adds than
/// one after the other. Between factors the vector is in an order in which they are
/// Kronecker-sparse; one that ends (or begins) with the largest stride is permuted there.
template <class ScalarType>
class BlockButterfly : public detail::ButterflyOp<BlockButterfly<ScalarType>, ScalarType> {
  using Base = detail::ButterflyOp<BlockButterfly, ScalarType>;

 public:
  using Scalar = ScalarType;

  BlockButterfly() = default;

  /// b = shape.block. Throws ShapeError unless the radix is 2 and twiddle has its shape.
  BlockButterfly(const ButterflyShape& shape, Tensor<Scalar> twiddle)
      : Base(checked(shape), std::move(twiddle)) {}

  [[nodiscard]] static constexpr std::string_view name() { return "BlockButterfly"; }
  [[nodiscard]] Description describe() const { return Base::description(this->shape()); }
  /// Throws ValueError or ShapeError where description and parameters do not make one.
  [[nodiscard]] static BlockButterfly restore(const Description& description,
                                              const Parameters<Scalar>& parameters) {
    return {Base::shape_from(description), detail::find_parameter(parameters, "twiddle", name())};
  }

  /// The shape of the parameter.
  [[nodiscard]] static Shape parameter_shape(const ButterflyShape& shape) {
    Shape list = Base::shape_of_matrices(shape);
    list.insert(list.end(), {2, 2, shape.block, shape.block});
    return list;
  }

 private:
  friend Base;
  static constexpr std::string_view kParameter = "twiddle";

  static const ButterflyShape& checked(const ButterflyShape& shape) {
    if (shape.radix != 2)
      detail::fail<ShapeError>("BlockButterfly: radix ", shape.radix, ", needs 2");
    return shape;
  }
  static Index used(const detail::UsedTwiddles& used) { return used.entries; }
  static void matrix(const ButterflyShape& shape, const Scalar* twiddle,
                     detail::Wider<Scalar>* to) {
    for (Index i = 0; i < 4 * shape.block * shape.block; ++i)
      to[i] = static_cast<detail::Wider<Scalar>>(twiddle[i]);
  }
};

}  // namespace strum::inline STRUM_ABI
