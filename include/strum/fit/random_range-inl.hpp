// The bodies of random_range.hpp: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>

#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/fit/panels.hpp"
#include "strum/fit/random_range.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI::detail {

// Products are those of strum's own kernels: inside the library Eigen has the vectors that every
// processor has, and is eight times slower on one with AVX-512.
STRUM_INLINE Eigen::MatrixXd product_in_panels(const PanelMatrix& w,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) {
  Eigen::MatrixXd y(w.rows(), x.cols());
  const MatrixView<const double> in(x.data(), x.rows(), x.cols(), 1, x.outerStride());
  for_panels(w.rows(), [&](Index i, Index count) {
    const Eigen::MatrixXd rows = w.block(i, 0, count, w.cols());
    const Dense<double> panel(MatrixView<const double>(rows.data(), count, w.cols()));
    panel.apply(in, MatrixView<double>(y.data() + i, count, y.cols(), 1, y.rows()));
  });
  return y;
}

STRUM_INLINE Eigen::MatrixXd transposed_product_in_panels(
    const PanelMatrix& w, const Eigen::Ref<const Eigen::MatrixXd>& y) {
  Eigen::MatrixXd x(w.cols(), y.cols());
  const MatrixView<const double> in(y.data(), y.rows(), y.cols(), 1, y.outerStride());
  for_panels(w.cols(), [&](Index j, Index count) {
    const Eigen::MatrixXd columns = w.block(0, j, w.rows(), count);
    const Dense<double> panel(
        MatrixView<const double>(columns.data(), w.rows(), count).transposed());
    panel.apply(in, MatrixView<double>(x.data() + j, count, x.cols(), 1, x.rows()));
  });
  return x;
}

[[nodiscard]] inline Eigen::MatrixXd householder_basis(const Eigen::MatrixXd& block) {
  const OneThread one_thread;
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(block);
  return qr.householderQ() * Eigen::MatrixXd::Identity(block.rows(), block.cols());
}

// A few columns at a time: what the basis so far has of them is taken off, Householder reflections
// make them orthonormal, and both once more, since of nearly dependent columns little but rounding
// is left. So most of the work is products.
STRUM_INLINE Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& y) {
  constexpr Index kAtOnce = 32;
  const Index m = y.rows();
  Eigen::MatrixXd basis(m, y.cols());
  for (Index first = 0; first < y.cols(); first += kAtOnce) {
    const Index count = std::min(kAtOnce, y.cols() - first);
    Eigen::MatrixXd block = y.middleCols(first, count);
    const auto without_basis = [&](const Eigen::MatrixXd& columns) -> Eigen::MatrixXd {
      const auto before = basis.leftCols(first);
      return columns - product_in_panels(before, transposed_product_in_panels(before, columns));
    };
    if (first > 0) block = without_basis(householder_basis(without_basis(block)));
    basis.middleCols(first, count) = householder_basis(block);
  }
  return basis;
}

STRUM_INLINE Eigen::MatrixXd power_range(const PanelMatrix& w, const Eigen::MatrixXd& x,
                                         Index power_iterations) {
  Eigen::MatrixXd range = orthonormal_columns(product_in_panels(w, x));
  for (Index i = 0; i < power_iterations; ++i) {
    const Eigen::MatrixXd rows = orthonormal_columns(transposed_product_in_panels(w, range));
    range = orthonormal_columns(product_in_panels(w, rows));
  }
  return range;
}

}  // namespace strum::inline STRUM_ABI::detail
