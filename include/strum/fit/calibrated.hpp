// Fits to what a layer computes on its own inputs: ‖(W − Ŵ)·X‖_F made small instead of ‖W − Ŵ‖_F.
//
//     auto fit = strum::fit::low_rank(w, 64, calibration);  // calibration: fit/calibration.hpp
//     std::cout << fit.calibrated_error << " of ‖W·X‖, with " << fit.parameter_count;
//
// What the inputs never do costs nothing, and the parameters go to what they do.
#pragma once

#include "strum/fit/alternating.hpp"
#include "strum/fit/calibrated_error.hpp"
#include "strum/fit/calibration.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/monarch.hpp"
#include "strum/ops/two_core_block_tensor_train.hpp"

namespace strum::inline STRUM_ABI::fit {

/// An operator in place of a dense matrix W whose inputs are like X.
template <class Op>
struct CalibratedFit {
  Op op;
  /// ‖W − op‖_F / ‖W‖_F and weights that join an input to an output, as of Fit.
  double relative_error = 0;
  Index parameter_count = 0;
  /// ‖(W − op)·X‖_F / ‖W·X‖_F, 0 for W·X = 0. From the second moments and the weights as they are
  /// stored, in double, which knows it to about 1e-8 (as a square: to rounding).
  double calibrated_error = 0;
  /// What was added to the diagonal of X·Xᵀ (the largest number, where blocks of it were enough)
  /// because the samples leave directions out: fewer samples than inputs, inputs that repeat
  /// others. 1e-6 of the median of the inputs' squares in most cases, 0 if they span everything. In
  /// those directions the fit is drawn to W itself.
  double shift = 0;
};

/// The matrix of this rank that is nearest to W on the inputs: the singular value decomposition
/// U·Σ·Vᵀ of W·L, L·Lᵀ = X·Xᵀ, cut at `rank` and divided by L, which is U·Uᵀ·W and is computed so.
/// ‖(W − Ŵ)·X‖² is the sum of the squares of the singular values dropped, and nothing of that rank
/// is nearer (Chen et al. 2021; Wang et al. 2024). Throws like low_rank() of a matrix alone,
/// ShapeError if W has other columns than the calibration features, and ValueError for a
/// calibration without samples.
template <class Scalar>
[[nodiscard]] STRUM_API CalibratedFit<LowRank<Scalar>> low_rank(MatrixView<const Scalar> w,
                                                                Index rank,
                                                                const Calibration& calibration,
                                                                const LowRankOptions& options = {});

/// The optimum of its support: W's rows of block b regressed on the inputs b that they keep,
/// W[b, :]·C[:, b]·C[b, b]⁻¹, C = X·Xᵀ. What the other inputs have in common with these is made use
/// of. Throws like block_diagonal() of a matrix alone and for a calibration that does not fit.
template <class Scalar>
[[nodiscard]] STRUM_API CalibratedFit<BlockDiagonal<Scalar>> block_diagonal(
    MatrixView<const Scalar> w, Index blocks, const Calibration& calibration);

/// A Monarch matrix near to W on the inputs, by alternating least squares. Each set of rows λ::l is
/// a problem of its own, Σ_κ U_κλ·V_κλ on the input blocks κ. The start is the truncated singular
/// value decomposition of every sub-matrix M_κλ·L_κ, L_κ·L_κᵀ = C[κ, κ] (or fit::monarch without
/// inputs, if that is nearer on them); a step replaces all U by the best ones for the V, then the V
/// of one κ after the other by the best for the rest. A W that is a Monarch matrix is found at the
/// start. A step costs 1.5·n²·q multiply-adds (1 s for 4096 x 4096 in 64 blocks of rank 1 on two
/// cores). No step makes ‖(W − Ŵ)·X‖ larger, whatever the shift. Throws like monarch() of a matrix
/// alone and for a calibration that does not fit.
///
/// on_step is called with the calibrated error.
template <class Scalar>
[[nodiscard]] STRUM_API CalibratedFit<Monarch<Scalar>> monarch(
    MatrixView<const Scalar> w, const MonarchShape& shape, const Calibration& calibration,
    const AlternatingOptions& options = {});

/// The same for block tensor trains, whose sub-matrices are contiguous. Throws like
/// two_core_block_tensor_train() of a matrix alone and for a calibration that does not fit.
template <class Scalar>
[[nodiscard]] STRUM_API CalibratedFit<TwoCoreBlockTensorTrain<Scalar>> two_core_block_tensor_train(
    MatrixView<const Scalar> w, const TwoCoreShape& shape, const Calibration& calibration,
    const AlternatingOptions& options = {});

/// The same for any view or dense Eigen object.
template <strum::detail::FitInput W>
[[nodiscard]] auto low_rank(const W& w, Index rank, const Calibration& calibration,
                            const LowRankOptions& options = {}) {
  return strum::detail::fit_view(w,
                                 [&](auto v) { return low_rank(v, rank, calibration, options); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto block_diagonal(const W& w, Index blocks, const Calibration& calibration) {
  return strum::detail::fit_view(w, [&](auto v) { return block_diagonal(v, blocks, calibration); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto monarch(const W& w, const MonarchShape& shape, const Calibration& calibration,
                           const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(w,
                                 [&](auto v) { return monarch(v, shape, calibration, options); });
}
template <strum::detail::FitInput W>
[[nodiscard]] auto two_core_block_tensor_train(const W& w, const TwoCoreShape& shape,
                                               const Calibration& calibration,
                                               const AlternatingOptions& options = {}) {
  return strum::detail::fit_view(
      w, [&](auto v) { return two_core_block_tensor_train(v, shape, calibration, options); });
}

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/calibrated-inl.hpp"
#include "strum/fit/calibrated_blocks-inl.hpp"
#endif
