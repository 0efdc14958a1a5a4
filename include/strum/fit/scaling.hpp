// A power of two that keeps the squares of a matrix's entries inside the range of double.
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The fits work on W·2^(−2·half), whose largest entry is near 1, and multiply each of two factors
/// by 2^half: exact, and neither squares nor products overflow or vanish.
class Scaling {
 public:
  /// Throws ValueError that names the first entry of w that is NaN or infinite.
  template <class Scalar>
  Scaling(const MatrixView<const Scalar>& w, std::string_view where) {
    double largest = 0;
    for (Index j = 0; j < w.cols(); ++j)
      for (Index i = 0; i < w.rows(); ++i) {
        const double entry = std::abs(static_cast<double>(w(i, j)));
        if (!std::isfinite(entry))
          fail<ValueError>(where, ": entry (", i, ", ", j, ") is NaN or infinite");
        largest = std::max(largest, entry);
      }
    int exponent = 0;
    std::frexp(largest, &exponent);
    // Both powers, and their inverses, must be normal numbers.
    half_ = std::clamp((exponent + 1) / 2, -500, 500);
  }

  /// What multiplies W.
  [[nodiscard]] double matrix() const { return std::ldexp(1.0, -2 * half_); }
  /// What multiplies a factor of the scaled W to make a factor of W.
  [[nodiscard]] double factor() const { return std::ldexp(1.0, half_); }
  /// And back.
  [[nodiscard]] double inverse_factor() const { return std::ldexp(1.0, -half_); }

 private:
  int half_ = 0;
};

/// √(error / norm) of two squared Frobenius norms; 0 for a zero matrix.
[[nodiscard]] inline double relative_error(double squared_error, double squared_norm) {
  return squared_norm == 0 ? 0 : std::sqrt(squared_error / squared_norm);
}

}  // namespace strum::inline STRUM_ABI::detail
