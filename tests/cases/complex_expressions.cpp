// Expressions, permutations, reflections and rotations of complex numbers.
#include "cases/algebra.hpp"
#include "cases/givens_rotations.hpp"
#include "cases/householder.hpp"
#include "cases/orthogonal_blocks.hpp"
#include "cases/permutation.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR_COMPLEX(Scaled, scaled_cases);
STRUM_TEST_OPERATOR_COMPLEX(Sum, sum_cases);
STRUM_TEST_OPERATOR_COMPLEX(Product, product_cases);
STRUM_TEST_OPERATOR_COMPLEX(Concat, concat_cases);
STRUM_TEST_OPERATOR_COMPLEX(DirectSum, direct_sum_cases);
STRUM_TEST_OPERATOR_COMPLEX(Submatrix, submatrix_cases);
STRUM_TEST_OPERATOR_COMPLEX(Expression, expression_cases);
STRUM_TEST_OPERATOR_COMPLEX(Merged, merged_cases);

STRUM_TEST_OPERATOR_COMPLEX(Permutation, permutation_cases);
STRUM_TEST_OPERATOR_COMPLEX(Identity, identity_cases);
STRUM_TEST_OPERATOR_COMPLEX(Zero, zero_cases);
STRUM_TEST_OPERATOR_COMPLEX(Householder, householder_cases);
STRUM_TEST_OPERATOR_COMPLEX(GivensRotations, givens_cases);
STRUM_TEST_OPERATOR_COMPLEX(OrthogonalBlockDiagonal, oft_cases);
STRUM_TEST_OPERATOR_COMPLEX(ButterflyOrthogonal, boft_cases);

}  // namespace strum::test
