// LowRank: a tall times a wide matrix, KS(1, m, r, 1) ∘ KS(1, r, n, 1).
#pragma once

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// y = U·(V·x), U m x r, V r x n. Parameters: `lr1 (r, n)` = V, `lr2 (m, r)` = U.
/// r·(m + n) multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class LowRank : public detail::ChainOp<LowRank<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<LowRank, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = LowRank<Scalar, Other>;

  LowRank() = default;

  /// From U (m x r) and V (r x n), in any layout, both of Weight or of Scalar. Throws ShapeError
  /// unless u.cols() == v.rows().
  template <class T, class T2>
  requires WeightOf<std::remove_const_t<T>, ScalarType> &&
      std::same_as<std::remove_const_t<T>, std::remove_const_t<T2>>
      LowRank(const MatrixView<T>& u, const MatrixView<T2>& v)
      : Base(tensors(u.rows(), u.cols(), v.rows(), v.cols()),
             std::vector{detail::matrix_weights(v), detail::matrix_weights(u)}) {}

  template <EigenDense U, EigenDense V>
  LowRank(const U& u, const V& v)
      : LowRank(detail::weights_of<Scalar>(detail::in_memory(u)),
                detail::weights_of<Scalar>(detail::in_memory(v))) {}

  /// r, the length of the vector between the two factors.
  [[nodiscard]] Index rank() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).rows;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "LowRank"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static LowRank restore(const Description&, const Parameters<Source>& parameters) {
    const Tensor<Source>& v = detail::find_parameter(parameters, "lr1", name());
    const Tensor<Source>& u = detail::find_parameter(parameters, "lr2", name());
    if (u.rank() != 2 || v.rank() != 2)
      detail::fail<ShapeError>("LowRank: lr1 has shape ", v.shape(), ", lr2 ", u.shape());
    return LowRank(u.matrix(), v.matrix());
  }

 private:
  static std::vector<detail::FactorTensor> tensors(Index m, Index u_cols, Index r, Index n) {
    if (u_cols != r)
      detail::fail<ShapeError>("LowRank: U has ", u_cols, " columns, V has ", r, " rows");
    return {{"lr1", {r, n}, detail::factor_shape(1, r, n, 1), 0, n, 1, 0},
            {"lr2", {m, r}, detail::factor_shape(1, m, r, 1), 0, r, 1, 0}};
  }
};

template <EigenDense U, EigenDense V>
LowRank(const U&, const V&) -> LowRank<typename U::Scalar>;

}  // namespace strum::inline STRUM_ABI
