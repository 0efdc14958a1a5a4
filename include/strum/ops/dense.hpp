// Dense: an ordinary matrix, KS(1, m, n, 1). The fallback, and what the others are compared with.
#pragma once

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// y = W·x, W m x n. Parameter: `weight (m, n)`. m·n multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class Dense : public detail::ChainOp<Dense<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<Dense, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = Dense<Scalar, Other>;

  Dense() = default;

  /// From a matrix in any layout, of Weight or of Scalar.
  template <class T>
  requires WeightOf<std::remove_const_t<T>, ScalarType>
  explicit Dense(const MatrixView<T>& w)
      : Base({tensor(w.rows(), w.cols())}, std::vector{detail::matrix_weights(w)}) {}

  /// From an Eigen matrix, map, block or expression.
  template <EigenDense W>
  explicit Dense(const W& w) : Dense(detail::weights_of<Scalar>(detail::in_memory(w))) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Dense"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static Dense restore(const Description&, const Parameters<Source>& parameters) {
    const Tensor<Source>& weight = detail::find_parameter(parameters, "weight", name());
    if (weight.rank() != 2) detail::fail<ShapeError>("Dense: weight has shape ", weight.shape());
    return Dense(weight.matrix());
  }

 private:
  static detail::FactorTensor tensor(Index m, Index n) {
    return {"weight", {m, n}, detail::factor_shape(1, m, n, 1), 0, n, 1, 0};
  }
};

template <EigenDense W>
Dense(const W&) -> Dense<typename W::Scalar>;

template <class T>
Dense(const MatrixView<T>&)
    -> Dense<detail::ScalarFor<std::remove_const_t<T>>, std::remove_const_t<T>>;

}  // namespace strum::inline STRUM_ABI
