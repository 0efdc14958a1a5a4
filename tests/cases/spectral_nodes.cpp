// Matrices that are computed from their nodes as they are applied.
#include "cases/spectral_nodes.hpp"

#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Vandermonde, vandermonde_cases);
STRUM_TEST_OPERATOR(CauchyLike, cauchy_like_cases);

STRUM_TEST_OPERATOR_COMPLEX(Vandermonde, vandermonde_cases);
STRUM_TEST_OPERATOR_COMPLEX(CauchyLike, cauchy_like_cases);

}  // namespace strum::test
