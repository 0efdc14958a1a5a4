// KroneckerSparse: one factor KS(a, b, c, d), or a product of several. The primitive behind the
// rest.
#pragma once

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// A product of factors with support I_a ⊗ 1_{b x c} ⊗ I_d, each (a·b·d) x (a·c·d):
///
///     y[(α·b + β)·d + δ] = Σ_γ w[α][β][γ][δ] · x[(α·c + γ)·d + δ]
///
/// Parameters: `factor0`, `factor1`, ... of shape (a, b, c, d), factor0 applied first.
/// Σ a·b·c·d multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class KroneckerSparse
    : public detail::ChainOp<KroneckerSparse<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<KroneckerSparse, ScalarType, WeightType>;

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
      : Base({tensor(0, factor.shape())},
             std::vector{tensor(0, factor.shape()).view(factor.data())}) {}

  /// Several, factors[0] applied first. Throws ShapeError if neighbours do not fit or none is
  /// given.
  template <WeightOf<ScalarType> Source = Weight>
  explicit KroneckerSparse(const std::vector<Tensor<Source>>& factors)
      : Base(tensors(factors), sources(factors)) {}

  /// Number of factors.
  [[nodiscard]] Index factors() const { return this->chain().size(); }

  [[nodiscard]] static constexpr std::string_view name() { return "KroneckerSparse"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}, {"factors", {factors()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static KroneckerSparse restore(const Description& description,
                                               const Parameters<Source>& parameters) {
    std::vector<Tensor<Source>> factors;
    for (Index i = 0; i < description.value("factors"); ++i)
      factors.push_back(detail::find_parameter(parameters, tensor_name(i), name()));
    return KroneckerSparse(factors);
  }

 private:
  static std::string tensor_name(Index i) { return "factor" + std::to_string(i); }

  static detail::FactorTensor tensor(Index i, const Shape& s) {
    if (s.size() != 4)
      detail::fail<ShapeError>("KroneckerSparse: factor ", i, " has shape ", s,
                               ", needs (a, b, c, d)");
    return {tensor_name(i),
            s,
            detail::factor_shape(s[0], s[1], s[2], s[3]),
            s[1] * s[2] * s[3],
            s[2] * s[3],
            s[3],
            1};
  }

  template <class Source>
  static std::vector<detail::FactorTensor> tensors(const std::vector<Tensor<Source>>& factors) {
    if (factors.empty()) detail::fail<ShapeError>("KroneckerSparse: no factors");
    std::vector<detail::FactorTensor> list;
    for (const auto& factor : factors)
      list.push_back(tensor(static_cast<Index>(list.size()), factor.shape()));
    return list;
  }

  template <class Source>
  static std::vector<kernels::WeightView<Source>> sources(
      const std::vector<Tensor<Source>>& factors) {
    std::vector<kernels::WeightView<Source>> list;
    for (const auto& factor : factors)
      list.push_back(tensor(0, factor.shape()).view(factor.data()));
    return list;
  }
};

}  // namespace strum::inline STRUM_ABI
