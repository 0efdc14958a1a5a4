// What convolutions cost, to choose between the ways to compute them. Every cost depends on the
// shape alone: results have the same bits in every batch.
#pragma once

#include <cmath>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Real operations of the transform of n real numbers, or of its inverse: half of the 5n·log₂ n of
/// a complex one.
[[nodiscard]] inline double real_transform_flops(Index n) {
  return n <= 1 ? 0 : 2.5 * static_cast<double>(n) * std::log2(static_cast<double>(n));
}

/// Of a convolution by transforms of length n whose filter is prepared: there, n/2 products of
/// complex numbers, and back.
[[nodiscard]] inline double cyclic_convolution_flops(Index n) {
  return 2 * real_transform_flops(n) + 3 * static_cast<double>(n);
}

/// Of sums of `taps` products.
[[nodiscard]] inline double direct_convolution_flops(Index outputs, Index taps) {
  return 2 * static_cast<double>(outputs) * static_cast<double>(taps);
}

/// Operations of a direct convolution that take the time of one of a transform. Measured (AMD EPYC,
/// family 26), in GFLOP/s of direct sums and of transforms of 512 … 8192: AVX-512 106 and 60
/// (double 58 and 34), AVX2 80 and 57 (42 and 30), SSE2 47 and 28 (21 and 10).
inline constexpr double kDirectPerTransformFlop = 1.6;

/// What a piece that goes through transforms costs beside its operations (calls, short loops): 0.1
/// to 0.2 µs. With both, sums are taken below some 50 taps, as measured best: 64 taps take 1.2 ns
/// an output of either way with AVX-512 in float, and 1.6 and 1.1 with AVX2.
inline constexpr double kPieceOverhead = 6000;

/// Transforms of more than 32 KB, which leave L1 with their spectrum, run at 40 to 45 of the 60.
[[nodiscard]] inline double cache_factor(Index n, Index scalar_bytes) {
  return n * scalar_bytes > 32768 ? 1.4 : 1;
}

}  // namespace strum::inline STRUM_ABI::detail
