// What cosine and sine transforms do before and behind a Fourier transform: numbers at even and odd
// places apart and together, complex numbers from two runs of real ones and back, with their
// twiddle factors.
#pragma once

#include <algorithm>

#include "strum/kernels/signals.hpp"
#include "strum/simd/complex.hpp"
#include "strum/simd/shuffle.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// p[0], p[step], ..., `count` of them, step 1 or −1.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> load_run(const R* p, Index step, Index count) {
  if (count < kLanes<R>) return step == 1 ? load_partial(p, count) : load_strided(p, step, count);
  return step == 1 ? load(p) : Vec<R>(reversed(load(p - (kLanes<R> - 1))));
}
template <class R>
STRUM_ALWAYS_INLINE void store_run(R* p, Index step, Vec<R> v, Index count) {
  if (count < kLanes<R>)
    return step == 1 ? store_partial(p, v, count) : store_strided(p, step, v, count);
  step == 1 ? store(p, v) : store(p - (kLanes<R> - 1), Vec<R>(reversed(v)));
}

/// 2·count reals at p, in two vectors; zeros behind them.
template <class R>
STRUM_ALWAYS_INLINE VecPair<R> load_pairs(const R* p, Index count) {
  constexpr Index L = kLanes<R>;
  if (count == L) return {load(p), load(p + L)};
  const Index low = std::min(2 * count, L);
  return {load_partial(p, low), load_partial(p + low, std::max(2 * count - L, Index{0}))};
}
template <class R>
STRUM_ALWAYS_INLINE void store_pairs(R* p, const VecPair<R>& v, Index count) {
  constexpr Index L = kLanes<R>;
  if (count == L) {
    store(p, v.x);
    return store(p + L, v.y);
  }
  const Index low = std::min(2 * count, L);
  store_partial(p, v.x, low);
  store_partial(p + low, v.y, std::max(2 * count - L, Index{0}));
}

/// Calls f(first, count) for runs of a vector's length, and for what is left.
template <class R, class F>
STRUM_ALWAYS_INLINE void for_runs(Index n, const F& f) {
  Index i = 0;
  for (; i + kLanes<R> <= n; i += kLanes<R>) f(i, Index{kLanes<R>});
  if (i < n) f(i, std::min(n - i, Index{kLanes<R> - 1}));  // gcc should know the bound
}

template <class R>
STRUM_FLATTEN void fold(const FoldCall<R>& call) {
  const Index n = call.n, pairs = n / 2;
  const Vec<R> sign = broadcast(call.odd_sign);
  for_runs<R>(pairs, [&](Index j, Index count) STRUM_ALWAYS_INLINE_LAMBDA {
    if (call.apart) {
      const VecPair<R> in = load_pairs(call.x + 2 * j, count);
      const VecPair<R> v = take_pairs_apart(in.x, in.y);
      store_run(call.y + j, 1, v.x, count);
      store_run(call.y + n - 1 - j, -1, Vec<R>(sign * v.y), count);
    } else {
      const Vec<R> even = load_run(call.x + j, 1, count);
      const Vec<R> odd = load_run(call.x + n - 1 - j, -1, count);
      store_pairs(call.y + 2 * j, put_pairs_together(even, Vec<R>(sign * odd)), count);
    }
  });
  if (n % 2 != 0) call.y[call.apart ? pairs : n - 1] = call.x[call.apart ? n - 1 : pairs];
}

/// scale·x·w of complex numbers as they lie; by_im: the signs of the parts of i·im(w).
template <class R>
STRUM_ALWAYS_INLINE Vec<R> twisted(Vec<R> x, Vec<R> w, Vec<R> by_im, Vec<R> scale) {
  const Vec<R> product =
      fma(Vec<R>(swap_parts(x) ^ by_im), repeat_imaginary(w), Vec<R>(x * repeat_real(w)));
  return product * scale;
}

template <class R>
STRUM_FLATTEN void join_twisted(const TwistCall<R>& call) {
  const Vec<R> scale = broadcast(call.scale), sign = broadcast(call.im_sign);
  const Vec<R> by_im = signs<R>(call.conjugate ? Flip::imaginary : Flip::real);
  for_runs<R>(call.n, [&](Index k, Index count) STRUM_ALWAYS_INLINE_LAMBDA {
    const VecPair<R> w = load_pairs(call.w + 2 * k, count);
    const Vec<R> re = load_run(call.re + k * call.re_step, call.re_step, count);
    const Vec<R> im = load_run(call.im + k * call.im_step, call.im_step, count);
    const VecPair<R> z = put_pairs_together(re, Vec<R>(sign * im));
    store_pairs(call.z + 2 * k,
                VecPair<R>{twisted(z.x, w.x, by_im, scale), twisted(z.y, w.y, by_im, scale)},
                count);
  });
}

template <class R>
STRUM_FLATTEN void split_twisted(const TwistCall<R>& call) {
  const Vec<R> scale = broadcast(call.scale), sign = broadcast(call.im_sign);
  const Vec<R> by_im = signs<R>(call.conjugate ? Flip::imaginary : Flip::real);
  for_runs<R>(call.n, [&](Index k, Index count) STRUM_ALWAYS_INLINE_LAMBDA {
    const VecPair<R> w = load_pairs(call.w + 2 * k, count), z = load_pairs(call.z + 2 * k, count);
    const VecPair<R> parts =
        take_pairs_apart(twisted(z.x, w.x, by_im, scale), twisted(z.y, w.y, by_im, scale));
    store_run(call.re + k * call.re_step, call.re_step, parts.x, count);
    store_run(call.im + k * call.im_step, call.im_step, Vec<R>(sign * parts.y), count);
  });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
