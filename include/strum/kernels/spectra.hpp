// Products of spectra, in planes of real and imaginary parts.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

template <bool Correlate, bool Add, class R>
STRUM_FLATTEN void multiply_spectra(const SpectraCall<R>& call) {
  const auto at = [&](Index k, const auto& get, const auto& put) {
    const Vec<R> fr = get(call.f + k), fi = get(call.f + call.n + k);
    const Vec<R> xr = get(call.x + k), xi = get(call.x + call.n + k);
    Vec<R> re = Add ? fma(fr, xr, get(call.y + k)) : Vec<R>(fr * xr);
    Vec<R> im = Add ? fma(fr, xi, get(call.y + call.n + k)) : Vec<R>(fr * xi);
    re = Correlate ? fma(fi, xi, re) : fnma(fi, xi, re);
    im = Correlate ? fnma(fi, xr, im) : fma(fi, xr, im);
    put(call.y + k, re);
    put(call.y + call.n + k, im);
  };
  Index k = 0;
  for (; k + kLanes<R> <= call.n; k += kLanes<R>)
    at(
        k, [](const R* p) { return load(p); }, [](R* p, Vec<R> v) { store(p, v); });
  if (const Index rest = call.n - k; rest > 0)
    at(
        k, [&](const R* p) { return load_partial(p, rest); },
        [&](R* p, Vec<R> v) { store_partial(p, v, rest); });
}

/// Two real numbers in place of a complex one.
template <class R>
STRUM_ALWAYS_INLINE R multiply_packed(const SpectraCall<R>& call, Index k) {
  const Vec<R> product = broadcast(call.f[k]), x = broadcast(call.x[k]);
  const Vec<R> y = call.add ? fma(product, x, broadcast(call.y[k])) : Vec<R>(product * x);
  R lanes[kLanes<R>];
  store(lanes, y);
  return lanes[0];
}

template <class R>
void multiply_spectra(const SpectraCall<R>& call) {
  R packed[2] = {};
  if (call.packed) {
    packed[0] = multiply_packed(call, 0);
    packed[1] = multiply_packed(call, call.n);
  }
  if (call.correlate)
    call.add ? multiply_spectra<true, true>(call) : multiply_spectra<true, false>(call);
  else
    call.add ? multiply_spectra<false, true>(call) : multiply_spectra<false, false>(call);
  if (call.packed) {
    call.y[0] = packed[0];
    call.y[call.n] = packed[1];
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
