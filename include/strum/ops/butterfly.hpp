// Butterfly (Dao et al. 2019 and 2020): a product of log n sparse factors, applied as a few larger
// ones.
#pragma once

#include "strum/ops/butterfly_op.hpp"

namespace strum::inline STRUM_ABI {

/// A product of log_R n factors KS(n/(R·s), R, R, s), s = 1, R, R², ... (R = 2 unless
/// ButterflyShape says otherwise; for R = 2 the factor of stride s is
///
///     (y[p], y[p + s]) = T_i·(x[p], x[p + s]),  p = 2·(i − i mod s) + i mod s,  0 <= i < n/2),
///
/// for n the power of R that covers the input; see ButterflyShape for several products after or
/// beside each other. Two products, the second with its strides the other way round, hold any
/// permutation.
///
/// Parameter: `twiddle (stacks, blocks, log_R n, n/R, R, R)` = T[u][v], the third index in order of
/// application; it is kept as given. parameter_count() is its entries between inputs and outputs
/// that exist, 2·n·log₂n without padding.
///
/// Neighbouring factors are multiplied out in a wider type when they are packed, so that no vector
/// is left half empty and x is passed over fewer times: n = 1024 runs as 16 · 8 · 8, 32 instead of
/// 20 multiply-adds for an output and 19 times as fast. flops() counts those that are executed.
template <class ScalarType>
class Butterfly : public detail::ButterflyOp<Butterfly<ScalarType>, ScalarType> {
  using Base = detail::ButterflyOp<Butterfly, ScalarType>;

 public:
  using Scalar = ScalarType;

  Butterfly() = default;

  /// Throws ShapeError unless shape.block is 1 and twiddle (stacks, blocks, log_R n, n/R, R, R).
  Butterfly(const ButterflyShape& shape, Tensor<Scalar> twiddle)
      : Base(checked(shape), std::move(twiddle)) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Butterfly"; }
  [[nodiscard]] Description describe() const { return Base::description(this->shape()); }
  /// Throws ValueError or ShapeError where description and parameters do not make a Butterfly.
  [[nodiscard]] static Butterfly restore(const Description& description,
                                         const Parameters<Scalar>& parameters) {
    return {Base::shape_from(description), detail::find_parameter(parameters, "twiddle", name())};
  }

  /// The shape of the parameter.
  [[nodiscard]] static Shape parameter_shape(const ButterflyShape& shape) {
    Shape list = Base::shape_of_matrices(shape);
    list.insert(list.end(), {shape.radix, shape.radix});
    return list;
  }

 private:
  friend Base;
  static constexpr std::string_view kParameter = "twiddle";

  static const ButterflyShape& checked(const ButterflyShape& shape) {
    if (shape.block != 1)
      detail::fail<ShapeError>("Butterfly: ", shape.block, " entries to a position, needs 1");
    return shape;
  }
  static Index used(const detail::UsedTwiddles& used) { return used.entries; }
  static void matrix(const ButterflyShape& shape, const Scalar* twiddle,
                     detail::Wider<Scalar>* to) {
    for (Index i = 0; i < shape.radix * shape.radix; ++i)
      to[i] = static_cast<detail::Wider<Scalar>>(twiddle[i]);
  }
};

}  // namespace strum::inline STRUM_ABI
