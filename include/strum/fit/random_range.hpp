// What randomized and alternating fits find the range of a matrix with: random starts, products in
// panels, orthonormal bases.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/fit/panels.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Standard normal numbers by the polar method; std::normal_distribution differs from one standard
/// library to the next.
template <class Matrix>
Matrix gaussian_matrix(Index rows, Index cols, std::uint64_t seed) {
  using Real = typename Matrix::Scalar;
  std::mt19937_64 generator(seed);
  const auto uniform = [&] {  // in (-1, 1)
    return static_cast<Real>(generator() >> 11) * Real(0x1p-52) - 1;
  };
  Matrix result(rows, cols);
  for (Index i = 0; i < result.size(); i += 2) {
    Real x = 0, y = 0, s = 0;
    do {
      x = uniform();
      y = uniform();
      s = x * x + y * y;
    } while (s >= 1 || s == 0);
    const Real factor = std::sqrt(-2 * std::log(s) / s);
    result.data()[i] = factor * x;
    if (i + 1 < result.size()) result.data()[i + 1] = factor * y;
  }
  return result;
}

template <class Matrix>
Matrix orthonormal_columns(const Matrix& y) {
  const OneThread one_thread;
  const Eigen::HouseholderQR<Matrix> qr(y);
  return qr.householderQ() * Matrix::Identity(y.rows(), y.cols());
}

/// W·X.
template <class Matrix, class Factor>
Matrix product_in_panels(const Matrix& w, const Factor& x) {
  Matrix y(w.rows(), x.cols());
  for_panels(w.rows(), [&](Index i, Index count) {
    y.middleRows(i, count).noalias() = w.middleRows(i, count) * x;
  });
  return y;
}

/// Wᵀ·Y.
template <class Matrix>
Matrix transposed_product_in_panels(const Matrix& w, const Matrix& y) {
  Matrix x(w.cols(), y.cols());
  for_panels(w.cols(), [&](Index j, Index count) {
    x.middleRows(j, count).noalias() = w.middleCols(j, count).transpose() * y;
  });
  return x;
}

/// An orthonormal basis of the range of (W·Wᵀ)^power_iterations·W·X.
template <class Matrix>
Matrix power_range(const Matrix& w, const Matrix& x, Index power_iterations) {
  Matrix range = orthonormal_columns(product_in_panels(w, x));
  for (Index i = 0; i < power_iterations; ++i) {
    const Matrix rows = orthonormal_columns(transposed_product_in_panels(w, range));
    range = orthonormal_columns(product_in_panels(w, rows));
  }
  return range;
}

}  // namespace strum::inline STRUM_ABI::detail
