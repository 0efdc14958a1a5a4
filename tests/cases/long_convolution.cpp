// Convolutions of signals with channels.
#include "cases/long_convolution.hpp"

#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(LongConvolution, long_convolution_cases);
STRUM_TEST_OPERATOR(ShortConvolution, short_convolution_cases);
STRUM_TEST_OPERATOR(FrequencySparseConvolution, frequency_sparse_cases);

}  // namespace strum::test
