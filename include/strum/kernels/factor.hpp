// What strum's classes hand to its kernels: plain structs of pointers, sizes and strides. Nothing
// here owns memory, names a vector type or has a member function that a linker could take from
// another instruction set's object.
#pragma once

#include <cstdint>

#include "strum/core/config.hpp"
#include "strum/core/epilogue.hpp"

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
  /// Lanes hold consecutive (β, δ), rows of d <= lanes interleaved blocks; [α][row panel of (β,
  /// δ)][γ][rows]: the panel layout of one block of b·d rows.
  bundled,
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
  /// Products take the conjugates of the weights (complex ones only).
  bool conjugate = false;
};

/// y = alpha · F_count ... F_1 x + beta · y, then the epilogue, on a batch of samples; F_1 is
/// factors[0].
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
  /// Samples that run through all factors together, a multiple of the lanes; see
  /// ops/sample_tile.hpp.
  Index sample_tile;
  /// scratch_size() elements, aligned to a cache line.
  Scalar* scratch;
  /// Applied to y while it is in cache.
  Epilogue<Scalar> epilogue = {};
};

/// y = alpha · A x + beta · y, or its transpose, on a batch of samples. A in compressed rows: entry
/// i of row r has value values[i] and column columns[i], row_starts[r] <= i < row_starts[r + 1].
template <class Scalar>
struct SparseCall {
  Index rows, cols;  // of A
  const Index* row_starts;
  const std::int32_t* columns;
  const Scalar* values;
  bool transpose, conjugate;
  Index batch;
  const Scalar* x;
  Index x_row, x_col;
  Scalar* y;
  Index y_row, y_col;
  Scalar alpha, beta;
  /// sparse_scratch_size() elements, aligned to a cache line.
  Scalar* scratch;
};

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI
