// What a per-ISA object defines for the run-time choice: one table, a set of kernels per
// scalar and type of weights.
#pragma once

#include "strum/core/bfloat16.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

struct IsaTable {
  KernelTable<float, float> f32;
  KernelTable<double, double> f64;
  KernelTable<float, bfloat16> bf16;
};

extern const IsaTable table_sse2, table_avx2, table_avx512, table_neon64;

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI
