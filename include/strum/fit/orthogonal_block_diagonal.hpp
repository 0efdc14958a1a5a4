// The nearest block-diagonal matrix of rotations.
#pragma once

#include "strum/fit/fit.hpp"
#include "strum/ops/orthogonal_block_diagonal.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The matrix of b x b rotations along the diagonal nearest to W (n x n, b = block) in the
/// Frobenius norm: U·Vᵀ of every diagonal block U·Σ·Vᵀ (Procrustes, Schönemann 1966), its last
/// column of U with the other sign where the determinant is −1 (Kabsch 1976). A Cayley transform
/// has determinant 1 always: for a block with a reflection in it this is the nearest rotation, not
/// the nearest orthogonal matrix.
///
/// Nor has a Cayley transform the eigenvalue −1 (a rotation by π); what is nearest to it is not
/// attained, only approached as Q grows. Such planes are turned by about 2·√eps of the scalar type
/// less, 3e-8 in double and 7e-4 in float, where what that misses and what the rounding of large
/// numbers costs the other planes meet. The relative error says what it came to.
///
/// Scalar is float or double. Throws ShapeError unless W is square and block >= 1 divides n, and
/// ValueError if an entry is NaN or infinite.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<OrthogonalBlockDiagonal<Scalar>> orthogonal_block_diagonal(
    MatrixView<const Scalar> w, Index block);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto orthogonal_block_diagonal(const W& w, Index block) {
  return strum::detail::fit_view(w, [&](auto v) { return orthogonal_block_diagonal(v, block); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/orthogonal_block_diagonal-inl.hpp"
#endif
