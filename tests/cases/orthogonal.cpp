// Permutations, reflections, rotations; entries at any places.
#include "cases/givens_rotations.hpp"
#include "cases/householder.hpp"
#include "cases/orthogonal_blocks.hpp"
#include "cases/permutation.hpp"
#include "cases/sparse.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Permutation, permutation_cases);
STRUM_TEST_OPERATOR(Identity, identity_cases);
STRUM_TEST_OPERATOR(Zero, zero_cases);
STRUM_TEST_OPERATOR(Sparse, sparse_cases);
STRUM_TEST_OPERATOR(Householder, householder_cases);
STRUM_TEST_OPERATOR(GivensRotations, givens_cases);
STRUM_TEST_OPERATOR(OrthogonalBlockDiagonal, oft_cases);
STRUM_TEST_OPERATOR(ButterflyOrthogonal, boft_cases);

}  // namespace strum::test
