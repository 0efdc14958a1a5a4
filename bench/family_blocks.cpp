#include "family_operators.hpp"
#include "strum/nn/fourier_synthesis.hpp"
#include "strum/ops/blast.hpp"
#include "strum/ops/block_dense.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/block_low_rank.hpp"
#include "strum/ops/block_shuffle.hpp"
#include "strum/ops/block_tensor_train.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/einsum_operator.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/low_rank.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/monarch_chain.hpp"
#include "strum/ops/ragged_block_diagonal.hpp"
#include "strum/ops/sparse.hpp"
#include "strum/ops/two_core_block_tensor_train.hpp"

namespace bench {
namespace {

using strum::Tensor;
using AnyOp = strum::AnyLinearOp<float>;

constexpr Index kRank = 16;

AnyOp block_diagonal(Index n) {
  const Index b = root(n);
  return strum::BlockDiagonal<float>(Random()({n / b, b, b}, b));
}

AnyOp ragged_block_diagonal(Index n) {
  constexpr Index kBlocks[] = {24, 16, 40, 32, 16};  // 128 together
  Random random;
  std::vector<Tensor<float>> blocks;
  for (Index filled = 0; filled < n; filled += 128)
    for (const Index b : kBlocks) blocks.push_back(random({b, b}, b));
  return strum::RaggedBlockDiagonal<float>(blocks);
}

AnyOp low_rank(Index n) {
  Random random;
  const Tensor<float> v = random({kRank, n}, n), u = random({n, kRank}, kRank);
  return strum::LowRank<float>(u.matrix(), v.matrix());
}

/// One entry in each of √n stretches of a row, at places of no order.
AnyOp sparse(Index n) {
  const Index b = root(n), stretch = n / b;
  std::vector<Index> row_starts = {0}, columns;
  for (Index r = 0; r < n; ++r) {
    for (Index k = 0; k < b; ++k) columns.push_back(k * stretch + (r * 37 + k * 101) % stretch);
    row_starts.push_back(static_cast<Index>(columns.size()));
  }
  return strum::Sparse<float>(n, row_starts, columns, Random()({n * b}, b));
}

/// In the middle of the vector, where no other operator here has its only factor.
AnyOp kronecker_sparse(Index n) {
  const Index b = root(n);
  return strum::KroneckerSparse<float>(Random()({1, b, b, n / b}, b));
}

AnyOp monarch(Index n) {
  const Index b = root(n);
  Random random;
  return strum::Monarch<float>(random({n / b, b, b}, b), random({n / b, b, b}, b));
}

AnyOp monarch_chain(Index n) {
  Random random;
  std::vector<Tensor<float>> factors;
  for (const strum::Shape& shape : strum::MonarchChain<float>::square(split(n, 3)))
    factors.push_back(random(shape, shape[2]));
  return strum::MonarchChain<float>(factors);
}

AnyOp block_dense(Index n) {
  constexpr Index kBlocks = 4;
  const Index r = root(n);
  Random random;
  return strum::BlockDense<float>(random({kBlocks, r / kBlocks, n / kBlocks}, n / kBlocks),
                                  random({n, r}, r));
}

AnyOp block_shuffle(Index n) {
  const Index b = root(n);
  Random random;
  return strum::BlockShuffle<float>(n, n, n / b, random({n / b, b, b}, b),
                                    random({n / b, b, b}, b));
}

AnyOp block_tensor_train(Index n, Index cores) {
  strum::BlockTensorTrainShape shape;
  shape.inputs = shape.outputs = split(n, cores);
  shape.ranks.assign(static_cast<std::size_t>(cores) + 1, train_rank(n));
  shape.ranks.front() = shape.ranks.back() = 1;
  Random random;
  std::vector<Tensor<float>> tensors;
  for (std::size_t t = 0; t < shape.cores(); ++t)
    tensors.push_back(random(shape.core_shape(t), shape.ranks[t] * shape.inputs[t]));
  return strum::BlockTensorTrain<float>(shape, tensors);
}

AnyOp two_core_block_tensor_train(Index n) {
  const std::vector<Index> sizes = split(n, 2);
  const Index m1 = sizes[0], m0 = sizes[1], rank = train_rank(n);
  Random random;
  return strum::TwoCoreBlockTensorTrain<float>(random({m1, m0, m1 * rank}, m0),
                                               random({m1, m1 * rank, m0}, m1 * rank));
}

AnyOp blast(Index n) {
  constexpr Index kBlocks = 4;
  const Index r = root(n), b = n / kBlocks;
  Random random;
  return strum::Blast<float>(random({kBlocks, b, r}, r), random({kBlocks, r, b}, b),
                             random({kBlocks, kBlocks, r}, kBlocks));
}

AnyOp block_low_rank(Index n) {
  constexpr Index kBlocks = 4;
  Random random;
  return strum::BlockLowRank<float>(double{kRank},
                                    random({kBlocks, n / kBlocks, kRank}, n / kBlocks),
                                    random({kBlocks, kRank, n / kBlocks}, kRank));
}

/// A (φ, δ, ρ, γ, α), B (φ, ε, ρ, γ, β).
AnyOp einsum(const strum::EinsumShape& s) {
  Random random;
  return strum::EinsumOperator<float>(
      random({s.phi, s.delta, s.rho, s.gamma, s.alpha}, s.alpha),
      random({s.phi, s.epsilon, s.rho, s.gamma, s.beta}, s.rho * s.gamma * s.beta));
}

AnyOp einsum_operator(Index n, Index mixed, Index rank) {
  const std::vector<Index> sizes = split(n / mixed, 2);
  return einsum({.alpha = sizes[0],
                 .beta = mixed,
                 .gamma = sizes[1],
                 .delta = mixed,
                 .epsilon = sizes[0],
                 .phi = sizes[1],
                 .rho = rank});
}

constexpr FamilyOperator kOperators[] = {
    {"Diagonal", "", [](Index n) -> AnyOp { return strum::Diagonal<float>(Random()({n}, 1)); }},
    {"BlockDiagonal", "blocks of √n", block_diagonal},
    {"RaggedBlockDiagonal", "blocks of 16 to 40", ragged_block_diagonal},
    {"LowRank", "rank 16", low_rank},
    {"Sparse", "√n entries in every row", sparse},
    {"KroneckerSparse", "KS(1, √n, √n, √n)", kronecker_sparse},
    {"Monarch", "blocks of √n", monarch},
    {"MonarchChain", "3 factors, blocks of ∛n", monarch_chain},
    {"BlockShuffle", "blocks of √n", block_shuffle},
    {"BlockDense", "4 blocks, rank √n", block_dense},
    {"BlockTensorTrain:2", "2 cores, rank 4 (2 below 1024)",
     [](Index n) { return block_tensor_train(n, 2); }},
    {"BlockTensorTrain:3", "3 cores, rank 4 (2 below 1024)",
     [](Index n) { return block_tensor_train(n, 3); }},
    {"TwoCoreBlockTensorTrain", "rank 4 (2 below 1024)", two_core_block_tensor_train},
    {"Blast", "4 x 4 blocks, rank √n", blast},
    {"BlockLowRank", "4 x 4 blocks, rank 16", block_low_rank},
    {"EinsumOperator", "β = δ = 1, ρ = 4 (2 below 1024)",
     [](Index n) { return einsum_operator(n, 1, train_rank(n)); }},
    {"EinsumOperator:mixed", "β = δ = 2, ρ = 2 (1 below 1024)",
     [](Index n) { return einsum_operator(n, 2, train_rank(n) / 2); }},
    {"FourierSynthesis", "a dense matrix",
     [](Index n) -> AnyOp { return strum::FourierSynthesis<float>(n / 2 - 1, n); }},
};

}  // namespace

std::span<const FamilyOperator> block_operators() { return kOperators; }

}  // namespace bench
