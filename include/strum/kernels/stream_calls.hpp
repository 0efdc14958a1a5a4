// What the kernels of streams are called with.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::kernels {

/// y[t] = later[t] + Σ_τ k[τ]·x[t − τ], 0 <= t < n, 0 <= τ < taps. later may be null: zeros. No two
/// of y, x and later overlap. Of x less than a cache line behind x[n − 1] is read, and not used.
template <class R>
struct StreamHeadCall {
  Index n, taps;
  const R* k;
  const R* x;
  const R* later;
  R* y;
};

/// For 0 <= t < n, of complex numbers in planes, in place:
///
///     (low, high) = (low + a·high, low − a·high),   inverse: (low + high, conj(a)·(low − high)).
template <class R>
struct SplitCall {
  Index n;
  R *low_re, *low_im, *high_re, *high_im;
  R a_re, a_im;
  bool inverse;
};

/// z[t] = w[t]·(re[t] + i·im[t]), 0 <= t < n, z complex numbers, w in planes (n real parts, n
/// imaginary); inverse: re[t] + i·im[t] = conj(w[t])·z[t].
template <class R>
struct TwistCall {
  Index n;
  const R* w;
  R *re, *im, *z;
  bool inverse;
};

}  // namespace strum::inline STRUM_ABI::kernels
