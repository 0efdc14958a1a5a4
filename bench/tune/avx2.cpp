// Compiled with the flags of src/avx2.cpp.
#include "kernels-inl.hpp"

#if !defined(STRUM_ISA_AVX2)
#error "this file needs the compiler flags of avx2"
#endif

constinit const bench::tune::Kernels bench::tune::panel_avx2 = STRUM_KERNELS::make_kernels();
