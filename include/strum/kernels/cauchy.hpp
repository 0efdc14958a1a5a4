// Products with Cauchy-like matrices, which are not stored.
#pragma once

#include <algorithm>

#include "strum/kernels/signals.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// y_i = Σ_r a_ri·Σ_j v_rj/(x_i − y_j) for a vector of i and one r at a time (the quotients 1/(x −
/// y) of real numbers are divisions; those of complex ones conj(d)/|d|²). R numbers of a row in
/// planes.
template <bool Complex, class R>
STRUM_FLATTEN void cauchy(const CauchyCall<R>& call) {
  constexpr Index L = kLanes<R>;
  const Index m = call.m, n = call.n, parts = Complex ? 2 : 1;
  for (Index i = 0; i < m; i += L) {
    const Index count = std::min<Index>(L, m - i);
    const auto get = [&](const R* p) { return count == L ? load(p) : load_partial(p, count); };
    const auto put = [&](R* p, Vec<R> v) { count == L ? store(p, v) : store_partial(p, v, count); };
    const Vec<R> xr = get(call.x + i), xi = Complex ? get(call.x + m + i) : zero<R>();
    Vec<R> re = zero<R>(), im = zero<R>();
    for (Index j = 0; j < n; ++j) {
      // x − y; the transposed product has their roles, and so its sign, exchanged.
      const Vec<R> yr = broadcast(call.y[j]);
      Vec<R> dr = call.negative ? Vec<R>(yr - xr) : Vec<R>(xr - yr), di = zero<R>();
      if constexpr (Complex) {
        const Vec<R> yi = broadcast(call.y[n + j]);
        di = call.negative ? Vec<R>(yi - xi) : Vec<R>(xi - yi);
      }
      Vec<R> sr = zero<R>(), si = zero<R>();
      for (Index r = 0; r < call.rank; ++r) {
        const R* const a = call.a + r * parts * m + i;
        const R* const v = call.v + r * parts * n + j;
        const Vec<R> ar = get(a), vr = broadcast(v[0]);
        sr = fma(ar, vr, sr);
        if constexpr (Complex) {
          const Vec<R> ai = get(a + m), vi = broadcast(v[n]);
          sr = fnma(ai, vi, sr);
          si = fma(ar, vi, si);
          si = fma(ai, vr, si);
        }
      }
      if constexpr (Complex) {
        // By the larger part, as Smith does: squares would overflow.
        const Vec<R> size = xsimd::max(absolute(dr), absolute(di));
        const Vec<R> qr = dr / size, qi = di / size;
        const Vec<R> norm = size * fma(qr, qr, Vec<R>(qi * qi));
        re += fma(sr, qr, Vec<R>(si * qi)) / norm;
        im += fnma(sr, qi, Vec<R>(si * qr)) / norm;
      } else {
        re += sr / dr;
      }
    }
    put(call.result + i, re);
    if constexpr (Complex) put(call.result + m + i, im);
  }
}

template <class R>
void cauchy(const CauchyCall<R>& call) {
  call.is_complex ? cauchy<true>(call) : cauchy<false>(call);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
