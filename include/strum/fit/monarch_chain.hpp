// Products of many Kronecker-sparse factors, and butterflies, near to a matrix.
#pragma once

#include <vector>

#include "strum/fit/fit.hpp"
#include "strum/ops/butterfly.hpp"
#include "strum/ops/monarch_chain.hpp"

namespace strum::inline STRUM_ABI::fit {

/// W (n x n, n the product of the block sizes) as the chain of factors
/// MonarchChain::square(block_sizes), one factor after the other: the Monarch projection splits
/// W into the first factor, of rows of length 1, and b_1 matrices of n/b_1 rows for those that
/// follow, which are split in turn (Zheng, Riccietti and Gribonval 2023). Exact if W is such a
/// chain; else each split is the nearest of its own.
///
/// Scalar is float or double. Throws ShapeError if the product of the block sizes is not W's size
/// or one is less than 1, ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<MonarchChain<Scalar>> monarch_chain(
    MatrixView<const Scalar> w, const std::vector<Index>& block_sizes);

/// W (n x n, n a power of the radix) as the butterfly of growing strides, by the same splits. A
/// DFT's needs its inputs in bit-reversed order: W·Permutation::bit_reversal(n). Throws like
/// monarch_chain(), and ShapeError for a radix below 2.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Butterfly<Scalar>> butterfly(MatrixView<const Scalar> w,
                                                         Index radix = 2);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto monarch_chain(const W& w, const std::vector<Index>& block_sizes) {
  return strum::detail::fit_view(w, [&](auto v) { return monarch_chain(v, block_sizes); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto butterfly(const W& w, Index radix = 2) {
  return strum::detail::fit_view(w, [&](auto v) { return butterfly(v, radix); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/monarch_chain-inl.hpp"
#endif
