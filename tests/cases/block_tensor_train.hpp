// BlockTensorTrain: z_t[o_1 … o_t, r, i_{t+1} … i_d] =
//     Σ_{s, i_t} core_t[r, s, o_1 … o_t, i_t … i_d] · z_{t−1}[o_1 … o_{t−1}, s, i_t … i_d].
#pragma once

#include <string>
#include <vector>

#include "strum/ops/block_tensor_train.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// Core t as a matrix from z_{t−1} to z_t: every element of the tensor is one entry.
template <class Weight>
DenseFactor block_tensor_train_factor(const BlockTensorTrainShape& s, std::size_t t,
                                      const Tensor<Weight>& core) {
  // z_t with its extents, last index contiguous.
  const auto extents = [&](std::size_t done) {
    Shape z(s.outputs.begin(), s.outputs.begin() + static_cast<Index>(done));
    z.push_back(s.ranks[done]);
    z.insert(z.end(), s.inputs.begin() + static_cast<Index>(done), s.inputs.end());
    return z;
  };
  const auto place = [](const Shape& extent, const Shape& index) {
    Index i = 0;
    for (std::size_t k = 0; k < extent.size(); ++k) i = i * extent[k] + index[k];
    return i;
  };
  const Shape out = extents(t + 1), in = extents(t);
  DenseFactor factor(detail::element_count(out, ""), detail::element_count(in, ""));
  for (Index w = 0; w < core.size(); ++w) {
    Shape index(core.shape().size());  // (r, s, o_1 … o_t, i_t … i_d)
    Index rest = w;
    for (std::size_t k = index.size(); k-- > 0; rest /= core.shape()[k])
      index[k] = rest % core.shape()[k];
    Shape to, from;
    for (std::size_t k = 0; k <= t; ++k) to.push_back(index[2 + k]);
    to.push_back(index[0]);
    for (std::size_t k = 0; k < t; ++k) from.push_back(index[2 + k]);
    from.push_back(index[1]);
    from.push_back(index[3 + t]);
    for (std::size_t k = 4 + t; k < index.size(); ++k) {
      to.push_back(index[k]);
      from.push_back(index[k]);
    }
    factor.set(place(out, to), place(in, from), core[w]);
  }
  return factor;
}

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> block_tensor_train_case(const BlockTensorTrainShape& s) {
  std::string name = "in";
  for (const Index i : s.inputs) name += "_" + std::to_string(i);
  name += "_out";
  for (const Index o : s.outputs) name += "_" + std::to_string(o);
  std::vector<Tensor<Weight>> cores;
  DenseChain chain;
  std::vector<std::pair<std::string, Tensor<Weight>>> parameters;
  for (std::size_t t = 0; t < s.inputs.size(); ++t) {
    Shape shape = {s.ranks[t + 1], s.ranks[t]};
    shape.insert(shape.end(), s.outputs.begin(), s.outputs.begin() + static_cast<Index>(t) + 1);
    shape.insert(shape.end(), s.inputs.begin() + static_cast<Index>(t), s.inputs.end());
    cores.push_back(random_tensor<Weight>(shape, static_cast<std::uint32_t>(631 + t)));
    chain.push_back(block_tensor_train_factor(s, t, cores[t]));
    parameters.emplace_back("core" + std::to_string(t + 1), cores[t]);
  }
  return make_case<BlockTensorTrain<Scalar, Weight>, Weight>(
      name, BlockTensorTrain<Scalar, Weight>(cores), chain, parameters);
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_tensor_train_cases() {
  return {block_tensor_train_case<Scalar>({{7}, {5}, {1, 1}}),
          block_tensor_train_case<Scalar>({{3, 5}, {4, 2}, {1, 3, 1}}),
          block_tensor_train_case<Scalar>({{8, 16}, {16, 8}, {1, 2, 1}}),
          block_tensor_train_case<Scalar>({{3, 4, 5}, {5, 2, 3}, {1, 2, 3, 1}}),
          block_tensor_train_case<Scalar>({{3, 1, 2, 4}, {2, 3, 2, 5}, {1, 2, 1, 3, 1}})};
}

}  // namespace strum::test
