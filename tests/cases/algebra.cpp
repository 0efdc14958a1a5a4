// Expressions of operators.
#include "cases/algebra.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Scaled, scaled_cases);
STRUM_TEST_OPERATOR(Sum, sum_cases);
STRUM_TEST_OPERATOR(Product, product_cases);
STRUM_TEST_OPERATOR(Concat, concat_cases);
STRUM_TEST_OPERATOR(DirectSum, direct_sum_cases);
STRUM_TEST_OPERATOR(Submatrix, submatrix_cases);
STRUM_TEST_OPERATOR(Expression, expression_cases);
STRUM_TEST_OPERATOR(Merged, merged_cases);

}  // namespace strum::test
