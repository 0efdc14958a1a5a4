// fit: from a dense matrix to a structured one.
//
//     auto [op, error, parameters] = strum::fit::monarch(w, strum::MonarchShape::layer(m, n, 32));
//
// Every fit computes in double, whatever the scalar type, gives the same bits with any number of
// threads, and returns what it made together with the error that it made.
#pragma once

#include "strum/core/eigen.hpp"
#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI::fit {

/// An operator in place of a dense matrix W.
template <class Op>
struct Fit {
  Op op;
  /// ‖W − op‖_F / ‖W‖_F, 0 for W = 0. Measured in double on the weights as they are stored, so a
  /// structure that is there exactly costs what rounding its weights costs: 1e-8 in float.
  double relative_error = 0;
  /// Of the operator: weights that join an input to an output.
  Index parameter_count = 0;
};

}  // namespace strum::inline STRUM_ABI::fit

namespace strum::inline STRUM_ABI::detail {

/// A matrix as the fits take it: any view or dense Eigen object, read only.
template <class W>
concept FitInput = MatrixLike<W> || EigenDense<W>;

/// Calls fit(view of w); an Eigen expression is evaluated first.
template <FitInput W, class Fit>
auto fit_view(const W& w, Fit&& fit) {
  if constexpr (EigenDense<W>) {
    return fit(view_of<typename W::Scalar>(in_memory(w)));
  } else {
    return fit(MatrixView<const typename W::Scalar>(w));
  }
}

}  // namespace strum::inline STRUM_ABI::detail
