// The kernels for signals and one instruction set. Compiled with its flags; see cmake for them.
#include "isa_table.hpp"
#include "strum/kernels/signals-inl.hpp"

#if !defined(STRUM_ISA_AVX512)
#error "this file needs the compiler flags of avx512"
#endif

namespace strum::inline STRUM_ABI {

constinit const kernels::SignalIsaTable kernels::signal_table_avx512 = {
    .f32 = STRUM_KERNELS::make_signal_table<float>(),
    .f64 = STRUM_KERNELS::make_signal_table<double>()};

}  // namespace strum::inline STRUM_ABI
