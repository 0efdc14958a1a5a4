// Cosine: a discrete cosine transform as an operator.
#pragma once

#include <string_view>

#include "strum/transforms/cosine_transform.hpp"
#include "strum/transforms/trigonometric_op.hpp"

namespace strum::inline STRUM_ABI {

/// The matrix that CosineTransform::forward() multiplies by, of types I to IV, any length and norm;
/// of complex numbers it transforms real and imaginary parts. With Norm::ortho orthogonal. No
/// parameters. O(n·log n) operations a sample.
template <class ScalarType>
class Cosine : public detail::TrigOp<Cosine<ScalarType>, CosineTransform<Real<ScalarType>>,
                                     detail::Trig::cosine, ScalarType> {
  using Base =
      detail::TrigOp<Cosine, CosineTransform<Real<ScalarType>>, detail::Trig::cosine, ScalarType>;

 public:
  Cosine() = default;
  /// Throws as CosineTransform does.
  Cosine(int type, Index n, Norm norm = Norm::backward) : Base(type, n, norm) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Cosine"; }
};

}  // namespace strum::inline STRUM_ABI
