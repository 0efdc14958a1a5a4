// RaggedBlockDiagonal: blocks of any sizes along the diagonal.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/ops/factor_tensor.hpp"

namespace strum::inline STRUM_ABI {

/// y = (block_0·x_0, block_1·x_1, ...), where x_k and y_k are the parts of x and y that follow upon
/// those of the blocks before, as long as block k is wide and high. Parameters: `block0`, `block1`,
/// ... of shape (rows, cols), which may be 0. Σ rows·cols multiply-adds per sample. Neighbours of
/// equal size run, and are packed, as one KS(count, rows, cols, 1): put them side by side. To set
/// one of them packs all of them anew.
template <class ScalarType, class WeightType = ScalarType>
class RaggedBlockDiagonal
    : public LinearOpBase<RaggedBlockDiagonal<ScalarType, WeightType>, ScalarType> {
 public:
  using Scalar = ScalarType;
  using Weight = detail::CheckedWeight<WeightType, ScalarType>;
  template <class Other>
  using WithWeights = RaggedBlockDiagonal<Scalar, Other>;

  RaggedBlockDiagonal() = default;

  /// From matrices (rows, cols) of Weight or of Scalar. Throws ShapeError for another rank, or if
  /// their sizes together leave the index type.
  template <WeightOf<ScalarType> Source = Weight>
  explicit RaggedBlockDiagonal(const std::vector<Tensor<Source>>& blocks) {
    for (std::size_t k = 0; k < blocks.size(); ++k)
      if (blocks[k].rank() != 2)
        detail::fail<ShapeError>(name(), ": ", block_name(static_cast<Index>(k)), " has shape ",
                                 blocks[k].shape(), ", needs (rows, cols)");
    for (std::size_t first = 0, end = 0; first < blocks.size(); first = end) {
      while (end < blocks.size() && blocks[end].shape() == blocks[first].shape()) ++end;
      append_run(blocks, first, end);
    }
  }

  [[nodiscard]] Index rows() const {
    return runs_.empty() ? 0 : runs_.back().row + runs_.back().count * runs_.back().rows;
  }
  [[nodiscard]] Index cols() const {
    return runs_.empty() ? 0 : runs_.back().col + runs_.back().count * runs_.back().cols;
  }
  /// Number of blocks.
  [[nodiscard]] Index blocks() const {
    return runs_.empty() ? 0 : runs_.back().first + runs_.back().count;
  }

  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (const Run& run : runs_) count += run.count * run.rows * run.cols;
    return count;
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Run& run : runs_) sum += run.chain.bytes();
    return sum;
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    std::size_t most = 0;
    for (const Run& run : runs_) most = std::max(most, run.chain.workspace_bytes(batch));
    return most;
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const {
    for (const Run& run : runs_) run.chain.prepare_transpose();
  }

  [[nodiscard]] static constexpr std::string_view name() { return "RaggedBlockDiagonal"; }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const {
    std::vector<ParameterInfo> list;
    for (const Run& run : runs_)
      for (Index k = 0; k < run.count; ++k)
        list.push_back({block_name(run.first + k), {run.rows, run.cols}});
    return list;
  }
  /// A copy of a block. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Weight> get(const std::string& block) const {
    const auto [run, k] = find(block);
    const Tensor<Weight> all = runs_[run].weights();
    Tensor<Weight> values({runs_[run].rows, runs_[run].cols});
    std::copy_n(all.data() + k * values.size(), values.size(), values.data());
    return values;
  }
  /// Replaces a block. Throws ValueError for an unknown name and ShapeError for another shape.
  template <WeightOf<ScalarType> Source = Weight>
  void set(const std::string& block, const Tensor<Source>& values) {
    const auto [i, k] = find(block);
    Run& run = runs_[i];
    detail::check_shape(values, {run.rows, run.cols}, name(), block);
    Tensor<Weight> all = run.weights();
    const Tensor<Weight> narrow = values.template cast<Weight>();
    std::copy_n(narrow.data(), narrow.size(), all.data() + k * narrow.size());
    run.chain.set(0, run.view(std::as_const(all).data()));
  }

  [[nodiscard]] Description describe() const {
    Description description{std::string(name()),
                            {{"block_rows", {}}, {"block_cols", {}}},
                            std::string(detail::kWeightName<Scalar, Weight>)};
    for (const ParameterInfo& info : parameters()) {
      description.attributes["block_rows"].push_back(info.shape[0]);
      description.attributes["block_cols"].push_back(info.shape[1]);
    }
    return description;
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static RaggedBlockDiagonal restore(const Description&,
                                                   const Parameters<Source>& parameters) {
    std::vector<Tensor<Source>> blocks;
    for (std::size_t k = 0; k < parameters.size(); ++k)
      blocks.push_back(
          detail::find_parameter(parameters, block_name(static_cast<Index>(k)), name()));
    return RaggedBlockDiagonal(blocks);
  }

 private:
  friend detail::OpAccess;

  /// Blocks [first, first + count), all rows x cols, the first of them at (row, col).
  struct Run {
    Index first, count, rows, cols, row, col;
    detail::FactorChain<Scalar, Weight> chain;

    template <class Source>
    [[nodiscard]] kernels::WeightView<Source> view(const Source* data) const {
      return {data, rows * cols, cols, 1, 0};
    }
    [[nodiscard]] Tensor<Weight> weights() const {
      Tensor<Weight> all({count, rows, cols});
      chain.get(0, all.data(), view<Weight>(all.data()));
      return all;
    }
  };

  static std::string block_name(Index k) { return "block" + std::to_string(k); }

  template <class Source>
  void append_run(const std::vector<Tensor<Source>>& blocks, std::size_t first, std::size_t end) {
    const Index block_rows = blocks[first].shape()[0], block_cols = blocks[first].shape()[1];
    Run run{static_cast<Index>(first),
            static_cast<Index>(end - first),
            block_rows,
            block_cols,
            rows(),
            cols(),
            {}};
    const kernels::FactorShape shape = detail::factor_shape(run.count, block_rows, block_cols, 1);
    Index sum = 0;
    if (__builtin_add_overflow(run.row, shape.rows, &sum) ||
        __builtin_add_overflow(run.col, shape.cols, &sum))
      detail::fail<ShapeError>(name(), ": sizes beyond 64 bits");
    Tensor<Source> all({run.count, block_rows, block_cols});
    for (std::size_t k = first; k < end; ++k)
      std::copy_n(blocks[k].data(), blocks[k].size(),
                  all.data() + static_cast<Index>(k - first) * blocks[k].size());
    run.chain.append(shape, run.view(std::as_const(all).data()));
    runs_.push_back(std::move(run));
  }

  /// The run of a parameter, and which of its blocks it is.
  [[nodiscard]] std::pair<std::size_t, Index> find(const std::string& block) const {
    constexpr std::string_view kPrefix = "block";
    Index k = -1;
    if (block.starts_with(kPrefix))
      std::from_chars(block.data() + kPrefix.size(), block.data() + block.size(), k);
    if (k < 0 || k >= blocks() || block != block_name(k)) detail::refuse_parameter(name(), block);
    std::size_t run = 0;
    while (k >= runs_[run].first + runs_[run].count) ++run;
    return {run, k - runs_[run].first};
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const bool t = transposes(mode);
    for (const Run& run : runs_) {
      const Index rows = run.count * run.rows, cols = run.count * run.cols;
      const auto in = t ? x.block(run.row, 0, rows, x.cols()) : x.block(run.col, 0, cols, x.cols());
      const auto out =
          t ? y.block(run.col, 0, cols, y.cols()) : y.block(run.row, 0, rows, y.cols());
      if (out.rows() == 0) continue;
      if (in.rows() == 0)
        detail::scale(beta, out);
      else
        run.chain.apply(mode, alpha, in, beta, out, workspace);
    }
  }

  std::vector<Run> runs_;
};

}  // namespace strum::inline STRUM_ABI
