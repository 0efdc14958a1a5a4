// The Cholesky factor of second moments, of which some may be missing.
#pragma once

#include <algorithm>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// L·Lᵀ = C + shift·I.
struct ShiftedCholesky {
  Eigen::LLT<Eigen::MatrixXd> factor;
  double shift = 0;

  [[nodiscard]] auto lower() const { return factor.matrixL(); }

  /// G·(C + shift·I)⁻¹
  [[nodiscard]] Eigen::MatrixXd divide(const Eigen::MatrixXd& g) const {
    return factor.solve(g.transpose()).transpose();
  }
};

/// Of a C that is semi-definite but for rounding. C is taken as it is where every pivot keeps 1e-12
/// of its diagonal entry, so that inputs in other units change nothing; sums in double know no
/// less, and inputs rounded to float repeat each other to 4e-15 of their squares. Else the shift
/// is 1e-6 of the median of the diagonal entries that are not 0, and ten times as much as often as
/// that is still too little (mean or largest would let a few outlying inputs drown the others).
/// This is (1e-6 − λ_min)·I of the literature in units of the data, with λ_min = 0: a sum of
/// squares has no other where it fails to be definite.
[[nodiscard]] inline ShiftedCholesky shifted_cholesky(Eigen::MatrixXd c) {
  constexpr double kLeastPivot = 1e-12, kShift = 1e-6;
  std::vector<double> sizes;
  for (Eigen::Index i = 0; i < c.rows(); ++i)
    if (c(i, i) > 0) sizes.push_back(c(i, i));
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  const double unit = sizes.empty() ? 1 : *middle;

  ShiftedCholesky result;
  for (;;) {
    result.factor.compute(c);
    const auto pivots = result.factor.matrixLLT().diagonal().array().square();
    if (result.factor.info() == Eigen::Success &&
        (pivots > kLeastPivot * c.diagonal().array()).all())
      return result;
    const double shift = result.shift == 0 ? kShift * unit : 10 * result.shift;
    c.diagonal().array() += shift - result.shift;
    result.shift = shift;
  }
}

}  // namespace strum::inline STRUM_ABI::detail
