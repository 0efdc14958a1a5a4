// What strum_bench compiles once per instruction set, so that the limit and the peers use the same
// one as strum's kernels do.
#pragma once

#include "block_gemm.hpp"

namespace bench {

/// Eigen's products.
template <class S>
struct EigenKernels {
  void (*block_gemm)(const BlockGemm<S>& g);
  /// Matrices are column-major without gaps, blocks lie one after the other, and x and y have
  /// `batch` columns of `blocks · size` entries. Second factor: block λ takes entries λ,
  /// λ + blocks, ... of the hidden vector to the same of y. `scratch` has (blocks + 2) · size ·
  /// batch elements.
  void (*monarch)(Index blocks, Index size, Index batch, const S* w1, const S* w2, const S* x, S* y,
                  S* scratch);
};

/// One instruction set and scalar type.
template <class S>
struct IsaKernels {
  /// Runs `iterations` of a loop that does nothing but multiply-adds in registers, in chains
  /// independent of each other that start from kChains elements; [kChains] and [kChains + 1] are
  /// the other operands. Returns a value that depends on all of them.
  S (*multiply_adds)(Index iterations, const S* operands);
  Index flops_per_iteration;
  EigenKernels<S> eigen_one;   // for a single sample: x and y are vectors
  EigenKernels<S> eigen_many;  // for any number
};

/// Hides the latency (4 cycles, two a cycle) of every FMA unit there is, with registers to spare
/// among 16.
inline constexpr int kChains = 12;

/// The functions below take multiples of this many floats.
inline constexpr Index kReadGranularity = 128;

struct IsaTable {
  IsaKernels<float> f32;
  IsaKernels<double> f64;
  float (*read)(const float* p, Index count);  // returns the sum
  void (*copy)(const float* from, float* to, Index count);
};

extern const IsaTable isa_avx512, isa_avx2, isa_sse2, isa_neon64;

/// That of strum::active_isa(). Throws ValueError where strum_bench was not built for it.
[[nodiscard]] const IsaTable& active_table();
template <class S>
[[nodiscard]] const IsaKernels<S>& active_kernels();

}  // namespace bench
