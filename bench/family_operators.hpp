// The operators of the family, and what their tables are written with. An operator is a line in the
// table of family_blocks.cpp, family_butterflies.cpp or family_tensors.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/core/tensor.hpp"
#include "weights.hpp"

namespace bench {

/// An operator with the sizes that it usually has.
struct FamilyOperator {
  const char* name;     // as in its cases' names: with what tells it from another of the same type
  const char* setting;  // its sizes, in a few words
  strum::AnyLinearOp<float> (*make)(Index n);  // n x n, n a power of two from 128 on
};

/// Chains of factors with weights of their own.
[[nodiscard]] std::span<const FamilyOperator> block_operators();
/// Butterflies, and what is orthogonal.
[[nodiscard]] std::span<const FamilyOperator> butterfly_operators();
/// Those that use a weight many times, and expressions of operators.
[[nodiscard]] std::span<const FamilyOperator> tensor_operators();

/// Tensors of random numbers, each from a seed of its own.
class Random {
 public:
  /// Scaled so that sums of `terms` products with them are as large as what they are multiplied
  /// with.
  [[nodiscard]] strum::Tensor<float> operator()(strum::Shape shape, Index terms) {
    strum::Tensor<float> tensor(std::move(shape));
    fill_random(tensor.data(), tensor.size(), ++seed_, std::sqrt(3.0 / static_cast<double>(terms)));
    return tensor;
  }

 private:
  std::uint64_t seed_ = 0;
};

/// The least power of two that is √n or more: 16, 16, 32, 64 for the sizes of family.hpp.
[[nodiscard]] inline Index root(Index n) {
  Index b = 1;
  while (b * b < n) b *= 2;
  return b;
}

/// n as a product of `count` powers of two, no two of them further apart than a factor of two, the
/// larger first: 1024 = 16 · 8 · 8.
[[nodiscard]] inline std::vector<Index> split(Index n, Index count) {
  std::vector<Index> sizes(static_cast<std::size_t>(count), 1);
  for (std::size_t i = 0; n > 1; n /= 2) sizes[i++ % sizes.size()] *= 2;
  return sizes;
}

/// Ranks between the cores of a tensor train: more would be most of a small dense matrix.
[[nodiscard]] inline Index train_rank(Index n) { return n < 1024 ? 2 : 4; }

}  // namespace bench
