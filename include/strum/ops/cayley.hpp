// Orthogonal blocks from skew ones: the Cayley transform and its truncated series.
#pragma once

#include <cmath>
#include <utility>

#include "strum/core/eigen.hpp"

namespace strum::inline STRUM_ABI {

/// How a skew block Q becomes the block R that a row vector is multiplied with, x·R.
enum class Cayley {
  /// R = (I − Q)(I + Q)⁻¹, orthogonal.
  exact,
  /// R = I + 2Q + 2Q² + 2Q³ + Q⁴, the Neumann series that PEFT takes by default. It approximates
  /// (I + Q)(I − Q)⁻¹, the *transpose* of the exact one, and is orthogonal for small Q only.
  neumann,
};

namespace detail {

template <class Wide>
using Block = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;

/// A⁻¹·X by Gauss-Jordan elimination with partial pivoting. For A = I + Q, Q skew, no eigenvalue of
/// A is smaller than 1, and a pivot is 0 only where something overflowed.
template <class Wide>
[[nodiscard]] Block<Wide> solve(Block<Wide> a, Block<Wide> x) {
  const Index b = a.rows();
  for (Index c = 0; c < b; ++c) {
    Index pivot = c;
    for (Index i = c + 1; i < b; ++i)
      if (std::abs(a(i, c)) > std::abs(a(pivot, c))) pivot = i;
    if (pivot != c) {
      a.row(c).swap(a.row(pivot));
      x.row(c).swap(x.row(pivot));
    }
    const Wide scale = Wide(1) / a(c, c);
    a.row(c) *= scale;
    x.row(c) *= scale;
    for (Index i = 0; i < b; ++i) {
      if (i == c) continue;
      const Wide factor = a(i, c);
      a.row(i) -= factor * a.row(c);
      x.row(i) -= factor * x.row(c);
    }
  }
  return x;
}

/// Rᵀ, the block that column vectors are multiplied with: (I + Q)ᵀ·Rᵀ = (I − Q)ᵀ.
template <class Wide>
[[nodiscard]] Block<Wide> rotation_transposed(const Block<Wide>& q, Cayley form) {
  const Block<Wide> one = Block<Wide>::Identity(q.rows(), q.cols());
  if (form == Cayley::exact) return solve<Wide>((one + q).transpose(), (one - q).transpose());
  Block<Wide> series = Wide(2) * one + q;  // Horner: I + Q(2I + Q(2I + Q(2I + Q)))
  for (const Wide constant : {Wide(2), Wide(2), Wide(1)})
    series = (q.lazyProduct(series) + constant * one).eval();
  return series.transpose();
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
