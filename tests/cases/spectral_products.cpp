// Diagonals, permutations and fast transforms.
#include "cases/spectral_products.hpp"

#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Acdc, acdc_cases);
STRUM_TEST_OPERATOR(Fastfood, fastfood_cases);
STRUM_TEST_OPERATOR(SpectralSparse, spectral_sparse_cases);

STRUM_TEST_OPERATOR_COMPLEX(Acdc, acdc_cases);
STRUM_TEST_OPERATOR_COMPLEX(Fastfood, fastfood_cases);
STRUM_TEST_OPERATOR_COMPLEX(SpectralSparse, spectral_sparse_cases);

}  // namespace strum::test
