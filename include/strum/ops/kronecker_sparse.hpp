// KroneckerSparse: one factor KS(a, b, c, d), or a product of several. The primitive behind the
// rest.
#pragma once

#include <string>
#include <string_view>

#include "strum/ops/given_factors.hpp"

namespace strum::inline STRUM_ABI {

/// A product of factors with support I_a ⊗ 1_{b x c} ⊗ I_d, each (a·b·d) x (a·c·d):
///
///     y[(α·b + β)·d + δ] = Σ_γ w[α][β][γ][δ] · x[(α·c + γ)·d + δ]
///
/// Parameters: `factor0`, `factor1`, ... of shape (a, b, c, d), factor0 applied first.
/// Σ a·b·c·d multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class KroneckerSparse : public detail::GivenFactorsOp<KroneckerSparse<ScalarType, WeightType>,
                                                      ScalarType, WeightType> {
  using Base = detail::GivenFactorsOp<KroneckerSparse, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = KroneckerSparse<Scalar, Other>;

  KroneckerSparse() = default;

  /// One factor from w of shape (a, b, c, d), of Weight or of Scalar. Throws ShapeError for another
  /// rank.
  template <WeightOf<ScalarType> Source = Weight>
  explicit KroneckerSparse(const Tensor<Source>& factor)
      : Base(std::span<const Tensor<Source>>(&factor, 1)) {}

  /// Several, factors[0] applied first. Throws ShapeError if neighbours do not fit or none is
  /// given.
  template <WeightOf<ScalarType> Source = Weight>
  explicit KroneckerSparse(const std::vector<Tensor<Source>>& factors)
      : Base(std::span<const Tensor<Source>>(factors)) {}

  [[nodiscard]] static constexpr std::string_view name() { return "KroneckerSparse"; }

 private:
  friend Base;

  static std::string tensor_name(Index i) { return "factor" + std::to_string(i); }
};

}  // namespace strum::inline STRUM_ABI
