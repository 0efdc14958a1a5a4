// What the per-ISA objects define for the run-time choice: one table, a set of kernels per scalar
// and type of weights. Those of complex numbers and for signals are objects of their own, compiled
// side by side.
#pragma once

#include <complex>

#include "strum/core/bfloat16.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

struct ComplexIsaTable {
  KernelTable<std::complex<float>, std::complex<float>> c32;
  KernelTable<std::complex<double>, std::complex<double>> c64;
};

extern const ComplexIsaTable complex_table_sse2, complex_table_avx2, complex_table_avx512,
    complex_table_neon64;

struct SignalIsaTable {
  SignalTable<float> f32;
  SignalTable<double> f64;
};

extern const SignalIsaTable signal_table_sse2, signal_table_avx2, signal_table_avx512,
    signal_table_neon64;

struct IsaTable {
  KernelTable<float, float> f32;
  KernelTable<double, double> f64;
  KernelTable<float, bfloat16> bf16;
  const ComplexIsaTable* complex;
  const SignalIsaTable* signals;
};

extern const IsaTable table_sse2, table_avx2, table_avx512, table_neon64;

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI
