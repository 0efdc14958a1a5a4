// The leading singular triples of a matrix: what every low-rank fit is made of.
#pragma once

#include <vector>

#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Singular triples (σ_a, u_a, v_a) of an m x n matrix, largest first, √σ on both sides.
template <class Real>
struct Triples {
  Index count = 0;
  std::vector<Real> left;   ///< √σ_a·u_a from left[a·m] on
  std::vector<Real> right;  ///< √σ_a·v_a from right[a·n] on
};

/// The first `rank` triples, or fewer where the rest of the matrix is below
/// max(m, n)·eps·‖A‖_F. The sum of their products is the best approximation of that rank: its
/// squared error exceeds the optimum by at most a relative 1e-9 (and that only where the last
/// triple kept and the first one dropped agree to nine digits; else by rounding) plus the square of
/// that threshold. Singular values that agree as closely may share their vectors' plane.
template <class Real>
[[nodiscard]] Triples<Real> leading_triples(const MatrixView<const Real>& a, Index rank);

}  // namespace strum::inline STRUM_ABI::detail

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/leading_triples-inl.hpp"
#endif
