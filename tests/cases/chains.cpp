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

}  // namespace strum::test
