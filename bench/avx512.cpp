// Compiled with the flags of src/avx512.cpp, and with Eigen's namespace renamed.
#include "isa_kernels.hpp"

#if !defined(STRUM_ISA_AVX512)
#error "this file needs the compiler flags of avx512"
#endif

constinit const bench::IsaTable bench::isa_avx512 = STRUM_KERNELS::make_table();
