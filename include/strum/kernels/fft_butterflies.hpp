// Small discrete Fourier transforms across registers: X[k] = Σ_i v[i]·e^{−2πi·ik/r}, in place and
// in natural order. A lane is a transform of its own, whatever it holds.
#pragma once

#include <utility>

#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Complex numbers, real and imaginary parts in a vector each.
template <class R>
struct Numbers {
  Vec<R> re, im;
};

template <class R>
STRUM_ALWAYS_INLINE Numbers<R> operator+(const Numbers<R>& a, const Numbers<R>& b) {
  return {a.re + b.re, a.im + b.im};
}
template <class R>
STRUM_ALWAYS_INLINE Numbers<R> operator-(const Numbers<R>& a, const Numbers<R>& b) {
  return {a.re - b.re, a.im - b.im};
}
/// a − i·b and a + i·b.
template <class R>
STRUM_ALWAYS_INLINE Numbers<R> minus_i(const Numbers<R>& a, const Numbers<R>& b) {
  return {a.re + b.im, a.im - b.re};
}
template <class R>
STRUM_ALWAYS_INLINE Numbers<R> plus_i(const Numbers<R>& a, const Numbers<R>& b) {
  return {a.re - b.im, a.im + b.re};
}
/// v·(re + i·im).
template <class R>
STRUM_ALWAYS_INLINE Numbers<R> times(const Numbers<R>& v, Vec<R> re, Vec<R> im) {
  return {fnma(v.im, im, Vec<R>(v.re * re)), fma(v.re, im, Vec<R>(v.im * re))};
}

template <class R>
STRUM_ALWAYS_INLINE void dft4(Numbers<R>& v0, Numbers<R>& v1, Numbers<R>& v2, Numbers<R>& v3) {
  const Numbers<R> a = v0 + v2, b = v0 - v2, c = v1 + v3, d = v1 - v3;
  v0 = a + c;
  v1 = minus_i(b, d);
  v2 = a - c;
  v3 = plus_i(b, d);
}

template <class R>
STRUM_ALWAYS_INLINE void dft8(Numbers<R>* v) {
  dft4(v[0], v[2], v[4], v[6]);
  dft4(v[1], v[3], v[5], v[7]);
  const Vec<R> half = broadcast(R(0.70710678118654752440));
  const Numbers<R> e0 = v[0], e1 = v[2], e2 = v[4], e3 = v[6];
  const Numbers<R> o0 = v[1], o2 = v[5];
  // √½·(1 − i)·o and √½·(−1 − i)·o without their factor.
  const Vec<R> s1 = v[3].re + v[3].im, d1 = v[3].im - v[3].re;
  const Vec<R> s3 = v[7].re + v[7].im, d3 = v[7].im - v[7].re;
  v[0] = e0 + o0;
  v[4] = e0 - o0;
  v[1] = {fma(half, s1, e1.re), fma(half, d1, e1.im)};
  v[5] = {fnma(half, s1, e1.re), fnma(half, d1, e1.im)};
  v[2] = minus_i(e2, o2);
  v[6] = plus_i(e2, o2);
  v[3] = {fma(half, d3, e3.re), fnma(half, s3, e3.im)};
  v[7] = {fnma(half, d3, e3.re), fma(half, s3, e3.im)};
}

/// Four by four: columns v[i + 4·j], twiddles e^{−2πi·ik/16}, rows.
template <class R>
STRUM_ALWAYS_INLINE void dft16(Numbers<R>* v) {
  unrolled<4>([&](int i) { dft4(v[i], v[i + 4], v[i + 8], v[i + 12]); });
  const Vec<R> c = broadcast(R(0.92387953251128675613)), s = broadcast(R(0.38268343236508977173));
  const Vec<R> half = broadcast(R(0.70710678118654752440));
  const auto eighth = [&](Numbers<R>& x) {  // √½·(1 − i)·x
    x = {Vec<R>((x.re + x.im) * half), Vec<R>((x.im - x.re) * half)};
  };
  const auto three_eighths = [&](Numbers<R>& x) {  // −√½·(1 + i)·x
    x = {Vec<R>((x.im - x.re) * half), -Vec<R>((x.im + x.re) * half)};
  };
  v[5] = {fma(v[5].im, s, Vec<R>(v[5].re * c)), fnma(v[5].re, s, Vec<R>(v[5].im * c))};
  eighth(v[6]);
  v[7] = {fma(v[7].im, c, Vec<R>(v[7].re * s)), fnma(v[7].re, c, Vec<R>(v[7].im * s))};
  eighth(v[9]);
  v[10] = {v[10].im, -v[10].re};
  three_eighths(v[11]);
  v[13] = {fma(v[13].im, c, Vec<R>(v[13].re * s)), fnma(v[13].re, c, Vec<R>(v[13].im * s))};
  three_eighths(v[14]);
  // e^{−2πi·9/16} = −c + i·s
  v[15] = {fnma(v[15].im, s, -Vec<R>(v[15].re * c)), fma(v[15].re, s, -Vec<R>(v[15].im * c))};
  unrolled<4>([&](int k) { dft4(v[4 * k], v[4 * k + 1], v[4 * k + 2], v[4 * k + 3]); });
  // Row k of the square holds outputs k, k + 4, k + 8, k + 12.
  std::swap(v[1], v[4]);
  std::swap(v[2], v[8]);
  std::swap(v[3], v[12]);
  std::swap(v[6], v[9]);
  std::swap(v[7], v[13]);
  std::swap(v[11], v[14]);
}

/// The largest odd transform.
inline constexpr int kMostOdd = 31;

/// f(1), ..., f(Count), or up to `count` where Count is not known.
template <int Count, class F>
STRUM_ALWAYS_INLINE void for_ones(int count, const F& f) {
  if constexpr (Count > 0)
    unrolled<Count>([&](int i) { f(i + 1); });
  else
    for (int i = 1; i <= count; ++i) f(i);
}

/// Of odd length r (Radix, or known at run time where that is 0), by the h = (r − 1)/2 sums and
/// differences of v[j] and v[r − j]. roots: cos(2π·jk/r), 1 <= j, k <= h, k first, then the sines.
template <int Radix, class R>
STRUM_ALWAYS_INLINE void dft_odd(int r, const R* roots, Numbers<R>* v) {
  constexpr int H = Radix / 2;
  const int h = r / 2;
  constexpr int kMost = Radix > 0 ? H : kMostOdd / 2;
  Numbers<R> sums[kMost + 1], differences[kMost + 1];
  const Numbers<R> first = v[0];
  for_ones<H>(h, [&](int j) {
    sums[j] = v[j] + v[r - j];
    differences[j] = v[j] - v[r - j];
    v[0] = v[0] + sums[j];
  });
  for_ones<H>(h, [&](int k) {
    Numbers<R> even = first, odd = {zero<R>(), zero<R>()};
    const R* const cosines = roots + (k - 1) * h - 1;
    const R* const sines = cosines + h * h;
    for_ones<H>(h, [&](int j) {
      const Vec<R> c = broadcast(cosines[j]), s = broadcast(sines[j]);
      even = {fma(c, sums[j].re, even.re), fma(c, sums[j].im, even.im)};
      odd = {fma(s, differences[j].re, odd.re), fma(s, differences[j].im, odd.im)};
    });
    v[k] = minus_i(even, odd);
    v[r - k] = plus_i(even, odd);
  });
}

/// Any of them. Radix 0: an odd one known at run time, which is r.
template <int Radix, class R>
STRUM_ALWAYS_INLINE void dft(int r, const R* roots, Numbers<R>* v) {
  if constexpr (Radix == 2) {
    const Numbers<R> a = v[0], b = v[1];
    v[0] = a + b;
    v[1] = a - b;
  } else if constexpr (Radix == 4) {
    dft4(v[0], v[1], v[2], v[3]);
  } else if constexpr (Radix == 8) {
    dft8(v);
  } else if constexpr (Radix == 16) {
    dft16(v);
  } else {
    dft_odd<Radix>(Radix == 0 ? r : Radix, roots, v);
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
