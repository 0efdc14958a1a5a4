// The border between strum's classes and its kernels: one table of functions per instruction set.
#pragma once

#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// The kernels of one instruction set.
template <class Scalar, class Weight>
struct KernelTable {
  const char* isa;
  Index lanes;
  /// Rows of a weight panel.
  Index panel_rows;
  /// The layout that runs a factor of this shape fastest.
  Layout (*choose_layout)(const FactorShape& shape);
  /// Elements that pack() writes.
  Index (*packed_size)(const FactorShape& shape);
  void (*pack)(const FactorShape& shape, Layout layout, const WeightView<Weight>& from, Weight* to);
  /// The inverse of pack(); padding comes out as zeros.
  void (*unpack)(const FactorShape& shape, Layout layout, const Weight* from, Weight* to,
                 const WeightView<Weight>& strides);
  /// Elements of scratch that apply() needs for any batch up to this one, in any layout, `tile`
  /// samples at a time.
  Index (*scratch_size)(const PackedFactor<Weight>* factors, Index count, Index batch, Index tile);
  void (*apply)(const ChainCall<Scalar, Weight>& call);
  /// How apply() goes about a call, for those who cut it into several: whether lanes hold samples,
  /// and if not, whether a chain that begins with `first` copies its x, `samples` samples at a
  /// time.
  bool (*lanes_hold_samples)(const ChainCall<Scalar, Weight>& call);
  bool (*copies_input)(const PackedFactor<Weight>& first, Index x_row, Index x_col, Index samples);
  /// What apply() does with an epilogue, on a matrix that something else has computed: the same
  /// bits. Null for complex scalars, which have none.
  void (*apply_epilogue)(const EpilogueCall<Scalar>& call);
  /// Of a matrix in compressed rows, on one thread; and the elements of scratch that it needs for
  /// any batch up to this one. Null for weights of another type than Scalar.
  void (*apply_sparse)(const SparseCall<Scalar>& call);
  Index (*sparse_scratch_size)(Index rows, Index cols, Index batch);
};

/// The table of the instruction set in use: chosen once, at first use, from what the CPU can do and
/// the environment variable STRUM_ISA; header-only, that of the including file's flags.
template <class Scalar, class Weight>
STRUM_API const KernelTable<Scalar, Weight>& table();

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/kernels/table-inl.hpp"
#endif
