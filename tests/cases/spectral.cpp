// Products with transforms.
#include "cases/spectral.hpp"

#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Circulant, circulant_cases);
STRUM_TEST_OPERATOR(Toeplitz, toeplitz_cases);
STRUM_TEST_OPERATOR(Hankel, hankel_cases);
STRUM_TEST_OPERATOR(BlockCirculant, block_circulant_cases);
STRUM_TEST_OPERATOR(ToeplitzLike, toeplitz_like_cases);

STRUM_TEST_OPERATOR_COMPLEX(Circulant, circulant_cases);
STRUM_TEST_OPERATOR_COMPLEX(Toeplitz, toeplitz_cases);
STRUM_TEST_OPERATOR_COMPLEX(Hankel, hankel_cases);
STRUM_TEST_OPERATOR_COMPLEX(BlockCirculant, block_circulant_cases);
STRUM_TEST_OPERATOR_COMPLEX(ToeplitzLike, toeplitz_like_cases);

}  // namespace strum::test
