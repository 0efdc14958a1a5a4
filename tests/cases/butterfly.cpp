// Butterflies and Kronecker products. To add an operator of theirs: its list of shapes beside this
// file, and a line here.
#include "cases/butterfly.hpp"

#include "cases/flat_butterfly.hpp"
#include "cases/kronecker.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Butterfly, butterfly_cases);
STRUM_TEST_OPERATOR(OrthogonalButterfly, orthogonal_butterfly_cases);
STRUM_TEST_OPERATOR(BlockButterfly, block_butterfly_cases);
STRUM_TEST_OPERATOR(FlatButterfly, flat_butterfly_cases);
STRUM_TEST_OPERATOR(Kronecker, kronecker_cases);
STRUM_TEST_OPERATOR(KroneckerSum, kronecker_sum_cases);
STRUM_TEST_OPERATOR(TensorTrain, tensor_train_cases);

}  // namespace strum::test
