// The border between strum's classes and its kernels: plain structs of pointers, sizes and strides,
// and one table of functions per instruction set. Nothing here owns memory, names a vector type or
// has a member function that a linker could take from another instruction set's object.
#pragma once

#include "strum/core/config.hpp"

// The namespace of the code that differs per instruction set.
#define STRUM_KERNELS STRUM_CONCAT(kernels_, STRUM_ISA_NAME)

namespace strum::inline STRUM_ABI {
namespace kernels {

/// What the lanes of a vector hold, and with it the order in which weights are packed.
enum class Layout {
  /// Lanes hold consecutive output rows β of one block; [α][δ][row panel][γ][rows].
  panel,
  /// Lanes hold consecutive δ, the same entry of neighbouring blocks; [α][group of δ][β][γ][lanes].
  interleaved,
  /// Lanes hold the rows of several small blocks; [group of α][γ][α][β].
  grouped,
};

/// A Kronecker-sparse factor KS(a, b, c, d) in the direction in which it is applied:
///
///     y[α·y_alpha + β·y_beta + δ] = Σ_γ w[α][β][γ][δ] · x[α·x_alpha + γ·x_gamma + δ]
///
/// Entries of x from `cols` on and of y from `rows` on do not exist: they are padding, never read,
/// never written, and their weights count as zero.
struct FactorShape {
  Index a, b, c, d;
  Index rows, cols;
  Index y_alpha, y_beta;
  Index x_alpha, x_gamma;
};

/// The weights of a factor in the caller's memory: w[α][β][γ][δ] is data[α·alpha + β·beta + ...].
template <class Weight>
struct WeightView {
  const Weight* data;
  Index alpha, beta, gamma, delta;
};

/// A factor as the kernels take it.
template <class Weight>
struct PackedFactor {
  FactorShape shape;
  Layout layout;
  /// The weights are packed for the transposed factor (interleaved only): β and γ change places.
  bool transposed;
  const Weight* weights;
};

/// y = alpha · F_count ... F_1 x + beta · y on a batch of samples; F_1 is factors[0].
/// Feature i of sample s is x[i·x_row + s·x_col]. beta = 0 does not read y.
template <class Scalar, class Weight>
struct ChainCall {
  const PackedFactor<Weight>* factors;
  Index count;
  Index batch;
  const Scalar* x;
  Index x_row, x_col;
  Scalar* y;
  Index y_row, y_col;
  Scalar alpha, beta;
  /// scratch_size() elements, aligned to a cache line.
  Scalar* scratch;
};

/// The kernels of one instruction set.
template <class Scalar, class Weight>
struct KernelTable {
  const char* isa;
  Index lanes;
  /// The layout that runs a factor of this shape fastest.
  Layout (*choose_layout)(const FactorShape& shape);
  /// Elements that pack() writes.
  Index (*packed_size)(const FactorShape& shape);
  void (*pack)(const FactorShape& shape, Layout layout, const WeightView<Weight>& from, Weight* to);
  /// The inverse of pack(); padding comes out as zeros.
  void (*unpack)(const FactorShape& shape, Layout layout, const Weight* from, Weight* to,
                 const WeightView<Weight>& strides);
  /// Elements of scratch that apply() needs for any batch up to this one, in any layout.
  Index (*scratch_size)(const PackedFactor<Weight>* factors, Index count, Index batch);
  void (*apply)(const ChainCall<Scalar, Weight>& call);
};

/// The table of the instruction set in use: chosen once, at first use, from what the CPU can do and
/// the environment variable STRUM_ISA; header-only, that of the including file's flags.
template <class Scalar, class Weight>
STRUM_API const KernelTable<Scalar, Weight>& table();

}  // namespace kernels

/// The instruction set whose kernels run: "sse2", "avx2", "avx512" or "neon64". Throws ValueError
/// if the environment variable STRUM_ISA names one that is unknown or that this machine does not
/// have.
STRUM_API const char* active_isa();

}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/kernels/table-inl.hpp"
#endif
