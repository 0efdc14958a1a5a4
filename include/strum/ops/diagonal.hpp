// Diagonal: one weight for every feature, KS(1, 1, 1, n).
#pragma once

#include <string_view>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// y[i] = diagonal[i] · x[i]. Parameter: `diagonal (n)`. n multiplications per sample, counted as
/// multiply-adds like everywhere; its time is that of reading x and writing y.
template <class ScalarType, class WeightType = ScalarType>
class Diagonal : public detail::ChainOp<Diagonal<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<Diagonal, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = Diagonal<Scalar, Other>;

  Diagonal() = default;

  /// From a tensor of shape (n), of Weight or of Scalar. Throws ShapeError for another rank.
  template <WeightOf<ScalarType> Source = Weight>
  explicit Diagonal(const Tensor<Source>& diagonal)
      : Base(tensors(diagonal.shape()), std::vector{diagonal.data()}) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Diagonal"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static Diagonal restore(const Description&, const Parameters<Source>& parameters) {
    return Diagonal(detail::find_parameter(parameters, "diagonal", name()));
  }

 private:
  static std::vector<detail::FactorTensor> tensors(const Shape& shape) {
    if (shape.size() != 1)
      detail::fail<ShapeError>("Diagonal: diagonal has shape ", shape, ", needs (n)");
    return {{"diagonal", shape, detail::factor_shape(1, 1, 1, shape[0]), 0, 0, 0, 1}};
  }
};

}  // namespace strum::inline STRUM_ABI
