// The best approximation by a matrix of low rank.
#pragma once

#include <cstdint>

#include "strum/fit/fit.hpp"
#include "strum/ops/low_rank.hpp"

namespace strum::inline STRUM_ABI::fit {

/// How the leading singular triples are found.
enum class SvdMethod {
  /// The optimum. Grows with the cube of the smaller dimension: a second or two at 1024, minutes
  /// at 4096 (one thread; more where singular values span many orders of magnitude).
  exact,
  /// A few passes over W with random vectors: near the optimum, exactly there if the rank of W is
  /// no larger than the one asked for. Worth it for a rank far below both dimensions.
  ///
  /// How near: with rank r, p >= 2 random vectors beyond it and q power iterations, the best matrix
  /// Ŵ whose range the random vectors found has on average (Halko, Martinsson, Tropp 2011, theorem
  /// 10.5 and corollary 10.10; σ_1 >= σ_2 >= ... those of W)
  ///
  ///     ‖W − Ŵ‖_F <= √(1 + r/(p − 1))·(Σ_{j>r} σ_j²)^½                              for q = 0
  ///     ‖W − Ŵ‖_2 <= ((1 + √(r/(p − 1)))·σ_{r+1}^s
  ///                   + e·√(r + p)/p·(Σ_{j>r} σ_j^{2s})^½)^{1/s}                    s = 2q + 1
  ///
  /// and cutting Ŵ down to rank r adds at most (Σ_{j>r} σ_j²)^½ to the one, σ_{r+1} to the other.
  /// That is before the fact; Fit::relative_error is measured afterwards and not an estimate.
  randomized,
};

struct LowRankOptions {
  SvdMethod method = SvdMethod::exact;
  /// Of the randomized method (Halko, Martinsson, Tropp 2011): random vectors beyond the rank;
  /// products with W·Wᵀ, each of which multiplies a singular value's weight in the random subspace
  /// by its square; and the start of the random numbers.
  Index oversampling = 10;
  Index power_iterations = 2;
  std::uint64_t seed = 0;
};

/// The truncated singular value decomposition of W (m x n) at `rank`, √σ on both sides:
/// lr1 = √Σ·Vᵀ, lr2 = U·√Σ. Scalar is float or double. Throws ValueError if an entry is NaN or
/// infinite, for a rank outside [0, min(m, n)] and for negative options.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<LowRank<Scalar>> low_rank(MatrixView<const Scalar> w, Index rank,
                                                      const LowRankOptions& options = {});

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto low_rank(const W& w, Index rank, const LowRankOptions& options = {}) {
  return strum::detail::fit_view(w, [&](auto v) { return low_rank(v, rank, options); });
}

/// The truncated singular value decomposition of W at the smallest rank whose error is at most
/// relative_error·‖W‖_F: whose dropped squared singular values are at most the fraction
/// relative_error² of all. The randomized method takes twice as many random vectors until they
/// suffice, and the smallest rank there is among them; the error is kept to either way. Both as
/// long as it is above rounding: of W (max(m, n)·eps), and of the weights as they are stored, which
/// comes on top. Throws ValueError if an entry is NaN or infinite, for an error that is negative or
/// NaN and for negative options.
template <class Scalar>
[[nodiscard]] STRUM_API Fit<LowRank<Scalar>> low_rank_to_error(MatrixView<const Scalar> w,
                                                               double relative_error,
                                                               const LowRankOptions& options = {});

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto low_rank_to_error(const W& w, double relative_error,
                                     const LowRankOptions& options = {}) {
  return strum::detail::fit_view(
      w, [&](auto v) { return low_rank_to_error(v, relative_error, options); });
}

/// The largest rank at which an m x n matrix keeps to `ratio` of its parameters:
/// ⌊m·n·ratio / (m + n)⌋. Throws ValueError for a ratio that is negative or NaN.
[[nodiscard]] inline Index rank_for_ratio(Index m, Index n, double ratio) {
  if (m < 0 || n < 0)
    strum::detail::fail<ShapeError>("rank_for_ratio: ", m, " x ", n, " is not a shape");
  if (!(ratio >= 0)) strum::detail::fail<ValueError>("rank_for_ratio: the ratio is ", ratio);
  if (m == 0 || n == 0) return 0;
  const auto rows = static_cast<double>(m), cols = static_cast<double>(n);
  return static_cast<Index>(rows * cols * ratio / (rows + cols));
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/low_rank-inl.hpp"
#endif
