// BLAST near to a matrix: a grid of low-rank blocks that share their factors.
#pragma once

#include "strum/fit/alternating.hpp"
#include "strum/fit/fit.hpp"
#include "strum/ops/blast.hpp"

namespace strum::inline STRUM_ABI::fit {

/// A b1 x b2 = block_rows x block_cols grid of rank r.
struct BlastShape {
  Index block_rows, block_cols, rank;
};

/// W (m x n) as the BLAST A_ij = U_i·diag(s_ij)·V_j (Lee et al. 2024). There is no direct method,
/// and this one is not the paper's preconditioned gradient descent: from one of two starts, ten
/// rounds of exact least squares for U, s and V by turns, then damped Gauss–Newton steps
/// (Levenberg–Marquardt) for all three together, solved by conjugate gradients that are
/// preconditioned with those three least-squares problems. (Least squares by turns alone creep: of
/// ten planted 24 x 24 matrices of 3 x 3 blocks of rank 4, 500 rounds from the first of the starts
/// brought four to 1e-6, 100 steps all of them.) A step that would make the error larger is damped
/// and tried again.
///
/// The starts, of which the one with the smaller error after its rounds is taken:
/// - the best approximation of rank r of all of W, with s_ij = 1: what comes out is no worse;
/// - for r <= min(m/b1, n/b2) and grids of 2 x 2 or more, the common eigenvectors of products of
///   blocks, which are the answer where W is such a matrix, and near to it under little noise: of
///   50 planted matrices of five shapes all were found. For larger r what is found is a local
///   minimum.
///
/// options.seed counts only where W has a smaller rank than r: of what takes the place of singular
/// vectors that there are not. Steps are those of Gauss–Newton.
///
/// Scalar is float or double. Throws ShapeError unless block_rows divides m and block_cols n, and
/// rank >= 1; ValueError if an entry is NaN or infinite or options.max_steps < 0.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<Blast<Scalar>> blast(MatrixView<const Scalar> w,
                                                 const BlastShape& shape,
                                                 const AlternatingOptions& options);

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto blast(const W& w, const BlastShape& shape,
                         const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(w, [&](auto v) { return blast(v, shape, options); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/blast-inl.hpp"
#endif
