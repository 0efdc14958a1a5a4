// Fast transforms.
#include "cases/transforms.hpp"
#include "operator_suite.hpp"

namespace strum::test {

STRUM_TEST_OPERATOR(Cosine, cosine_cases);
STRUM_TEST_OPERATOR(Sine, sine_cases);
STRUM_TEST_OPERATOR(Hartley, hartley_cases);
STRUM_TEST_OPERATOR(Hadamard, hadamard_cases);
STRUM_TEST_OPERATOR(Haar, haar_cases);

STRUM_TEST_OPERATOR_COMPLEX(Fourier, fourier_cases);
STRUM_TEST_OPERATOR_COMPLEX(Cosine, cosine_cases);
STRUM_TEST_OPERATOR_COMPLEX(Sine, sine_cases);
STRUM_TEST_OPERATOR_COMPLEX(Hartley, hartley_cases);
STRUM_TEST_OPERATOR_COMPLEX(Hadamard, hadamard_cases);
STRUM_TEST_OPERATOR_COMPLEX(Haar, haar_cases);

}  // namespace strum::test
