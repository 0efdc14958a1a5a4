// The border between transforms and their kernels: one table of functions per instruction set and
// real type, as kernels/table.hpp is for products with packed weights.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// A product of spectra in planes, n real parts followed by n imaginary parts each:
///
///     y = f·x     or conj(f)·x where `correlate`,  added to y where `add`.
///
/// y may be f or x.
template <class R>
struct SpectraCall {
  Index n;
  const R* f;
  const R* x;
  R* y;
  bool correlate, add;
};

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

/// The kernels of one instruction set that work on signals.
template <class R>
struct SignalTable {
  const char* isa;
  Index lanes;
  void (*multiply_spectra)(const SpectraCall<R>& call);
  void (*stream_head)(const StreamHeadCall<R>& call);
  void (*split_signal)(const SplitCall<R>& call);
  void (*twist_signal)(const TwistCall<R>& call);
};

/// The table of the instruction set in use, chosen as kernels::table() is.
template <class R>
STRUM_API const SignalTable<R>& signals();

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI

#if defined(STRUM_HEADER_ONLY)
#include "strum/kernels/signals-inl.hpp"
#endif
