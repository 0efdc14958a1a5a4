// What any operator in place of a matrix misses on the inputs of a calibration.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "strum/core/linear_op.hpp"
#include "strum/core/tensor.hpp"
#include "strum/fit/calibration.hpp"
#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Throws ShapeError unless an m x n matrix has the calibration's inputs, ValueError if that has no
/// samples.
inline void check_calibration(Index m, Index n, const fit::Calibration& calibration,
                              std::string_view where) {
  if (n != calibration.features())
    fail<ShapeError>(where, ": the matrix is ", m, " x ", n, ", the calibration of ",
                     calibration.features(), " features");
  if (calibration.samples() == 0) fail<ValueError>(where, ": the calibration has no samples");
}

template <class Scalar, class Op>
void check_replacement(const MatrixView<const Scalar>& w, const Op& op,
                       const fit::Calibration& calibration, std::string_view where) {
  if (op.rows() != w.rows() || op.cols() != w.cols())
    fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(), ", the operator ",
                     op.rows(), " x ", op.cols());
  check_calibration(w.rows(), w.cols(), calibration, where);
}

/// ‖(W − op)·X‖ / ‖W·X‖, products with op in its own scalar type.
template <class Scalar, class Op>
[[nodiscard]] double error_on_inputs(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                     const Op& op, const fit::Calibration& calibration) {
  using Real = typename Op::Scalar;
  constexpr Index kColumns = 64;
  const Index m = w.rows(), n = w.cols();
  std::vector<double> matrix(static_cast<std::size_t>(m * n)), missed(matrix.size());
  std::vector<Real> unit(static_cast<std::size_t>(n * kColumns));
  std::vector<Real> columns(static_cast<std::size_t>(m * kColumns));
  for (Index first = 0; first < n; first += kColumns) {
    const Index count = std::min(kColumns, n - first);
    std::fill(unit.begin(), unit.end(), Real(0));
    for (Index j = 0; j < count; ++j) unit[static_cast<std::size_t>(j * n + first + j)] = 1;
    op.apply(MatrixView<const Real>(unit.data(), n, count),
             MatrixView<Real>(columns.data(), m, count));
    for (Index j = 0; j < count; ++j)
      for (Index i = 0; i < m; ++i) {
        const auto at = static_cast<std::size_t>((first + j) * m + i);
        matrix[at] = static_cast<double>(w(i, first + j)) * scaling.matrix();
        const auto stored = static_cast<double>(columns[static_cast<std::size_t>(j * m + i)]);
        missed[at] = matrix[at] - stored * scaling.matrix();
      }
  }
  return relative_error(calibration.squared_norm({missed.data(), m, n}),
                        calibration.squared_norm({matrix.data(), m, n}));
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

/// ‖(W − op)·X‖_F / ‖W·X‖_F of any operator, 0 for W·X = 0. Of its products in its own scalar type:
/// in float that knows the error to about 1e-7. Throws ShapeError where sizes differ, ValueError if
/// an entry of W is NaN or infinite or the calibration has no samples.
template <strum::detail::FitInput W, LinearOp Op>
[[nodiscard]] double calibrated_error(const W& w, const Op& op, const Calibration& calibration) {
  return strum::detail::fit_view(w, [&](auto view) {
    const char* const where = "fit::calibrated_error";
    strum::detail::check_replacement(view, op, calibration, where);
    return strum::detail::error_on_inputs(view, strum::detail::Scaling(view, where), op,
                                          calibration);
  });
}

/// (W − op)·mean(X), which added to the layer's bias gives the outputs the mean that they had with
/// W: Linear(op, bias + correction). Throws like calibrated_error().
template <strum::detail::FitInput W, LinearOp Op>
[[nodiscard]] Tensor<typename Op::Scalar> bias_correction(const W& w, const Op& op,
                                                          const Calibration& calibration) {
  using Real = typename Op::Scalar;
  return strum::detail::fit_view(w, [&](auto view) {
    const char* const where = "fit::bias_correction";
    strum::detail::check_replacement(view, op, calibration, where);
    (void)strum::detail::Scaling(view, where);  // finite
    std::vector<Real> mean(static_cast<std::size_t>(view.cols()));
    for (Index j = 0; j < view.cols(); ++j)
      mean[static_cast<std::size_t>(j)] =
          static_cast<Real>(calibration.sum()(j, 0) / static_cast<double>(calibration.samples()));
    Tensor<Real> correction({view.rows()});
    op.apply(MatrixView<const Real>(mean.data(), view.cols(), 1),
             MatrixView<Real>(correction.data(), view.rows(), 1));
    for (Index i = 0; i < view.rows(); ++i) {
      double sum = 0;
      for (Index j = 0; j < view.cols(); ++j)
        sum += static_cast<double>(view(i, j)) *
               static_cast<double>(mean[static_cast<std::size_t>(j)]);
      correction[i] = static_cast<Real>(sum - static_cast<double>(correction[i]));
    }
    return correction;
  });
}

}  // namespace strum::inline STRUM_ABI::fit
