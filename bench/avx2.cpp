// Compiled with the flags of src/avx2.cpp, and with Eigen's namespace renamed.
#include "isa_kernels.hpp"

#if !defined(STRUM_ISA_AVX2)
#error "this file needs the compiler flags of avx2"
#endif

constinit const bench::IsaTable bench::isa_avx2 = STRUM_KERNELS::make_table();
