// The operators that everything else is made of. To add one: its list of shapes beside this file,
// and a line here.
#include "cases/bf16.hpp"
#include "cases/block_diagonal.hpp"
#include "cases/dense.hpp"
#include "cases/fourier_synthesis.hpp"
#include "cases/kronecker_sparse.hpp"
#include "cases/low_rank.hpp"
#include "cases/monarch.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Dense, dense_cases);
STRUM_TEST_OPERATOR(BlockDiagonal, block_diagonal_cases);
STRUM_TEST_OPERATOR(StaticBlockDiagonal, static_block_diagonal_cases);
STRUM_TEST_OPERATOR(LowRank, low_rank_cases);
STRUM_TEST_OPERATOR(KroneckerSparse, kronecker_sparse_cases);
STRUM_TEST_OPERATOR(KroneckerChain, kronecker_chain_cases);
STRUM_TEST_OPERATOR(Monarch, monarch_cases);
STRUM_TEST_OPERATOR(MonarchLayer, monarch_layer_cases);
STRUM_TEST_OPERATOR(FourierSynthesis, fourier_synthesis_cases);

STRUM_TEST_OPERATOR_F32(DenseBf16, dense_bf16_cases);
STRUM_TEST_OPERATOR_F32(BlockDiagonalBf16, block_diagonal_bf16_cases);
STRUM_TEST_OPERATOR_F32(LowRankBf16, low_rank_bf16_cases);
STRUM_TEST_OPERATOR_F32(KroneckerSparseBf16, kronecker_sparse_bf16_cases);
STRUM_TEST_OPERATOR_F32(MonarchBf16, monarch_bf16_cases);

}  // namespace strum::test
