// The kernels for complex numbers and one instruction set. Compiled with its flags; see cmake for
// them.
#include "isa_table.hpp"
#include "strum/kernels/table-inl.hpp"

#if !defined(STRUM_ISA_NEON64)
#error "this file needs the compiler flags of neon64"
#endif

namespace strum::inline STRUM_ABI {

constinit const kernels::ComplexIsaTable kernels::complex_table_neon64 = {
    .c32 = STRUM_KERNELS::make_table<std::complex<float>, std::complex<float>>(),
    .c64 = STRUM_KERNELS::make_table<std::complex<double>, std::complex<double>>()};

}  // namespace strum::inline STRUM_ABI
