// FlatButterfly (Chen et al. 2021, "Pixelated butterfly"): the sum of butterfly factors instead of
// their product, beside a low-rank matrix.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/chain_op.hpp"
#include "strum/ops/xor_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a flat butterfly: grid x grid blocks of block_rows x block_cols, those kept that one of
/// the first `levels` block butterfly factors has, and a low rank beside them (0: none). rows and
/// cols cut the last blocks off.
struct FlatButterflyShape {
  Index grid, levels;
  Index block_rows, block_cols;
  Index rank;
  Index rows, cols;

  /// Without padding.
  [[nodiscard]] static FlatButterflyShape exact(Index grid, Index levels, Index block_rows,
                                                Index block_cols, Index rank) {
    return {grid,
            levels,
            block_rows,
            block_cols,
            rank,
            detail::checked_product(grid, block_rows, "FlatButterfly"),
            detail::checked_product(grid, block_cols, "FlatButterfly")};
  }

  /// Throws ShapeError if the sizes do not fit together.
  [[nodiscard]] detail::XorShape sparse() const {
    Index log = 0;
    while (log < 62 && Index{1} << log < grid) ++log;
    if (grid < 1 || Index{1} << log != grid || levels < 0 || levels > log || rank < 0 ||
        block_rows < 1 || block_cols < 1 || rows < 1 || cols < 1 ||
        rows > detail::checked_product(grid, block_rows, "FlatButterfly") ||
        cols > detail::checked_product(grid, block_cols, "FlatButterfly"))
      detail::fail<ShapeError>("FlatButterfly: a grid of ", grid, " with ", levels,
                               " levels of blocks of ", block_rows, " x ", block_cols, " and rank ",
                               rank, " does not make a ", rows, " x ", cols,
                               " operator (needs grid = 2^k >= 2^levels, rows and cols within it)");
    return {grid, levels, block_rows, block_cols, rows, cols};
  }

  friend bool operator==(const FlatButterflyShape&, const FlatButterflyShape&) = default;
};

/// y = (1 − γ)·S·x + γ·U·V·x, S block-sparse with
///
///     y_i = Σ_t W[i][t] · x_{i xor m_t},  m_t = 0, 1, 2, 4, ..., 2^(f − 1)
///
/// for block rows i of a g x g grid. Parameters: `weight (g, f + 1, block_rows, block_cols)` = W,
/// what lies in padding counting as zeros; with a rank r also `lr1 (r, cols)` = V, `lr2 (rows, r)`
/// = U and `gamma (1)`, a constant (the gate of the paper, a function of x, is no linear operator).
/// Without, y = S·x. (f + 1)·rows·block_cols + r·(rows + cols) multiply-adds per sample; gamma is
/// no weight and not counted. x is gathered once for each of a row's blocks.
template <class ScalarType>
class FlatButterfly : public LinearOpBase<FlatButterfly<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  FlatButterfly() = default;

  /// S alone. Throws ShapeError unless shape.rank is 0 and weight (g, f + 1, rows, columns of a
  /// block).
  FlatButterfly(const FlatButterflyShape& shape, const Tensor<Scalar>& weight)
      : shape_(shape), sparse_(sparse_of(shape, weight)) {
    if (shape.rank != 0)
      detail::fail<ShapeError>("FlatButterfly: rank ", shape.rank, " without lr1 and lr2");
  }

  /// With a low-rank matrix. Throws ShapeError unless lr1 is (rank, cols), lr2 (rows, rank) and the
  /// rank at least 1.
  FlatButterfly(const FlatButterflyShape& shape, const Tensor<Scalar>& weight,
                const Tensor<Scalar>& lr1, const Tensor<Scalar>& lr2, Scalar gamma = Scalar(0.5))
      : shape_(shape), sparse_(sparse_of(shape, weight)), gamma_(gamma) {
    if (shape.rank < 1) detail::fail<ShapeError>("FlatButterfly: lr1 and lr2 with rank 0");
    detail::check_shape(lr1, {shape.rank, shape.cols}, name(), "lr1");
    detail::check_shape(lr2, {shape.rows, shape.rank}, name(), "lr2");
    for (const auto* tensor : {&lr1, &lr2})
      low_rank_.append(detail::factor_shape(1, tensor->shape()[0], tensor->shape()[1], 1),
                       detail::matrix_weights(tensor->matrix()));
  }

  [[nodiscard]] Index rows() const { return sparse_.empty() ? 0 : shape_.rows; }
  [[nodiscard]] Index cols() const { return sparse_.empty() ? 0 : shape_.cols; }
  [[nodiscard]] const FlatButterflyShape& shape() const { return shape_; }
  /// γ; 0 where there is no low-rank matrix.
  [[nodiscard]] Scalar gamma() const { return gamma_; }

  [[nodiscard]] static constexpr std::string_view name() { return "FlatButterfly"; }
  /// Weights that join an input to an output.
  [[nodiscard]] Index parameter_count() const {
    return sparse_.empty() ? 0 : sparse_.shape().parameter_count() + low_rank_.parameter_count();
  }
  [[nodiscard]] Index flops() const {
    return kMultiplyAddFlops<Scalar> * (sparse_.multiply_adds() + low_rank_.parameter_count());
  }
  [[nodiscard]] std::size_t bytes() const {
    const auto* second = transposed_.peek();
    return sparse_.bytes() + low_rank_.bytes() + (second != nullptr ? second->bytes() : 0);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (sparse_.empty() || batch <= 0) return 0;
    using Sparse = detail::XorBlocks<Scalar>;
    return std::max({sparse_.workspace_bytes(batch),
                     Sparse::bytes_of(sparse_.shape().transposed(), batch),
                     low_rank_.workspace_bytes(batch)});
  }
  /// Makes the second packing that transposed products need now, not at their first use.
  void prepare_transpose() const {
    (void)transposed_sparse();
    low_rank_.prepare_transpose();
  }

  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    const FlatButterflyShape& s = shape_;
    std::vector<ParameterInfo> list = {{"weight", weight_shape(s)}};
    if (has_low_rank())
      list.insert(list.end(),
                  {{"lr1", {s.rank, s.cols}}, {"lr2", {s.rows, s.rank}}, {"gamma", {1}}});
    return list;
  }
  /// A copy of a parameter, padding as zeros. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    const Shape shape = shape_of(parameter);
    if (parameter == "weight") return sparse_.get();
    if (parameter == "gamma") return {shape, {gamma_}};
    Tensor<Scalar> values(shape);
    low_rank_.get(parameter == "lr1" ? 0 : 1, values.data(), matrix_weights(values));
    return values;
  }
  /// Replaces a parameter; what lies in padding is ignored. Throws ValueError for an unknown name,
  /// ShapeError for another shape.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    detail::check_shape(values, shape_of(parameter), name(), parameter);
    if (parameter == "weight") {
      sparse_ = sparse_of(shape_, values);
      transposed_.reset();
    } else if (parameter == "gamma") {
      gamma_ = values[0];
    } else {
      low_rank_.set(parameter == "lr1" ? 0 : 1, matrix_weights(values));
    }
  }

  [[nodiscard]] Description describe() const {
    const FlatButterflyShape& s = shape_;
    return {std::string(name()),
            {{"shape", {s.rows, s.cols}},
             {"grid", {s.grid}},
             {"levels", {s.levels}},
             {"block", {s.block_rows, s.block_cols}},
             {"rank", {s.rank}}}};
  }
  /// Throws ValueError or ShapeError where description and parameters do not make one.
  [[nodiscard]] static FlatButterfly restore(const Description& description,
                                             const Parameters<Scalar>& parameters) {
    const std::vector<Index>& shape = description.list("shape", 2);
    const std::vector<Index>& block = description.list("block", 2);
    const FlatButterflyShape sizes{description.value("grid"),
                                   description.value("levels"),
                                   block[0],
                                   block[1],
                                   description.value("rank"),
                                   shape[0],
                                   shape[1]};
    const auto find = [&](const char* parameter) -> const Tensor<Scalar>& {
      return detail::find_parameter(parameters, parameter, name());
    };
    if (sizes.rank == 0) return {sizes, find("weight")};
    detail::check_shape(find("gamma"), {1}, name(), "gamma");
    return {sizes, find("weight"), find("lr1"), find("lr2"), find("gamma")[0]};
  }

 private:
  friend detail::OpAccess;

  static Shape weight_shape(const FlatButterflyShape& s) {
    return {s.grid, s.levels + 1, s.block_rows, s.block_cols};
  }
  static detail::XorBlocks<Scalar> sparse_of(const FlatButterflyShape& shape,
                                             const Tensor<Scalar>& weight) {
    const detail::XorShape sparse = shape.sparse();
    detail::check_shape(weight, weight_shape(shape), name(), "weight");
    return {sparse, weight.data()};
  }

  [[nodiscard]] bool has_low_rank() const { return low_rank_.size() > 0; }
  [[nodiscard]] Shape shape_of(const std::string& parameter) const {
    for (const ParameterInfo& info : parameters())
      if (info.name == parameter) return info.shape;
    detail::refuse_parameter(name(), parameter);
  }
  static kernels::WeightView<Scalar> matrix_weights(const Tensor<Scalar>& w) {
    return detail::matrix_weights(w.matrix());
  }
  const detail::XorBlocks<Scalar>& transposed_sparse() const {
    return transposed_.get([&] { return sparse_.transposed(); });
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const bool t = transposes(mode);
    (t ? transposed_sparse() : sparse_)
        .apply(t ? compose(mode, Mode::transpose) : mode, (Scalar(1) - gamma_) * alpha, x, beta, y,
               workspace);
    if (has_low_rank()) low_rank_.apply(mode, gamma_ * alpha, x, Scalar(1), y, workspace);
  }

  FlatButterflyShape shape_{};
  detail::XorBlocks<Scalar> sparse_;
  detail::MadeOnce<detail::XorBlocks<Scalar>> transposed_;
  detail::FactorChain<Scalar> low_rank_;
  Scalar gamma_ = Scalar(0);
};

}  // namespace strum::inline STRUM_ABI
