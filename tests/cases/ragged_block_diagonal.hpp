// RaggedBlockDiagonal: blocks of any sizes along the diagonal.
#pragma once

#include <string>
#include <vector>

#include "strum/ops/ragged_block_diagonal.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> ragged_case(const std::string& name, const std::vector<Shape>& shapes) {
  using Op = RaggedBlockDiagonal<Scalar, Weight>;
  Index rows = 0, cols = 0;
  for (const Shape& s : shapes) {
    rows += s[0];
    cols += s[1];
  }
  DenseFactor factor(rows, cols);
  rows = cols = 0;
  std::vector<Tensor<Weight>> blocks;
  std::vector<std::pair<std::string, Tensor<Weight>>> parameters;
  for (const Shape& s : shapes) {
    const std::size_t k = blocks.size();
    blocks.push_back(random_tensor<Weight>(s, static_cast<std::uint32_t>(691 + k)));
    for (Index i = 0; i < s[0]; ++i)
      for (Index j = 0; j < s[1]; ++j) factor.set(rows + i, cols + j, blocks[k](i, j));
    rows += s[0];
    cols += s[1];
    parameters.emplace_back("block" + std::to_string(k), blocks[k]);
  }
  auto c = make_case<Op, Weight>(name, Op(blocks), {factor}, parameters);
  c.parameter_count = factor.entries();
  c.linear_in_parameters = false;  // twice all parameters is twice the result, however many
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> ragged_cases() {
  return {ragged_case<Scalar>("one", {{3, 4}}),
          ragged_case<Scalar>("runs", {{2, 3}, {2, 3}, {2, 3}, {5, 4}, {1, 1}, {7, 2}, {7, 2}}),
          ragged_case<Scalar>("rowless_and_colless", {{3, 0}, {8, 8}, {8, 8}, {0, 4}, {2, 5}}),
          ragged_case<Scalar>("large", {{33, 17}, {40, 64}, {40, 64}, {1, 29}, {37, 3}})};
}

}  // namespace strum::test
