// BlockDense: a dense matrix behind a block-diagonal one, KS(1, m, r, 1) ∘ KS(nb, r/nb, n/nb, 1).
#pragma once

#include <string_view>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// y = U·h,  h[g·(r/nb) + j] = Σ_i blkdiag[g, j, i] · x[g·(n/nb) + i] for every block g < nb
/// (StructuredFFN, Wei et al. 2024: low rank with a block-diagonal first factor).
/// Parameters: `blkdiag (nb, r/nb, n/nb)`, `lr (m, r)` = U. r·n/nb + m·r multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class BlockDense
    : public detail::ChainOp<BlockDense<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<BlockDense, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = BlockDense<Scalar, Other>;

  BlockDense() = default;

  /// From blkdiag (nb, r/nb, n/nb) and lr (m, r), both of Weight or of Scalar. Throws ShapeError.
  template <WeightOf<ScalarType> Source = Weight>
  BlockDense(const Tensor<Source>& blkdiag, const Tensor<Source>& lr)
      : Base(tensors(blkdiag.shape(), lr.shape()), std::vector{blkdiag.data(), lr.data()}) {}

  /// nb.
  [[nodiscard]] Index blocks() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).a;
  }
  /// r, the length of the vector between the two factors.
  [[nodiscard]] Index rank() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).rows;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockDense"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}, {"blocks", {blocks()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static BlockDense restore(const Description&,
                                          const Parameters<Source>& parameters) {
    return BlockDense(detail::find_parameter(parameters, "blkdiag", name()),
                      detail::find_parameter(parameters, "lr", name()));
  }

 private:
  static std::vector<detail::FactorTensor> tensors(const Shape& w, const Shape& u) {
    if (w.size() != 3 || u.size() != 2 || detail::checked_product(w[0], w[1], name()) != u[1])
      detail::fail<ShapeError>("BlockDense: blkdiag has shape ", w, ", lr ", u,
                               "; they need (nb, r/nb, n/nb) and (m, r)");
    return {{"blkdiag", w, detail::factor_shape(w[0], w[1], w[2], 1), w[1] * w[2], w[2], 1, 0},
            {"lr", u, detail::factor_shape(1, u[0], u[1], 1), 0, u[1], 1, 0}};
  }
};

}  // namespace strum::inline STRUM_ABI
