// Compiled with the flags of src/neon64.cpp, and with Eigen's namespace renamed.
#include "isa_kernels.hpp"

#if !defined(STRUM_ISA_NEON64)
#error "this file needs the compiler flags of neon64"
#endif

constinit const bench::IsaTable bench::isa_neon64 = STRUM_KERNELS::make_table();
