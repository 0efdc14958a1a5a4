// The kernels for one instruction set. Compiled with its flags; see cmake for them.
#include "isa_table.hpp"
#include "strum/kernels/table-inl.hpp"

#if !defined(STRUM_ISA_AVX512)
#error "this file needs the compiler flags of avx512"
#endif

namespace strum::inline STRUM_ABI {

constinit const kernels::IsaTable kernels::table_avx512 = {
    .f32 = STRUM_KERNELS::make_table<float, float>(),
    .f64 = STRUM_KERNELS::make_table<double, double>(),
    .bf16 = STRUM_KERNELS::make_table<float, bfloat16>(),
    .complex = &complex_table_avx512,
    .signals = &signal_table_avx512};

}  // namespace strum::inline STRUM_ABI
