// Permutations and identities.
#include "cases/permutation.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Permutation, permutation_cases);
STRUM_TEST_OPERATOR(Identity, identity_cases);
STRUM_TEST_OPERATOR(Zero, zero_cases);

}  // namespace strum::test
