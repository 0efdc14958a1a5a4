// What transforms/ asks of the kernels of convolutions that are no products of spectra.
#pragma once

#include <complex>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// y[s] = start + Σ_{i < taps_count} taps[i·tap_step]·x[s + i], 0 <= s < count, terms added in the
/// order of i: a convolution where tap_step is negative, a correlation where it is not. Reads
/// count + taps_count − 1 elements of x.
template <class R>
struct DirectConvolutionCall {
  Index count;
  const R* x;
  Index taps_count;
  const R* taps;
  Index tap_step;
  R start;
  R* y;
};

/// sums[i] += Σ_{s < count} g[s]·x[s + i], 0 <= i < taps_count: the gradient of the taps. Where x
/// is null it is ones, and taps_count 1.
template <class R>
struct TapGradientCall {
  Index count;
  const R* g;
  const R* x;
  Index taps_count;
  R* sums;
};

/// y[t] = x[t]·gate[t], or a copy where there is no gate. Steps lead from element to element.
template <class R>
struct GateCall {
  Index count;
  const R* x;
  Index x_step;
  const R* gate;
  Index gate_step;
  R* y;
  Index y_step;
};

/// y[t] = alpha·gate[t]·(x[t] + skip·v[t]) + beta·y[t]: what ends a convolution. v is null where
/// there is no skip, gate where there is none; beta = 0 does not read y. x and v are contiguous.
template <class R>
struct ConvolutionEndCall {
  Index count;
  const R* x;
  R skip;
  const R* v;
  const R* gate;
  Index gate_step;
  R alpha, beta;
  R* y;
  Index y_step;
};

/// Some bins of a long spectrum and those of its P phases x[a], x[a + P], x[a + 2P], ..., with a
/// weight w[k][a] each:
///
///     gather   sum[k] = Σ_a w[k][a]·phase[k][a]
///     spread   phase[k][a] = conj(w[k][a])·sum[k]
template <class R>
struct PhasesCall {
  Index bins, phases;
  const std::complex<R>* weights;
  std::complex<R>* phase;
  std::complex<R>* sum;
};

/// y[k] = f[k]·x[k], or conj(f[k])·x[k] where `conjugate`, added to y where `add`.
template <class R>
struct BinProductCall {
  Index bins;
  const std::complex<R>* f;
  const std::complex<R>* x;
  std::complex<R>* y;
  bool conjugate, add;
};

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI
