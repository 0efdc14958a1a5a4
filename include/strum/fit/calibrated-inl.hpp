// The bodies of the calibrated fits that are optima: compiled once in the library, inline
// header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/calibrated.hpp"
#include "strum/fit/calibration-inl.hpp"
#include "strum/fit/low_rank-inl.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/panels.hpp"
#include "strum/fit/shifted_cholesky.hpp"

namespace strum::inline STRUM_ABI::detail {

/// X·Xᵀ times a power of two, largest entry near 1.
struct ScaledMoments {
  explicit ScaledMoments(const fit::Calibration& calibration) {
    const Index n = calibration.features();
    const Eigen::Map<const Eigen::MatrixXd> c(calibration.second_moments().data(), n, n);
    int exponent = 0;
    if (n > 0) std::frexp(c.diagonal().maxCoeff(), &exponent);
    scale = std::ldexp(1.0, -std::clamp(exponent, -1000, 1000));
    matrix = c * scale;
  }
  Eigen::MatrixXd matrix;
  double scale = 1;
};

/// An orthonormal basis of the leading left singular vectors.
[[nodiscard]] inline Eigen::MatrixXd basis_of(const Triples<double>& triples, Index rows) {
  Eigen::MatrixXd basis =
      Eigen::Map<const Eigen::MatrixXd>(triples.left.data(), rows, triples.count);
  basis.colwise().normalize();
  return basis;
}

/// Shares the length of U's column a and V's row a equally between them, which changes nothing of
/// U·V.
inline void balance(Eigen::MatrixXd& u, Eigen::MatrixXd& v) {
  for (Eigen::Index a = 0; a < u.cols(); ++a) {
    const double left = u.col(a).norm(), right = v.row(a).norm();
    if (left == 0 || right == 0) continue;
    const double ratio = std::sqrt(right / left);
    u.col(a) *= ratio;
    v.row(a) /= ratio;
  }
}

/// A fit by `op` of the weights that `exact` has in double.
template <class Scalar, class Op, class Exact>
[[nodiscard]] fit::CalibratedFit<Op> measured_on_inputs(const MatrixView<const Scalar>& w,
                                                        const Scaling& scaling,
                                                        const fit::Calibration& calibration,
                                                        double shift, Op op, const Exact& exact) {
  fit::Fit<Op> plain = measured(w, scaling, std::move(op), exact);
  return {std::move(plain.op), plain.relative_error, plain.parameter_count,
          error_on_inputs(w, scaling, exact, calibration), shift};
}

/// W·L, L lower triangular.
[[nodiscard]] inline Eigen::MatrixXd whitened(const Eigen::MatrixXd& w,
                                              const ShiftedCholesky& cholesky) {
  const Eigen::MatrixXd lower = cholesky.lower();
  const Index n = w.cols();
  Eigen::MatrixXd product(w.rows(), n);
  for_panels(n, [&](Index j, Index width) {
    product.middleCols(j, width).noalias() = w.rightCols(n - j) * lower.block(j, j, n - j, width);
  });
  return product;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
CalibratedFit<LowRank<Scalar>> low_rank(MatrixView<const Scalar> w, Index rank,
                                        const Calibration& calibration,
                                        const LowRankOptions& options) {
  using Matrix = Eigen::MatrixXd;
  const char* const where = "fit::low_rank";
  const Index m = w.rows(), n = w.cols();
  strum::detail::check_low_rank(m, n, rank, options);
  strum::detail::check_calibration(m, n, calibration, where);
  const strum::detail::Scaling scaling(w, where);
  strum::detail::ScaledMoments moments(calibration);
  const auto cholesky = strum::detail::shifted_cholesky(std::move(moments.matrix));
  const Matrix scaled = strum::detail::scaled_matrix(w, scaling);

  const Matrix image = strum::detail::whitened(scaled, cholesky);
  Matrix u = strum::detail::basis_of(
      options.method == SvdMethod::randomized
          ? strum::detail::random_triples(strum::detail::PanelMatrix(image), rank, options)
          : strum::detail::leading_triples_of(image, rank),
      m);
  // Vᵀ·L⁻¹ is Σ⁻¹·Uᵀ·W: no division by L, which may be near to singular.
  Matrix v(u.cols(), n);
  strum::detail::for_panels(n, [&](Index j, Index width) {
    v.middleCols(j, width).noalias() = u.transpose() * scaled.middleCols(j, width);
  });
  strum::detail::balance(u, v);

  Tensor<Scalar> lr1({rank, n}), lr2({m, rank});
  for (Index a = 0; a < u.cols(); ++a) {
    for (Index j = 0; j < n; ++j) lr1(a, j) = static_cast<Scalar>(v(a, j) * scaling.factor());
    for (Index i = 0; i < m; ++i) lr2(i, a) = static_cast<Scalar>(u(i, a) * scaling.factor());
  }
  const Tensor<double> exact1 = lr1.template cast<double>(), exact2 = lr2.template cast<double>();
  return strum::detail::measured_on_inputs(w, scaling, calibration, cholesky.shift / moments.scale,
                                           LowRank<Scalar>(lr2.matrix(), lr1.matrix()),
                                           LowRank<double>(exact2.matrix(), exact1.matrix()));
}

template <class Scalar>
CalibratedFit<BlockDiagonal<Scalar>> block_diagonal(MatrixView<const Scalar> w, Index blocks,
                                                    const Calibration& calibration) {
  using Matrix = Eigen::MatrixXd;
  const char* const where = "fit::block_diagonal";
  const Index m = w.rows(), n = w.cols();
  const auto shape = BlockDiagonalShape::layer(m, n, blocks);
  strum::detail::check_calibration(m, n, calibration, where);
  const strum::detail::Scaling scaling(w, where);
  const strum::detail::ScaledMoments moments(calibration);
  const Matrix& c = moments.matrix;
  const Matrix scaled = strum::detail::scaled_matrix(w, scaling);

  Tensor<Scalar> weight({shape.blocks, shape.block_rows, shape.block_cols});
  std::vector<double> shifts(static_cast<std::size_t>(blocks));
  parallel_for(blocks, [&](Index b) {
    const strum::detail::OneThread one_thread;
    const Index row = std::min(b * shape.block_rows, m), col = std::min(b * shape.block_cols, n);
    const Index rows = std::min(shape.block_rows, m - row);
    const Index cols = std::min(shape.block_cols, n - col);
    const auto cholesky = strum::detail::shifted_cholesky(c.block(col, col, cols, cols));
    Matrix correlated = scaled.middleRows(row, rows) * c.middleCols(col, cols);
    correlated += cholesky.shift * scaled.block(row, col, rows, cols);
    const Matrix block = cholesky.divide(correlated);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j)
        weight(b, i, j) = static_cast<Scalar>(block(i, j) * scaling.factor() * scaling.factor());
    shifts[static_cast<std::size_t>(b)] = cholesky.shift;
  });
  return strum::detail::measured_on_inputs(
      w, scaling, calibration, *std::max_element(shifts.begin(), shifts.end()) / moments.scale,
      BlockDiagonal<Scalar>(weight, m, n),
      BlockDiagonal<double>(weight.template cast<double>(), m, n));
}

}  // namespace strum::inline STRUM_ABI::fit
