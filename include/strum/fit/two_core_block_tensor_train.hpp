// The optimal projection on the two-core block tensor trains.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/two_core_block_tensor_train.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The block tensor train of this shape nearest to W (n0·n1 x m1·m0) in the Frobenius norm: each of
/// the n0·m1 sub-matrices W[o0·n1 : (o0 + 1)·n1, i1·m0 : (i1 + 1)·m0] cut at shape.rank of its
/// singular values (Qiu et al. 2024); √σ on both sides.
///
/// Scalar is float or double. Throws ShapeError if W does not have the shape's size, ValueError if
/// an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(
    MatrixView<const Scalar> w, const TwoCoreShape& shape);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto two_core_block_tensor_train(const W& w, const TwoCoreShape& shape) {
  return strum::detail::fit_view(w, [&](auto v) { return two_core_block_tensor_train(v, shape); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/two_core_block_tensor_train-inl.hpp"
#endif
