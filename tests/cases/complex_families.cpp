// Chains, butterflies and Kronecker products of complex numbers.
#include "cases/blast.hpp"
#include "cases/block_dense.hpp"
#include "cases/block_low_rank.hpp"
#include "cases/block_shuffle.hpp"
#include "cases/block_tensor_train.hpp"
#include "cases/butterfly.hpp"
#include "cases/diagonal.hpp"
#include "cases/einsum_operator.hpp"
#include "cases/flat_butterfly.hpp"
#include "cases/kronecker.hpp"
#include "cases/monarch_chain.hpp"
#include "cases/ragged_block_diagonal.hpp"
#include "cases/sparse.hpp"
#include "cases/two_core_block_tensor_train.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR_COMPLEX(BlockDense, block_dense_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockShuffle, block_shuffle_cases);
STRUM_TEST_OPERATOR_COMPLEX(MonarchChain, monarch_chain_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockTensorTrain, block_tensor_train_cases);
STRUM_TEST_OPERATOR_COMPLEX(TwoCoreBlockTensorTrain, two_core_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockLowRank, block_low_rank_cases);
STRUM_TEST_OPERATOR_COMPLEX(Blast, blast_cases);
STRUM_TEST_OPERATOR_COMPLEX(Diagonal, diagonal_cases);
STRUM_TEST_OPERATOR_COMPLEX(EinsumOperator, einsum_cases);
STRUM_TEST_OPERATOR_COMPLEX(RaggedBlockDiagonal, ragged_cases);
STRUM_TEST_OPERATOR_COMPLEX(Sparse, sparse_cases);

STRUM_TEST_OPERATOR_COMPLEX(Butterfly, butterfly_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockButterfly, block_butterfly_cases);
STRUM_TEST_OPERATOR_COMPLEX(FlatButterfly, flat_butterfly_cases);
STRUM_TEST_OPERATOR_COMPLEX(OrthogonalButterfly, orthogonal_butterfly_cases);
STRUM_TEST_OPERATOR_COMPLEX(Kronecker, kronecker_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerSum, kronecker_sum_cases);
STRUM_TEST_OPERATOR_COMPLEX(TensorTrain, tensor_train_cases);

}  // namespace strum::test
