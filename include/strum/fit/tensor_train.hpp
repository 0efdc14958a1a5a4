// A tensor train near to a matrix.
#pragma once

#include <vector>

#include "strum/fit/fit.hpp"
#include "strum/ops/tensor_train.hpp"

namespace strum::inline STRUM_ABI::fit {

/// Sizes of the inputs i_1 … i_k and outputs o_1 … o_k of a tensor train's cores, and the largest
/// rank between two of them.
struct TensorTrainShape {
  std::vector<Index> inputs, outputs;
  Index rank;
};

/// W (o_1···o_k x i_1···i_k) as a tensor train, core after core by a singular value decomposition
/// of what is left, cut at the rank (TT-SVD, Oseledets 2011): exact if W is a tensor train of these
/// ranks, else within √(k − 1) of the nearest one, of two cores the nearest. Ranks are smaller
/// where less says the same.
///
/// Scalar is float or double. Throws ShapeError unless there are as many outputs as inputs, none of
/// them 0, and their products are W's size; ValueError for a rank below 1 and if an entry is NaN or
/// infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<TensorTrain<Scalar>> tensor_train(MatrixView<const Scalar> w,
                                                              const TensorTrainShape& shape);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto tensor_train(const W& w, const TensorTrainShape& shape) {
  return strum::detail::fit_view(w, [&](auto v) { return tensor_train(v, shape); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/tensor_train-inl.hpp"
#endif
