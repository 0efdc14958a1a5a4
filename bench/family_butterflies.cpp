#include <numeric>
#include <random>

#include "family_operators.hpp"
#include "strum/ops/block_butterfly.hpp"
#include "strum/ops/butterfly.hpp"
#include "strum/ops/butterfly_orthogonal.hpp"
#include "strum/ops/flat_butterfly.hpp"
#include "strum/ops/givens_rotations.hpp"
#include "strum/ops/householder.hpp"
#include "strum/ops/identity.hpp"
#include "strum/ops/orthogonal_block_diagonal.hpp"
#include "strum/ops/orthogonal_butterfly.hpp"
#include "strum/ops/permutation.hpp"

namespace bench {
namespace {

using strum::Tensor;
using AnyOp = strum::AnyLinearOp<float>;

AnyOp butterfly(Index n, Index radix) {
  const strum::ButterflyShape shape{.rows = n, .cols = n, .radix = radix};
  return strum::Butterfly<float>(shape,
                                 Random()(strum::Butterfly<float>::parameter_shape(shape), radix));
}

AnyOp orthogonal_butterfly(Index n) {
  const strum::ButterflyShape shape{.rows = n, .cols = n};
  return strum::OrthogonalButterfly<float>(
      shape, Random()(strum::OrthogonalButterfly<float>::parameter_shape(shape), 1));
}

AnyOp block_butterfly(Index n) {
  const strum::ButterflyShape shape{.rows = n, .cols = n, .block = n < 1024 ? 4 : 16};
  return strum::BlockButterfly<float>(
      shape, Random()(strum::BlockButterfly<float>::parameter_shape(shape), 2 * shape.block));
}

AnyOp flat_butterfly(Index n, Index rank) {
  const Index b = n < 1024 ? 16 : 32, levels = n < 1024 ? 2 : 4;
  const auto shape = strum::FlatButterflyShape::exact(n / b, levels, b, b, rank);
  Random random;
  const Tensor<float> weight = random({n / b, levels + 1, b, b}, (levels + 1) * b);
  if (rank == 0) return strum::FlatButterfly<float>(shape, weight);
  return strum::FlatButterfly<float>(shape, weight, random({rank, n}, n), random({n, rank}, rank));
}

AnyOp permutation(Index n) {
  std::vector<Index> p(static_cast<std::size_t>(n));
  std::iota(p.begin(), p.end(), Index{0});
  std::shuffle(p.begin(), p.end(), std::mt19937(1));
  return strum::Permutation<float>(p);
}

AnyOp householder(Index n) {
  constexpr Index kReflections = 8;
  return strum::Householder<float>(Random()({n, kReflections}, 1));
}

AnyOp givens_rotations(Index n) {
  constexpr Index kGroup = 64;
  Random random;
  return strum::GivensRotations<float>(random({n / 2}, 1), random({n / 2}, 1), kGroup);
}

AnyOp orthogonal_block_diagonal(Index n) {
  constexpr Index kBlock = 32;
  return strum::OrthogonalBlockDiagonal<float>(
      Random()({n / kBlock, kBlock * (kBlock - 1) / 2}, kBlock));
}

AnyOp butterfly_orthogonal(Index n) {
  constexpr Index kBlock = 16, kFactors = 3;
  return strum::ButterflyOrthogonal<float>(
      Random()({kFactors, n / kBlock, kBlock, kBlock}, kBlock));
}

constexpr FamilyOperator kOperators[] = {
    {"Butterfly:radix2", "", [](Index n) { return butterfly(n, 2); }},
    {"Butterfly:radix4", "n = 128 padded to 256", [](Index n) { return butterfly(n, 4); }},
    {"OrthogonalButterfly", "", orthogonal_butterfly},
    {"BlockButterfly", "blocks of 16 (4 below 1024)", block_butterfly},
    {"FlatButterfly", "blocks of 32, 4 levels (16, 2 below 1024)",
     [](Index n) { return flat_butterfly(n, 0); }},
    {"FlatButterfly:low-rank", "the same and rank 8", [](Index n) { return flat_butterfly(n, 8); }},
    {"Permutation", "random", permutation},
    {"Identity", "", [](Index n) -> AnyOp { return strum::Identity<float>(n); }},
    {"Householder", "8 reflections", householder},
    {"GivensRotations", "groups of 64", givens_rotations},
    {"OrthogonalBlockDiagonal", "blocks of 32", orthogonal_block_diagonal},
    {"ButterflyOrthogonal", "3 factors, blocks of 16", butterfly_orthogonal},
};

}  // namespace

std::span<const FamilyOperator> butterfly_operators() { return kOperators; }

}  // namespace bench
