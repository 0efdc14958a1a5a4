// BlockDiagonal: equal blocks along the diagonal, KS(blocks, out, in, 1).
#pragma once

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a block-diagonal operator: `blocks` blocks of block_rows x block_cols. rows and cols
/// cut the last blocks off: 0 <= rows <= blocks·block_rows, likewise cols; what lies beyond is
/// padding.
struct BlockDiagonalShape {
  Index blocks, block_rows, block_cols;
  Index rows, cols;

  /// Without padding.
  [[nodiscard]] static BlockDiagonalShape exact(Index blocks, Index block_rows, Index block_cols) {
    return {blocks, block_rows, block_cols,
            detail::checked_product(blocks, block_rows, "BlockDiagonal"),
            detail::checked_product(blocks, block_cols, "BlockDiagonal")};
  }

  /// An m x n layer in `blocks` blocks of ⌈m/blocks⌉ x ⌈n/blocks⌉, the last ones cut.
  [[nodiscard]] static BlockDiagonalShape layer(Index m, Index n, Index blocks) {
    if (blocks < 1) detail::fail<ShapeError>("BlockDiagonal: ", blocks, " blocks");
    return {blocks, detail::ceil_div(m, blocks), detail::ceil_div(n, blocks), m, n};
  }

  /// Weights that join an input to an output.
  [[nodiscard]] Index parameter_count() const { return detail::weight_count(factor()); }

  /// Throws ShapeError if the sizes do not fit together.
  [[nodiscard]] kernels::FactorShape factor() const {
    kernels::FactorShape shape = detail::factor_shape(blocks, block_rows, block_cols, 1);
    if (rows < 0 || rows > shape.rows || cols < 0 || cols > shape.cols)
      detail::fail<ShapeError>("BlockDiagonal: ", blocks, " blocks of ", block_rows, " x ",
                               block_cols, " do not cover ", rows, " x ", cols);
    shape.rows = rows;
    shape.cols = cols;
    return shape;
  }

  friend bool operator==(const BlockDiagonalShape&, const BlockDiagonalShape&) = default;
};

/// y[g·out + j] = Σ_i weight[g, j, i] · x[g·in + i] for every block g.
/// Parameter: `weight (blocks, out, in)`. blocks·out·in multiply-adds per sample.
/// With Block given, blocks are Block x Block and known to the type, as Eigen's fixed sizes are.
template <class ScalarType, Index Block = Dynamic, class WeightType = ScalarType>
class BlockDiagonal
    : public detail::ChainOp<BlockDiagonal<ScalarType, Block, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<BlockDiagonal, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = BlockDiagonal<Scalar, Block, Other>;

  BlockDiagonal() = default;

  /// `weight` points to (blocks, out, in) in row-major order, padding included, of Weight or of
  /// Scalar. Throws ShapeError.
  template <WeightOf<ScalarType> Source = Weight>
  BlockDiagonal(const BlockDiagonalShape& shape, const Source* weight)
      : Base({tensor(shape)}, std::vector{tensor(shape).view(weight)}), shape_(shape) {}

  /// `weight` of shape (blocks, out, in). Throws ShapeError for another rank.
  template <WeightOf<ScalarType> Source = Weight>
  explicit BlockDiagonal(const Tensor<Source>& weight)
      : BlockDiagonal(shape_of(weight), weight.data()) {}

  /// The same with the last blocks cut to rows x cols.
  template <WeightOf<ScalarType> Source = Weight>
  BlockDiagonal(const Tensor<Source>& weight, Index rows, Index cols)
      : BlockDiagonal(cut(shape_of(weight), rows, cols), weight.data()) {}

  [[nodiscard]] const BlockDiagonalShape& shape() const { return shape_; }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockDiagonal"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static BlockDiagonal restore(const Description& description,
                                             const Parameters<Source>& parameters) {
    const std::vector<Index> shape = description.list("shape", 2);
    return BlockDiagonal(detail::find_parameter(parameters, "weight", name()), shape[0], shape[1]);
  }

 private:
  static detail::FactorTensor tensor(const BlockDiagonalShape& s) {
    if (Block != Dynamic && (s.block_rows != Block || s.block_cols != Block))
      detail::fail<ShapeError>("BlockDiagonal: blocks of ", s.block_rows, " x ", s.block_cols,
                               ", the type says ", Block, " x ", Block);
    return {"weight",
            {s.blocks, s.block_rows, s.block_cols},
            s.factor(),
            s.block_rows * s.block_cols,
            s.block_cols,
            1,
            0};
  }

  template <class Source>
  static BlockDiagonalShape shape_of(const Tensor<Source>& weight) {
    if (weight.rank() != 3)
      detail::fail<ShapeError>("BlockDiagonal: weight has shape ", weight.shape(),
                               ", needs (blocks, out, in)");
    return BlockDiagonalShape::exact(weight.shape()[0], weight.shape()[1], weight.shape()[2]);
  }

  static BlockDiagonalShape cut(BlockDiagonalShape shape, Index rows, Index cols) {
    shape.rows = rows;
    shape.cols = cols;
    return shape;
  }

  BlockDiagonalShape shape_{};
};

}  // namespace strum::inline STRUM_ABI
