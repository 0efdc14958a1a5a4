// Transforms of 2·m real numbers by one of m complex ones, z[j] = x[2j] + i·x[2j + 1]: with Z its
// spectrum, w = e^{−2πi/(2m)} and 0 < k < m,
//
//     X[k] = (E + w^k·O)/2,   E = Z[k] + conj(Z[m − k]),   O = −i·(Z[k] − conj(Z[m − k])),
//
// and conj(X[m − k]) = (E − w^k·O)/2; X[0] and X[m] are the sum and the difference of Re Z[0] and
// Im Z[0]. The way back gives 2·Z[k] = E + i·O from E = X[k] + conj(X[m − k]) and
// O = w^{−k}·(X[k] − conj(X[m − k])).
#pragma once

#include "strum/kernels/fft.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Numbers k and m − k of one spectrum or of the other.
template <class R>
struct NumberPair {
  Numbers<R> low, high;
};

/// Z to X, all times 2.
template <class R>
STRUM_ALWAYS_INLINE NumberPair<R> split_pair(const NumberPair<R>& z, Vec<R> wr, Vec<R> wi) {
  const Numbers<R> e = {z.low.re + z.high.re, z.low.im - z.high.im};
  const Numbers<R> o = {z.low.im + z.high.im, z.high.re - z.low.re};
  const Numbers<R> t = times(o, wr, wi);
  return {e + t, {e.re - t.re, t.im - e.im}};
}

/// X to Z, all times 2.
template <class R>
STRUM_ALWAYS_INLINE NumberPair<R> join_pair(const NumberPair<R>& x, Vec<R> wr, Vec<R> wi) {
  const Numbers<R> e = {x.low.re + x.high.re, x.low.im - x.high.im};
  const Numbers<R> d = {x.low.re - x.high.re, x.low.im + x.high.im};
  const Numbers<R> o = {fma(d.im, wi, Vec<R>(d.re * wr)), fnma(d.re, wi, Vec<R>(d.im * wr))};
  return {plus_i(e, o), {e.re + o.im, o.re - e.im}};
}

/// Calls f(k, count, wr, wi) for vectors of numbers k = 1, ..., (m − 1)/2 of one signal.
template <class R, class F>
STRUM_ALWAYS_INLINE void for_pairs(const FftStages<R>& stages, const F& f) {
  constexpr Index L = kLanes<R>;
  const Index m = stages.n, end = (m - 1) / 2 + 1;
  const R* const re = stages.split;
  const R* const im = re + m / 2 + 1;
  if (end <= L) {
    if (end > 1) f(Index{1}, end - 1, load_partial(re + 1, end - 1), load_partial(im + 1, end - 1));
    return;
  }
  // The last vector overlaps the one before it.
  for (Index k = 1;; k = std::min(k + L, end - L)) {
    f(k, std::integral_constant<int, L>{}, load(re + k), load(im + k));
    if (k == end - L) return;
  }
}

template <class R>
STRUM_ALWAYS_INLINE Numbers<R> reversed(const Numbers<R>& v) {
  return {reversed(v.re), reversed(v.im)};
}

/// Numbers t, t − 1, ..., t − count + 1; count is a constant where it is a whole vector.
template <class R, class In, class Count>
STRUM_ALWAYS_INLINE Numbers<R> load_back(const In& in, Index t, Count count) {
  if constexpr (std::is_same_v<Count, Index>) {
    alignas(kLaneAlignment<R>) R lanes[2][kLanes<R>] = {};
    for (Index i = 0; i < count; ++i) {
      lanes[0][i] = in.real(t - i);
      lanes[1][i] = in.imag(t - i);
    }
    return {load(lanes[0]), load(lanes[1])};
  } else {
    return reversed(in.load(t - kLanes<R> + 1));
  }
}
template <class R, class Out, class Count>
STRUM_ALWAYS_INLINE void store_back(const Out& out, Index t, const Numbers<R>& v, Count count) {
  if constexpr (std::is_same_v<Count, Index>) {
    alignas(kLaneAlignment<R>) R lanes[2][kLanes<R>];
    store(lanes[0], v.re);
    store(lanes[1], v.im);
    for (Index i = 0; i < count; ++i) out.put(t - i, lanes[0][i], lanes[1][i]);
  } else {
    out.store(t - kLanes<R> + 1, reversed(v));
  }
}
template <class R, class In, class Count>
STRUM_ALWAYS_INLINE Numbers<R> load_on(const In& in, Index t, Count count) {
  if constexpr (std::is_same_v<Count, Index>)
    return in.load(t, count);
  else
    return in.load(t);
}
template <class R, class Out, class Count>
STRUM_ALWAYS_INLINE void store_on(const Out& out, Index t, const Numbers<R>& v, Count count) {
  if constexpr (std::is_same_v<Count, Index>)
    out.store(t, v, count);
  else
    out.store(t, v);
}

/// X[1], ..., X[m − 1] of one signal from Z; `out` takes them times 2.
template <class R, class In, class Out>
STRUM_FLATTEN STRUM_NEVER_INLINE void split_numbers(const FftStages<R>& stages, In z, Out x) {
  const Index m = stages.n;
  for_pairs<R>(stages, [&](Index k, auto count, Vec<R> wr, Vec<R> wi) {
    const NumberPair<R> v =
        split_pair<R>({load_on<R>(z, k, count), load_back<R>(z, m - k, count)}, wr, wi);
    store_on<R>(x, k, v.low, count);
    store_back<R>(x, m - k, v.high, count);
  });
  if (m % 2 == 0) x.put(m / 2, 2 * z.real(m / 2), -2 * z.imag(m / 2));
}

/// 2·Z[1], ..., 2·Z[m − 1] of one signal from X.
template <class R, class In, class Out>
STRUM_FLATTEN STRUM_NEVER_INLINE void join_numbers(const FftStages<R>& stages, In x, Out z) {
  const Index m = stages.n;
  for_pairs<R>(stages, [&](Index k, auto count, Vec<R> wr, Vec<R> wi) {
    const NumberPair<R> v =
        join_pair<R>({load_on<R>(x, k, count), load_back<R>(x, m - k, count)}, wr, wi);
    store_on<R>(z, k, v.low, count);
    store_back<R>(z, m - k, v.high, count);
  });
  if (m % 2 == 0) z.put(m / 2, 2 * x.real(m / 2), -2 * x.imag(m / 2));
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
