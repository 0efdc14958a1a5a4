// The fast Fourier transform: passes that each take one factor r of n = r·m·s,
//
//     y[(r·p + k)·s + q] = w^{pk}·Σ_i x[(p + m·i)·s + q]·e^{−2πi·ik/r},   w = e^{−2πi/(r·m)},
//
// 0 <= p < m, 0 <= q < s, 0 <= i, k < r (Stockham's order: s is 1 in the first pass, and the
// product of the factors taken so far after it). Each is a Kronecker-sparse factor with twiddles,
// and no pass reorders anything: after the last the spectrum lies in its natural order.
//
// Lanes hold consecutive q. In a first pass of one signal there is only one q, and lanes hold
// consecutive p; its radix is the number of lanes if that divides n, so that what goes to y is a
// transpose of registers, and every pass after it has whole vectors. Of a tile of signals that lie
// interleaved, [element][signal], all passes are those of a long s: a lane is a signal. A number is
// computed by the same operations in either case, so that its bits are the same.
//
// Between passes complex numbers lie in planes, real parts and imaginary parts apart. The inverse
// is the same transform with the two exchanged on the way in and on the way out.
#pragma once

#include <algorithm>
#include <utility>

#include "strum/kernels/fft_butterflies.hpp"
#include "strum/kernels/signals.hpp"
#include "strum/simd/shuffle.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// Real and imaginary parts apart.
template <class R>
struct Planes {
  R* re;
  R* im;

  STRUM_ALWAYS_INLINE Numbers<R> load(Index t) const {
    return {STRUM_KERNELS::load(re + t), STRUM_KERNELS::load(im + t)};
  }
  STRUM_ALWAYS_INLINE Numbers<R> load(Index t, Index count) const {
    return {load_partial(re + t, count), load_partial(im + t, count)};
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v) const {
    STRUM_KERNELS::store(re + t, v.re);
    STRUM_KERNELS::store(im + t, v.im);
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v, Index count) const {
    store_partial(re + t, v.re, count);
    store_partial(im + t, v.im, count);
  }
  STRUM_ALWAYS_INLINE R real(Index t) const { return re[t]; }
  STRUM_ALWAYS_INLINE R imag(Index t) const { return im[t]; }
  STRUM_ALWAYS_INLINE void put(Index t, R a, R b) const {
    re[t] = a;
    im[t] = b;
  }
  [[nodiscard]] STRUM_ALWAYS_INLINE Planes exchanged() const { return {im, re}; }
};

/// One number after the other, as std::complex lies; with real and imaginary parts exchanged where
/// Swap, and multiplied by `scale` when stored.
template <class R, bool Swap>
struct Interleaved {
  R* p;
  R scale;

  STRUM_ALWAYS_INLINE static Numbers<R> apart(Vec<R> a, Vec<R> b) {
    const VecPair<R> v = take_pairs_apart(a, b);
    return Swap ? Numbers<R>{v.y, v.x} : Numbers<R>{v.x, v.y};
  }
  STRUM_ALWAYS_INLINE Numbers<R> load(Index t) const {
    return apart(STRUM_KERNELS::load(p + 2 * t), STRUM_KERNELS::load(p + 2 * t + kLanes<R>));
  }
  STRUM_ALWAYS_INLINE Numbers<R> load(Index t, Index count) const {
    const Index low = std::min(2 * count, Index{kLanes<R>}), high = 2 * count - low;
    return apart(load_partial(p + 2 * t, low),
                 high > 0 ? load_partial(p + 2 * t + kLanes<R>, high) : zero<R>());
  }
  STRUM_ALWAYS_INLINE VecPair<R> together(const Numbers<R>& v) const {
    const Vec<R> factor = broadcast(scale);
    const Vec<R> re = v.re * factor, im = v.im * factor;
    return Swap ? put_pairs_together(im, re) : put_pairs_together(re, im);
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v) const {
    const VecPair<R> pair = together(v);
    STRUM_KERNELS::store(p + 2 * t, pair.x);
    STRUM_KERNELS::store(p + 2 * t + kLanes<R>, pair.y);
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v, Index count) const {
    const VecPair<R> pair = together(v);
    const Index low = std::min(2 * count, Index{kLanes<R>});
    store_partial(p + 2 * t, pair.x, low);
    if (2 * count > low) store_partial(p + 2 * t + kLanes<R>, pair.y, 2 * count - low);
  }
  STRUM_ALWAYS_INLINE R real(Index t) const { return p[2 * t + (Swap ? 1 : 0)]; }
  STRUM_ALWAYS_INLINE R imag(Index t) const { return p[2 * t + (Swap ? 0 : 1)]; }
  STRUM_ALWAYS_INLINE void put(Index t, R a, R b) const {
    p[2 * t] = (Swap ? b : a) * scale;
    p[2 * t + 1] = (Swap ? a : b) * scale;
  }
};

template <int Radix>
inline constexpr int kMostRadix = Radix > 0 ? Radix : kMostOdd;

/// f(0), ..., f(r − 1), r = Radix where it is known.
template <int Radix, class F>
STRUM_ALWAYS_INLINE void for_radix(int r, const F& f) {
  if constexpr (Radix > 0)
    unrolled<Radix>([&](int i) { f(i); });
  else
    for (int i = 0; i < r; ++i) f(i);
}

/// All but the first times their twiddles, which `twiddle(pointer)` makes vectors of.
template <int Radix, class R, class F>
STRUM_ALWAYS_INLINE void twist(const FftPass<R>& pass, int r, Index p, Numbers<R>* v,
                               const F& twiddle) {
  const R* w = pass.twiddles + p * pass.p_step;
  for_radix<Radix>(r, [&](int k) {
    if (k == 0) return;
    v[k] = times(v[k], twiddle(w), twiddle(w + pass.im_offset));
    w += pass.k_step;
  });
}

/// Lanes hold q: any pass but the first of one signal. `width` signals are interleaved.
template <int Radix, bool Twiddles, class R, class In, class Out>
STRUM_ALWAYS_INLINE void run_aligned(const FftPass<R>& pass, const In& in, const Out& out,
                                     Index width) {
  constexpr Index L = kLanes<R>;
  const int r = Radix > 0 ? Radix : static_cast<int>(pass.radix);
  const Index s = pass.stride * width, m = pass.rest;
  const Index whole = s / L * L;
  Numbers<R> v[kMostRadix<Radix>];
  for (Index p = 0; p < m; ++p) {
    const auto work = [&] {
      dft<Radix>(r, pass.roots, v);
      if constexpr (Twiddles) twist<Radix>(pass, r, p, v, [](const R* w) { return broadcast(*w); });
    };
    const Index from = p * s, to = r * p * s;
    for (Index q = 0; q < whole; q += L) {
      for_radix<Radix>(r, [&](int i) { v[i] = in.load(from + i * m * s + q); });
      work();
      for_radix<Radix>(r, [&](int k) { out.store(to + k * s + q, v[k]); });
    }
    if (const Index rest = s - whole; rest > 0) {
      for_radix<Radix>(r, [&](int i) { v[i] = in.load(from + i * m * s + whole, rest); });
      work();
      for_radix<Radix>(r, [&](int k) { out.store(to + k * s + whole, v[k], rest); });
    }
  }
}

template <int Radix, class R, class In, class Out>
STRUM_NEVER_INLINE void aligned_pass(const FftPass<R>& pass, In in, Out out, Index width) {
  if (pass.rest > 1)
    run_aligned<Radix, true>(pass, in, out, width);
  else
    run_aligned<Radix, false>(pass, in, out, width);
}

/// Row l of `count` is what lane l of the r vectors holds, one after the other.
template <int Radix, class R>
STRUM_ALWAYS_INLINE void store_rows(int r, Numbers<R>* v, const Planes<R>& out, Index first,
                                    Index count) {
  constexpr int L = kLanes<R>;
  if constexpr (Radix == L) {
    Vec<R> re[L], im[L];
    unrolled<L>([&](int k) { re[k] = v[k].re; });
    transpose(re);
    if (count == L) {
      unrolled<L>([&](int l) { store(out.re + first + l * L, re[l]); });
    } else {
      unrolled<L>([&](int l) {
        if (l < count) store(out.re + first + l * L, re[l]);
      });
    }
    unrolled<L>([&](int k) { im[k] = v[k].im; });
    transpose(im);
    unrolled<L>([&](int l) {
      if (l < count) store(out.im + first + l * L, im[l]);
    });
  } else {
    alignas(kLaneAlignment<R>) R re[kMostRadix<Radix> * L], im[kMostRadix<Radix> * L];
    for_radix<Radix>(r, [&](int k) {
      store(re + k * L, v[k].re);
      store(im + k * L, v[k].im);
    });
    for (Index l = 0; l < count; ++l)
      for (int k = 0; k < r; ++k) {
        out.re[first + l * r + k] = re[k * L + l];
        out.im[first + l * r + k] = im[k * L + l];
      }
  }
}

/// Lanes hold p: the first pass of one signal, s = 1.
template <int Radix, class R, class In>
STRUM_NEVER_INLINE void first_pass(const FftPass<R>& pass, In in, Planes<R> out) {
  constexpr Index L = kLanes<R>;
  const int r = Radix > 0 ? Radix : static_cast<int>(pass.radix);
  const Index m = pass.rest, whole = m / L * L;
  Numbers<R> v[kMostRadix<Radix>];
  for (Index p = 0; p < whole; p += L) {
    for_radix<Radix>(r, [&](int i) { v[i] = in.load(i * m + p); });
    dft<Radix>(r, pass.roots, v);
    twist<Radix>(pass, r, p, v, [](const R* w) { return load(w); });
    store_rows<Radix>(r, v, out, r * p, L);
  }
  if (const Index rest = m - whole; rest > 0) {
    for_radix<Radix>(r, [&](int i) { v[i] = in.load(i * m + whole, rest); });
    dft<Radix>(r, pass.roots, v);
    twist<Radix>(pass, r, whole, v, [&](const R* w) { return load_partial(w, rest); });
    store_rows<Radix>(r, v, out, r * whole, rest);
  }
}

/// Calls f with the radix as a constant, 0 for one that has no code of its own.
template <class F>
STRUM_ALWAYS_INLINE void with_radix(Index radix, const F& f) {
  switch (radix) {
    case 2:
      return f(std::integral_constant<int, 2>{});
    case 3:
      return f(std::integral_constant<int, 3>{});
    case 4:
      return f(std::integral_constant<int, 4>{});
    case 5:
      return f(std::integral_constant<int, 5>{});
    case 8:
      return f(std::integral_constant<int, 8>{});
    case 16:
      return f(std::integral_constant<int, 16>{});
    default:
      return f(std::integral_constant<int, 0>{});
  }
}

/// The radices whose passes read and write interleaved numbers themselves, where first or last.
template <class R>
inline constexpr bool kFirstInterleaved(Index radix) {
  return radix == kLanes<R>;
}
inline constexpr bool kLastInterleaved(Index radix) {
  return radix == 4 || radix == 8 || radix == 16;
}

/// Reals between the two planes of scratch, for a tile of `width` signals: whole vectors, and no
/// multiple of 4096 bytes, at which a load would wait for a store it has nothing to do with.
template <class R>
Index fft_plane(Index n, Index width) {
  constexpr Index L = kLanes<R>;
  const Index size = (n * width + L - 1) / L * L;
  return size + (size * static_cast<Index>(sizeof(R)) % 4096 == 0 ? 4 * L : 0);
}

/// Reals of scratch that the functions below take: two pairs of planes.
template <class R>
Index fft_scratch(Index n, Index width) {
  return 4 * fft_plane<R>(n, width);
}

/// Where passes leave their results, by turns.
template <class R>
struct FftBuffers {
  Planes<R> planes[2];
  FftBuffers(R* scratch, Index n, Index width) {
    const Index plane = fft_plane<R>(n, width);
    planes[0] = {scratch, scratch + plane};
    planes[1] = {scratch + 2 * plane, scratch + 3 * plane};
  }
};

template <class R>
void middle_pass(const FftPass<R>& pass, Planes<R> in, Planes<R> out, Index width) {
  with_radix(pass.radix,
             [&](auto radix) { aligned_pass<decltype(radix)::value>(pass, in, out, width); });
}

template <class R>
void copy_numbers(Index n, const auto& in, const auto& out) {
  constexpr Index L = kLanes<R>;
  Index t = 0;
  for (; t + L <= n; t += L) out.store(t, in.load(t));
  if (t < n) out.store(t, in.load(t, n - t), n - t);
}

template <class Numbers>
inline constexpr bool kInPlanes = false;
template <class R>
inline constexpr bool kInPlanes<Planes<R>> = true;

/// The first pass of one signal, to buffers.planes[0]. In may be buffers.planes[1].
template <class R, class In>
void run_first(const FftPass<R>& pass, const In& in, Index n, const FftBuffers<R>& buffers) {
  const Planes<R> out = buffers.planes[0];
  if constexpr (!kInPlanes<In>) {
    if (kFirstInterleaved<R>(pass.radix)) return first_pass<kLanes<R>>(pass, in, out);
    copy_numbers<R>(n, in, buffers.planes[1]);
    run_first(pass, buffers.planes[1], n, buffers);
  } else {
    with_radix(pass.radix, [&](auto radix) { first_pass<decltype(radix)::value>(pass, in, out); });
  }
}

/// All passes of one signal, or all but the last, from `in` (which may be buffers.planes[1]) to the
/// buffer that is returned.
template <class R, class In>
Planes<R> run_passes(const FftStages<R>& stages, const In& in, const FftBuffers<R>& buffers,
                     Index count) {
  if (count == 0) {
    copy_numbers<R>(stages.n, in, buffers.planes[0]);
    return buffers.planes[0];
  }
  run_first(stages.passes[0], in, stages.n, buffers);
  for (Index i = 1; i < count; ++i)
    middle_pass(stages.passes[i], buffers.planes[(i - 1) % 2], buffers.planes[i % 2], Index{1});
  return buffers.planes[(count - 1) % 2];
}

/// The transform of one signal from `in` to `out`, which may be the same memory.
template <class R, class In, class Out>
void transform_signal(const FftStages<R>& stages, const In& in, const Out& out,
                      const FftBuffers<R>& buffers) {
  if (stages.count >= 2) {
    const FftPass<R>& pass = stages.passes[stages.count - 1];
    if (kInPlanes<Out> || kLastInterleaved(pass.radix)) {
      const Planes<R> z = run_passes(stages, in, buffers, stages.count - 1);
      if constexpr (kInPlanes<Out>)
        return middle_pass(pass, z, out, Index{1});
      else if (pass.radix == 4)
        return aligned_pass<4>(pass, z, out, Index{1});
      if (pass.radix == 8) return aligned_pass<8>(pass, z, out, Index{1});
      return aligned_pass<16>(pass, z, out, Index{1});
    }
  }
  copy_numbers<R>(stages.n, run_passes(stages, in, buffers, stages.count), out);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
