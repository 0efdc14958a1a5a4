// Sine: a discrete sine transform as an operator.
#pragma once

#include <string_view>

#include "strum/transforms/sine_transform.hpp"
#include "strum/transforms/trigonometric_op.hpp"

namespace strum::inline STRUM_ABI {

/// The matrix that SineTransform::forward() multiplies by, of types I to IV, any length and norm;
/// of complex numbers it transforms real and imaginary parts. With Norm::ortho orthogonal. No
/// parameters. O(n·log n) operations a sample.
template <class ScalarType>
class Sine : public detail::TrigOp<Sine<ScalarType>, SineTransform<Real<ScalarType>>,
                                   detail::Trig::sine, ScalarType> {
  using Base =
      detail::TrigOp<Sine, SineTransform<Real<ScalarType>>, detail::Trig::sine, ScalarType>;

 public:
  Sine() = default;
  /// Throws as SineTransform does.
  Sine(int type, Index n, Norm norm = Norm::backward) : Base(type, n, norm) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Sine"; }
};

}  // namespace strum::inline STRUM_ABI
