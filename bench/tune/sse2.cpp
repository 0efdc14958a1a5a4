// Compiled with the flags of src/sse2.cpp.
#include "kernels-inl.hpp"

#if !defined(STRUM_ISA_SSE2)
#error "this file needs the compiler flags of sse2"
#endif

constinit const bench::tune::Kernels bench::tune::panel_sse2 = STRUM_KERNELS::make_kernels();
