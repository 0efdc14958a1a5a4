// Block butterflies near to a matrix.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/block_butterfly.hpp"

namespace strum::inline STRUM_ABI::fit {

/// W (n·b x n·b, n = 2, 4, 8, …, b = block) as the block butterfly of growing strides, one factor
/// after the other as fit::butterfly does: what was a vector there are b rows or columns here, and
/// each split is the truncated singular value decomposition of rank b of sub-matrices of W
/// (hierarchical factorisation, Zheng, Riccietti and Gribonval 2023). Exact if W is such a
/// butterfly; else each split is the nearest of its own.
///
/// Scalar is float or double. Throws ShapeError for another size or block < 1, ValueError if an
/// entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<BlockButterfly<Scalar>> block_butterfly(MatrixView<const Scalar> w,
                                                                    Index block);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto block_butterfly(const W& w, Index block) {
  return strum::detail::fit_view(w, [&](auto v) { return block_butterfly(v, block); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/block_butterfly-inl.hpp"
#endif
