// Matrices from rows to columns: y[j·y_step + i] = x[i·x_step + j], by squares of registers.
#pragma once

#include "strum/core/config.hpp"
#include "strum/simd/shuffle.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// x has `rows` rows of `cols` neighbouring elements, y the reverse.
template <class R>
STRUM_FLATTEN void transpose_matrix(Index rows, Index cols, const R* x, Index x_step, R* y,
                                    Index y_step) {
  constexpr Index L = kLanes<R>;
  const Index whole_rows = rows / L * L, whole_cols = cols / L * L;
  for (Index i = 0; i < whole_rows; i += L)
    for (Index j = 0; j < whole_cols; j += L) {
      Vec<R> v[L];
      unrolled<L>([&](int k) { v[k] = load(x + (i + k) * x_step + j); });
      transpose(v);
      unrolled<L>([&](int k) { store(y + (j + k) * y_step + i, v[k]); });
    }
  for (Index i = 0; i < rows; ++i)
    for (Index j = i < whole_rows ? whole_cols : 0; j < cols; ++j)
      y[j * y_step + i] = x[i * x_step + j];
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
