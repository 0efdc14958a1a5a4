// One instruction set's table of kernels, and header-only the choice of it.
#pragma once

#include "strum/kernels/chain.hpp"
#include "strum/kernels/pack.hpp"
#include "strum/kernels/sparse.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI {
namespace STRUM_KERNELS {

/// There are none for complex numbers.
template <class T>
constexpr auto epilogue_of() -> void (*)(const EpilogueCall<T>&) {
  if constexpr (kIsComplex<T>)
    return nullptr;
  else
    return &apply_epilogue<T>;
}

template <class T, class W>
constexpr auto sparse_of() -> void (*)(const SparseCall<T>&) {
  if constexpr (std::is_same_v<T, W>)
    return &apply_sparse<T>;
  else
    return nullptr;
}

template <class T, class W>
constexpr auto sparse_scratch_size_of() -> Index (*)(Index, Index, Index) {
  if constexpr (std::is_same_v<T, W>)
    return &sparse_scratch_size<T>;
  else
    return nullptr;
}

template <class T, class W>
constexpr KernelTable<T, W> make_table() {
  return {.isa = STRUM_TO_STRING(STRUM_ISA_NAME),
          .lanes = kLanes<T>,
          .panel_rows = kPanelVectors * kLanes<T>,
          .choose_layout = &choose_layout<T>,
          .packed_size = &packed_size<T>,
          .pack = &pack<T, W>,
          .unpack = &unpack<T, W>,
          .scratch_size = &scratch_size<T, W>,
          .apply = &apply_chain<T, W>,
          .lanes_hold_samples = &lanes_hold_samples<T, W>,
          .copies_input = &copies_input<T, W>,
          .apply_epilogue = epilogue_of<T>(),
          .apply_sparse = sparse_of<T, W>(),
          .sparse_scratch_size = sparse_scratch_size_of<T, W>()};
}

}  // namespace STRUM_KERNELS

#if defined(STRUM_HEADER_ONLY)
namespace kernels {

template <class Scalar, class Weight>
const KernelTable<Scalar, Weight>& table() {
  static constexpr KernelTable<Scalar, Weight> kTable = STRUM_KERNELS::make_table<Scalar, Weight>();
  return kTable;
}

}  // namespace kernels
#endif

}  // namespace strum::inline STRUM_ABI
