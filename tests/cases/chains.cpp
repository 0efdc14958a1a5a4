// Operators that are products of Kronecker-sparse factors, or lists of such.
#include "cases/blast.hpp"
#include "cases/block_dense.hpp"
#include "cases/block_low_rank.hpp"
#include "cases/block_shuffle.hpp"
#include "cases/block_tensor_train.hpp"
#include "cases/diagonal.hpp"
#include "cases/einsum_operator.hpp"
#include "cases/monarch_chain.hpp"
#include "cases/ragged_block_diagonal.hpp"
#include "cases/two_core_block_tensor_train.hpp"
#include "operator_suite.hpp"

namespace strum::test {

/// Weights stored as bfloat16: one of each, with all of its paddings and permutations.
std::vector<OperatorCase<float>> chains_bf16_cases() {
  std::vector<OperatorCase<float>> cases = {
      block_dense_case<float, bfloat16>(13, 3, 5, 7),
      block_shuffle_case<float, bfloat16>(10, 7, 3),
      monarch_chain_case<float, bfloat16>({{4, 3, 5, 2}, {3, 7, 4, 2}, {1, 2, 21, 2}}),
      block_tensor_train_case<float, bfloat16>({{3, 4, 5}, {5, 2, 3}, {1, 2, 3, 1}}),
      two_core_case<float, bfloat16>({3, 5, 4, 7, 2}),
      block_low_rank_case<float, bfloat16>(4, 7, 5, 2, 16),
      blast_case<float, bfloat16>(2, 3, 7, 5, 4),
      diagonal_case<float, bfloat16>(157),
      einsum_case<float, bfloat16>(
          {.alpha = 3, .beta = 2, .gamma = 5, .delta = 4, .epsilon = 7, .phi = 3, .rho = 2}),
      ragged_case<float, bfloat16>("runs", {{2, 3}, {2, 3}, {5, 4}, {7, 2}})};
  for (OperatorCase<float>& c : cases) c.name = c.op->name() + "_" + c.name;
  return cases;
}

STRUM_TEST_OPERATOR(BlockDense, block_dense_cases);
STRUM_TEST_OPERATOR(BlockShuffle, block_shuffle_cases);
STRUM_TEST_OPERATOR(MonarchChain, monarch_chain_cases);
STRUM_TEST_OPERATOR(BlockTensorTrain, block_tensor_train_cases);
STRUM_TEST_OPERATOR(TwoCoreBlockTensorTrain, two_core_cases);
STRUM_TEST_OPERATOR(BlockLowRank, block_low_rank_cases);
STRUM_TEST_OPERATOR(Blast, blast_cases);
STRUM_TEST_OPERATOR(Diagonal, diagonal_cases);
STRUM_TEST_OPERATOR(EinsumOperator, einsum_cases);
STRUM_TEST_OPERATOR(RaggedBlockDiagonal, ragged_cases);

STRUM_TEST_OPERATOR_F32(ChainsBf16, chains_bf16_cases);

}  // namespace strum::test
