// What randomized and alternating fits find the range of a matrix with: random starts, products in
// panels, orthonormal bases.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include <Eigen/Core>

#include "strum/fit/panel_matrix.hpp"

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

/// W·X.
[[nodiscard]] Eigen::MatrixXd product_in_panels(const PanelMatrix& w,
                                                const Eigen::Ref<const Eigen::MatrixXd>& x);
[[nodiscard]] inline Eigen::MatrixXd product_in_panels(const Eigen::Ref<const Eigen::MatrixXd>& w,
                                                       const Eigen::Ref<const Eigen::MatrixXd>& x) {
  return product_in_panels(PanelMatrix(w), x);
}

/// Wᵀ·Y.
[[nodiscard]] Eigen::MatrixXd transposed_product_in_panels(
    const PanelMatrix& w, const Eigen::Ref<const Eigen::MatrixXd>& y);
[[nodiscard]] inline Eigen::MatrixXd transposed_product_in_panels(
    const Eigen::Ref<const Eigen::MatrixXd>& w, const Eigen::Ref<const Eigen::MatrixXd>& y) {
  return transposed_product_in_panels(PanelMatrix(w), y);
}

/// An orthonormal basis of the columns' span, filled up with any directions where it is smaller.
[[nodiscard]] Eigen::MatrixXd orthonormal_columns(const Eigen::MatrixXd& y);

/// An orthonormal basis of the range of (W·Wᵀ)^power_iterations·W·X.
[[nodiscard]] Eigen::MatrixXd power_range(const PanelMatrix& w, const Eigen::MatrixXd& x,
                                          Index power_iterations);

}  // namespace strum::inline STRUM_ABI::detail

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/random_range-inl.hpp"
#endif
