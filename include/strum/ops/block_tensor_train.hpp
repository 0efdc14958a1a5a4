// BlockTensorTrain: a tensor train whose cores are different for every block.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a block tensor train of d cores: inputs i_1 ... i_d, outputs o_1 ... o_d, ranks r_1 ...
/// r_{d+1}, the first and the last of them 1.
struct BlockTensorTrainShape {
  std::vector<Index> inputs, outputs, ranks;

  /// d.
  [[nodiscard]] std::size_t cores() const { return inputs.size(); }

  /// Of core t < d, counted from 0: (r_out, r_in, outputs up to its own, inputs from its own on).
  [[nodiscard]] Shape core_shape(std::size_t t) const {
    Shape shape = {ranks[t + 1], ranks[t]};
    for (std::size_t i = 0; i <= t; ++i) shape.push_back(outputs[i]);
    for (std::size_t i = t; i < cores(); ++i) shape.push_back(inputs[i]);
    return shape;
  }

  /// KS(o_1 ... o_{t−1}, o_t·r_{t+1}, r_t·i_t, i_{t+1} ... i_d). Throws ShapeError if the sizes do
  /// not fit.
  [[nodiscard]] kernels::FactorShape factor(std::size_t t) const {
    if (cores() < 1 || outputs.size() != cores() || ranks.size() != cores() + 1 || ranks[0] != 1 ||
        ranks[cores()] != 1)
      detail::fail<ShapeError>("BlockTensorTrain: inputs ", inputs, ", outputs ", outputs,
                               ", ranks ", ranks,
                               " (needs d, d and d + 1 of them, the outer ranks 1)");
    constexpr const char* kWhere = "BlockTensorTrain";
    Index before = 1, behind = 1;
    for (std::size_t i = 0; i < t; ++i)
      before = detail::checked_product(before, outputs[i], kWhere);
    for (std::size_t i = t + 1; i < cores(); ++i)
      behind = detail::checked_product(behind, inputs[i], kWhere);
    return detail::factor_shape(before, detail::checked_product(outputs[t], ranks[t + 1], kWhere),
                                detail::checked_product(ranks[t], inputs[t], kWhere), behind);
  }

  friend bool operator==(const BlockTensorTrainShape&, const BlockTensorTrainShape&) = default;
};

/// Core t = 1, ..., d in turn replaces index i_t of the vector by o_t and the rank before it by the
/// one behind it,
///
///     z_t[o_1 … o_t, r, i_{t+1} … i_d] =
///         Σ_{s, i_t} core_t[r, s, o_1 … o_t, i_t … i_d] · z_{t−1}[o_1 … o_{t−1}, s, i_t … i_d],
///
/// z_0 = x and z_d = y, all with the last index contiguous (Qiu et al. 2024). Parameters: `core1`,
/// ..., `cored` of shape (r_{t+1}, r_t, o_1, ..., o_t, i_t, ..., i_d). One multiply-add per weight
/// and sample. A tensor train is one whose cores do not depend on o_1 ... o_{t−1} and i_{t+1} ...
/// i_d. TwoCoreBlockTensorTrain is the layer published for d = 2, which takes its inputs in another
/// order.
template <class ScalarType, class WeightType = ScalarType>
class BlockTensorTrain
    : public detail::ChainOp<BlockTensorTrain<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<BlockTensorTrain, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = BlockTensorTrain<Scalar, Other>;

  BlockTensorTrain() = default;

  /// From core1, ..., cored of Weight or of Scalar; sizes are theirs. Throws ShapeError if they do
  /// not fit together.
  template <WeightOf<ScalarType> Source = Weight>
  explicit BlockTensorTrain(const std::vector<Tensor<Source>>& cores)
      : BlockTensorTrain(shape_of(cores), cores) {}

  /// Throws ShapeError unless core t has the shape that `shape` gives it.
  template <WeightOf<ScalarType> Source = Weight>
  BlockTensorTrain(const BlockTensorTrainShape& shape, const std::vector<Tensor<Source>>& cores)
      : Base(tensors(shape, cores), data(cores)), shape_(shape) {}

  [[nodiscard]] const BlockTensorTrainShape& shape() const { return shape_; }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockTensorTrain"; }
  [[nodiscard]] Description describe() const {
    return Base::description(
        {{"inputs", shape_.inputs}, {"outputs", shape_.outputs}, {"ranks", shape_.ranks}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static BlockTensorTrain restore(const Description& description,
                                                const Parameters<Source>& parameters) {
    const std::size_t d = parameters.size();
    std::vector<Tensor<Source>> cores;
    for (std::size_t t = 0; t < d; ++t)
      cores.push_back(detail::find_parameter(parameters, core_name(t), name()));
    return BlockTensorTrain(
        BlockTensorTrainShape{description.list("inputs", d), description.list("outputs", d),
                              description.list("ranks", d + 1)},
        cores);
  }

 private:
  static std::string core_name(std::size_t t) { return "core" + std::to_string(t + 1); }

  /// α = (o_1 … o_{t−1}), β = (o_t, rank out), γ = (rank in, i_t), δ = (i_{t+1} … i_d).
  static detail::FactorTensor tensor(const BlockTensorTrainShape& shape, std::size_t t) {
    const kernels::FactorShape factor = shape.factor(t);  // checks the sizes
    const Shape core = shape.core_shape(t);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i <= t; ++i) order.push_back(2 + i);
    order.insert(order.end(), {0, 1});
    for (std::size_t i = t + 3; i < core.size(); ++i) order.push_back(i);
    return detail::reordered_tensor(core_name(t), core, factor, detail::axes_of(core, order));
  }

  template <class Source>
  static std::vector<detail::FactorTensor> tensors(const BlockTensorTrainShape& shape,
                                                   const std::vector<Tensor<Source>>& cores) {
    std::vector<detail::FactorTensor> list;
    for (std::size_t t = 0; t < std::max(shape.cores(), std::size_t{1}); ++t)
      list.push_back(tensor(shape, t));
    if (cores.size() != list.size())
      detail::fail<ShapeError>("BlockTensorTrain: ", cores.size(), " tensors for ", list.size(),
                               " cores");
    for (std::size_t t = 0; t < list.size(); ++t)
      detail::check_shape(cores[t], list[t].tensor_shape, name(), list[t].name);
    return list;
  }

  template <class Source>
  static BlockTensorTrainShape shape_of(const std::vector<Tensor<Source>>& cores) {
    BlockTensorTrainShape shape;
    shape.ranks.push_back(1);
    for (std::size_t t = 0; t < cores.size(); ++t) {
      const Shape& s = cores[t].shape();
      if (s.size() != cores.size() + 3)
        detail::fail<ShapeError>("BlockTensorTrain: ", core_name(t), " of ", cores.size(),
                                 " has shape ", s, ", needs ", cores.size() + 3, " extents");
      shape.ranks.push_back(s[0]);
      shape.outputs.push_back(s[2 + t]);
      shape.inputs.push_back(s[3 + t]);
    }
    return shape;
  }

  template <class Source>
  static std::vector<const Source*> data(const std::vector<Tensor<Source>>& cores) {
    std::vector<const Source*> list;
    for (const auto& core : cores) list.push_back(core.data());
    return list;
  }

  BlockTensorTrainShape shape_;
};

}  // namespace strum::inline STRUM_ABI
