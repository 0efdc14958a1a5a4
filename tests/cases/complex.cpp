// Operators of complex numbers.
#include "cases/block_diagonal.hpp"
#include "cases/dense.hpp"
#include "cases/kronecker_sparse.hpp"
#include "cases/low_rank.hpp"
#include "cases/monarch.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR_COMPLEX(Dense, dense_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockDiagonal, block_diagonal_cases);
STRUM_TEST_OPERATOR_COMPLEX(StaticBlockDiagonal, static_block_diagonal_cases);
STRUM_TEST_OPERATOR_COMPLEX(LowRank, low_rank_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerSparse, kronecker_sparse_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerChain, kronecker_chain_cases);
STRUM_TEST_OPERATOR_COMPLEX(Monarch, monarch_cases);
STRUM_TEST_OPERATOR_COMPLEX(MonarchLayer, monarch_layer_cases);

}  // namespace strum::test
