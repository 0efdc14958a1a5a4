// Operators of complex numbers.
#include "cases/block_diagonal.hpp"
#include "cases/dense.hpp"
#include "cases/kronecker_sparse.hpp"
#include "cases/low_rank.hpp"
#include "cases/monarch.hpp"
#include "operator_suite.hpp"

namespace strum::test {

/// Sums in pieces where lanes hold δ: those of real numbers are longer than a test is worth here.
template <class Scalar>
std::vector<OperatorCase<Scalar>> long_sum_cases() {
  return {kronecker_sparse_case<Scalar>({{1, 1, 520, 2}}),
          kronecker_sparse_case<Scalar>({{1, 3, 513, 3}})};
}

STRUM_TEST_OPERATOR_COMPLEX(Dense, dense_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockDiagonal, block_diagonal_cases);
STRUM_TEST_OPERATOR_COMPLEX(StaticBlockDiagonal, static_block_diagonal_cases);
STRUM_TEST_OPERATOR_COMPLEX(LowRank, low_rank_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerSparse, kronecker_sparse_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerLongSum, long_sum_cases);
STRUM_TEST_OPERATOR_COMPLEX(KroneckerChain, kronecker_chain_cases);
STRUM_TEST_OPERATOR_COMPLEX(Monarch, monarch_cases);
STRUM_TEST_OPERATOR_COMPLEX(MonarchLayer, monarch_layer_cases);

}  // namespace strum::test
