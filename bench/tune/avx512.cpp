// Compiled with the flags of src/avx512.cpp.
#include "kernels-inl.hpp"

#if !defined(STRUM_ISA_AVX512)
#error "this file needs the compiler flags of avx512"
#endif

constinit const bench::tune::Kernels bench::tune::panel_avx512 = STRUM_KERNELS::make_kernels();
