// Compiled with the flags of src/sse2.cpp, and with Eigen's namespace renamed.
#include "isa_kernels.hpp"

#if !defined(STRUM_ISA_SSE2)
#error "this file needs the compiler flags of sse2"
#endif

constinit const bench::IsaTable bench::isa_sse2 = STRUM_KERNELS::make_table();
