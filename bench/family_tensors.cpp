#include "family_operators.hpp"
#include "strum/algebra/algebra.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/kronecker.hpp"
#include "strum/ops/kronecker_sum.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/tensor_train.hpp"

namespace bench {
namespace {

using strum::Tensor;
using AnyOp = strum::AnyLinearOp<float>;

std::vector<Tensor<float>> square_factors(Index n, Index count) {
  Random random;
  std::vector<Tensor<float>> factors;
  for (const Index b : split(n, count)) factors.push_back(random({b, b}, b));
  return factors;
}

AnyOp kronecker(Index n, Index count) { return strum::Kronecker<float>(square_factors(n, count)); }

AnyOp kronecker_sum(Index n) { return strum::KroneckerSum<float>(square_factors(n, 2)); }

AnyOp tensor_train(Index n, Index count) {
  Random random;
  std::vector<Tensor<float>> cores;
  const std::vector<Index> sizes = split(n, count);
  Index rank = 1;
  for (std::size_t t = 0; t < sizes.size(); ++t) {
    const Index next = t + 1 == sizes.size() ? 1 : train_rank(n);
    cores.push_back(random({rank, sizes[t], sizes[t], next}, rank * sizes[t]));
    rank = next;
  }
  return strum::TensorTrain<float>(cores);
}

// The expressions: operands of the block operators' sizes.

strum::BlockDiagonal<float> blocks_of_root(Index n) {
  const Index b = root(n);
  return strum::BlockDiagonal<float>(Random()({n / b, b, b}, b));
}

strum::Monarch<float> monarch(Index n) {
  const Index b = root(n);
  Random random;
  return {random({n / b, b, b}, b), random({n / b, b, b}, b)};
}

AnyOp monarch_and_low_rank(Index n) {
  constexpr Index kRank = 16;
  Random random;
  const Tensor<float> v = random({kRank, n}, n), u = random({n, kRank}, kRank);
  return monarch(n) + strum::LowRank<float>(u.matrix(), v.matrix());
}

AnyOp scaled_blocks(Index n) {
  return strum::Diagonal<float>(Random()({n}, 1)) * blocks_of_root(n);
}

AnyOp scaled_sum(Index n) { return 0.5f * monarch(n) + 2.0f * blocks_of_root(n); }

constexpr FamilyOperator kOperators[] = {
    {"Kronecker:2", "2 factors", [](Index n) { return kronecker(n, 2); }},
    {"Kronecker:3", "3 factors", [](Index n) { return kronecker(n, 3); }},
    {"KroneckerSum", "2 factors", kronecker_sum},
    {"TensorTrain:2", "2 cores, rank 4 (2 below 1024)", [](Index n) { return tensor_train(n, 2); }},
    {"TensorTrain:3", "3 cores, rank 4 (2 below 1024)", [](Index n) { return tensor_train(n, 3); }},
    {"Sum", "Monarch + LowRank, blocks of √n, rank 16", monarch_and_low_rank},
    {"Product", "Diagonal · BlockDiagonal, blocks of √n", scaled_blocks},
    {"ScaledSum", "0.5 · Monarch + 2 · BlockDiagonal", scaled_sum},
};

}  // namespace

std::span<const FamilyOperator> tensor_operators() { return kOperators; }

}  // namespace bench
