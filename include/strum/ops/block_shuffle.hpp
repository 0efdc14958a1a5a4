// BlockShuffle: the Monarch layer of StructuredFFN, both factors in the same number of blocks.
#pragma once

#include <string_view>

#include "strum/ops/monarch.hpp"

namespace strum::inline STRUM_ABI {

/// The Monarch product with k = l = nb blocks, m x n of any sizes (StructuredFFN, Wei et al. 2024):
///
///     y[σ·nb + λ] = Σ_ρ w2[λ, σ, ρ] · h[ρ·nb + λ],  h[κ·q + j] = Σ_i w1[κ, j, i] · x[κ·in + i]
///
/// with in = ⌈n/nb⌉, out = ⌈m/nb⌉, q = min(in, out); what lies beyond m and n is padding.
/// Parameters: `blkdiag1 (nb, q, in)` = w1, `blkdiag2 (nb, out, q)` = w2. n·q + m·q multiply-adds
/// per sample; a square operator in 2 blocks costs as much as a dense one.
template <class ScalarType, class WeightType = ScalarType>
class BlockShuffle
    : public detail::ChainOp<BlockShuffle<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<BlockShuffle, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = BlockShuffle<Scalar, Other>;

  BlockShuffle() = default;

  /// m x n in `blocks` blocks, from tensors of Weight or of Scalar, padding included. Throws
  /// ShapeError unless they have the shapes that parameters() lists.
  template <WeightOf<ScalarType> Source = Weight>
  BlockShuffle(Index m, Index n, Index blocks, const Tensor<Source>& blkdiag1,
               const Tensor<Source>& blkdiag2)
      : Base(tensors(MonarchShape::layer(m, n, blocks), blkdiag1, blkdiag2),
             std::vector{blkdiag1.data(), blkdiag2.data()}) {}

  /// nb.
  [[nodiscard]] Index blocks() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).a;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockShuffle"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}, {"blocks", {blocks()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static BlockShuffle restore(const Description& description,
                                            const Parameters<Source>& parameters) {
    const std::vector<Index>& shape = description.list("shape", 2);
    return BlockShuffle(shape[0], shape[1], description.value("blocks"),
                        detail::find_parameter(parameters, "blkdiag1", name()),
                        detail::find_parameter(parameters, "blkdiag2", name()));
  }

 private:
  template <class Source>
  static std::vector<detail::FactorTensor> tensors(const MonarchShape& shape,
                                                   const Tensor<Source>& blkdiag1,
                                                   const Tensor<Source>& blkdiag2) {
    std::vector<detail::FactorTensor> list = detail::monarch_tensors(shape);
    detail::check_shape(blkdiag1, list[0].tensor_shape, name(), list[0].name);
    detail::check_shape(blkdiag2, list[1].tensor_shape, name(), list[1].name);
    return list;
  }
};

}  // namespace strum::inline STRUM_ABI
