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
// Tried, without gain on a Zen 5: the first two or last two passes together for a block that stays
// in L1 (its rows are powers of two apart and evict each other: 65536 numbers, 86 -> 103 us), a
// caller's y as one of the buffers.
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
  /// A vector of them in the order of pair_of_lane().
  STRUM_ALWAYS_INLINE Numbers<R> load_in_parts(Index t) const {
    const VecPair<R> v = take_pairs_apart_in_parts(STRUM_KERNELS::load(p + 2 * t),
                                                   STRUM_KERNELS::load(p + 2 * t + kLanes<R>));
    return Swap ? Numbers<R>{v.y, v.x} : Numbers<R>{v.x, v.y};
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

/// `in` or `out` as seen from element t on. The compiler is not told how the pointer came about:
/// otherwise gcc 12 keeps a pointer for every row of a pass, more than there are registers.
template <class R>
STRUM_ALWAYS_INLINE R* opaque(R* p) {
#if !defined(_MSC_VER) || defined(__clang__)
  asm("" : "+r"(p));
#endif
  return p;
}
template <class R>
STRUM_ALWAYS_INLINE Planes<R> from(const Planes<R>& planes, Index t) {
  return {opaque(planes.re + t), opaque(planes.im + t)};
}
template <class R, bool Swap>
STRUM_ALWAYS_INLINE Interleaved<R, Swap> from(const Interleaved<R, Swap>& numbers, Index t) {
  return {opaque(numbers.p + 2 * t), numbers.scale};
}

/// Twiddles w^{pk} lie in blocks of a vector of p: [p / lanes][k − 1][real parts, imaginary parts],
/// to be loaded where lanes hold p and broadcast where they do not. From the one of p and k = 1 the
/// next k is a step away, the imaginary part half of one.
template <class R>
inline constexpr Index kTwiddleStep = 2 * kLanes<R>;
template <class R>
STRUM_ALWAYS_INLINE const R* twiddles_of(const FftPass<R>& pass, Index p) {
  constexpr Index L = kLanes<R>;
  return pass.twiddles + p / L * (pass.radix - 1) * kTwiddleStep<R> + p % L;
}

/// Lanes hold q, at least a vector of them: any pass but the first of one signal. `width` signals
/// are interleaved. Where s is no multiple of the lanes, the last vector overlaps the one before it
/// and computes the same numbers again.
template <int Radix, bool Twiddles, class R, class In, class Out>
STRUM_FLATTEN STRUM_NEVER_INLINE void wide_pass(const FftPass<R>& pass, In in, Out out,
                                                Index width) {
  constexpr Index L = kLanes<R>;
  const Index s = pass.stride * width, m = pass.rest, last = s - L, step = m * s;
  const R* const roots = pass.roots;
  const R* w = pass.twiddles;
  auto x = from(in, 0);
  auto y = from(out, 0);
  Index p = 0, q = 0;
  while (true) {
    Numbers<R> v[Radix];
    unrolled<Radix>([&](int i) { v[i] = x.load(i * step); });
    dft<Radix>(Radix, roots, v);
    y.store(0, v[0]);
    unrolled<Radix - 1>([&](int k) {
      if constexpr (Twiddles)
        v[k + 1] = times(v[k + 1], broadcast(w[k * kTwiddleStep<R>]),
                         broadcast(w[k * kTwiddleStep<R> + L]));
      y.store((k + 1) * s, v[k + 1]);
    });
    if (q < last) {
      const Index next = std::min(L, last - q);
      q += next;
      x = from(x, next);
      y = from(y, next);
    } else {
      if (++p == m) break;
      q = 0;
      x = from(x, L);
      y = from(y, L + (Radix - 1) * s);
      w = p % L != 0 ? w + 1 : w + 1 - L + (Radix - 1) * kTwiddleStep<R>;
    }
  }
}

/// Whole vectors of p, as many as there are but at least one, of a first pass whose radix is the
/// number of lanes. Returns how many p are done.
template <class R, class In>
STRUM_FLATTEN STRUM_NEVER_INLINE Index square_pass(const FftPass<R>& pass, In in, Planes<R> out) {
  constexpr Index L = kLanes<R>;
  constexpr bool kInParts = requires { in.load_in_parts(0); };
  const auto row = [](int l) { return kInParts ? pair_of_lane<R>(l) : l; };
  const Index m = pass.rest;
  const R* w = kInParts ? pass.twiddles_in_parts : pass.twiddles;
  Index p = 0;
  do {
    const auto x = from(in, p);
    const auto y = from(out, L * p);
    Numbers<R> v[L];
    unrolled<L>([&](int i) {
      if constexpr (kInParts)
        v[i] = x.load_in_parts(i * m);
      else
        v[i] = x.load(i * m);
    });
    dft<kLanes<R>>(kLanes<R>, pass.roots, v);
    Vec<R> re[L], im[L];
    re[0] = v[0].re;
    im[0] = v[0].im;
    unrolled<L - 1>([&](int k) {
      v[k + 1] = times(v[k + 1], load(w + k * kTwiddleStep<R>), load(w + k * kTwiddleStep<R> + L));
      re[k + 1] = v[k + 1].re;
      im[k + 1] = v[k + 1].im;
    });
    transpose(re);
    unrolled<L>([&](int l) { store(y.re + row(l) * L, re[l]); });
    transpose(im);
    unrolled<L>([&](int l) { store(y.im + row(l) * L, im[l]); });
    w += (L - 1) * kTwiddleStep<R>;
    p += L;
  } while (p + L <= m);
  return p;
}

/// A transform of r numbers, r known at run time.
template <class R>
STRUM_FLATTEN STRUM_NEVER_INLINE void dft_of(int r, const R* roots, Numbers<R>* v) {
  switch (r) {
    case 2:
      return dft<2>(r, roots, v);
    case 4:
      return dft<4>(r, roots, v);
    case 8:
      return dft<8>(r, roots, v);
    case 16:
      return dft<16>(r, roots, v);
    default:
      return dft<0>(r, roots, v);
  }
}

/// Any pass with lanes that hold q, part-filled ones too: those of few q and of rare radices.
template <class R>
void narrow_pass(const FftPass<R>& pass, Planes<R> in, Planes<R> out, Index width) {
  constexpr Index L = kLanes<R>;
  const Index r = pass.radix, s = pass.stride * width, m = pass.rest;
  Numbers<R> v[kMostOdd];
  for (Index p = 0; p < m; ++p) {
    for (Index q = 0; q < s; q += L) {
      const Index count = std::min(L, s - q);
      for (Index i = 0; i < r; ++i) v[i] = in.load((p + m * i) * s + q, count);
      dft_of(static_cast<int>(r), pass.roots, v);
      const R* w = twiddles_of(pass, p);
      for (Index k = 0; k < r; ++k) {
        if (k > 0 && m > 1) {
          v[k] = times(v[k], broadcast(w[0]), broadcast(w[L]));
          w += kTwiddleStep<R>;
        }
        out.store((r * p + k) * s + q, v[k], count);
      }
    }
  }
}

/// Lane l of the r vectors to row l of `count` at `out`, rows of r numbers one after the other, up
/// to `room` of which may be written.
template <class R>
STRUM_FLATTEN STRUM_NEVER_INLINE void store_columns(const Numbers<R>* v, Index r, Planes<R> out,
                                                    Index count, Index room) {
  constexpr Index L = kLanes<R>;
  for (Index k = 0; k < r; k += L) {
    Vec<R> re[L], im[L];
    unrolled<L>([&](int i) {
      re[i] = k + i < r ? v[k + i].re : zero<R>();
      im[i] = k + i < r ? v[k + i].im : zero<R>();
    });
    transpose(re);
    transpose(im);
    // Of rows shorter than a vector, what is written behind one is overwritten by the next.
    unrolled<L>([&](int l) {
      if (l >= count) return;
      const Index at = l * r + k;
      if (k + L <= r || (r < L && at + L <= room))
        out.store(at, {re[l], im[l]});
      else
        out.store(at, {re[l], im[l]}, std::min(L, r - k));
    });
  }
}

/// The first pass of one signal from `first` on, first a multiple of the lanes, which hold p: of
/// any radix, and of what is less than a vector.
template <class R, class In>
void narrow_first_pass(const FftPass<R>& pass, const In& in, Planes<R> out, Index first) {
  constexpr Index L = kLanes<R>;
  const Index r = pass.radix, m = pass.rest;
  Numbers<R> v[kMostOdd];
  for (Index p = first; p < m; p += L) {
    const Index count = std::min(L, m - p);
    for (Index i = 0; i < r; ++i) v[i] = in.load(m * i + p, count);
    dft_of(static_cast<int>(r), pass.roots, v);
    const R* w = twiddles_of(pass, p);
    for (Index k = 1; k < r; ++k, w += kTwiddleStep<R>) v[k] = times(v[k], load(w), load(w + L));
    store_columns(v, r, {out.re + p * r, out.im + p * r}, count, r * (m - p));
  }
}

/// A pass from buffer to buffer.
template <class R>
void middle_pass(const FftPass<R>& pass, Planes<R> in, Planes<R> out, Index width) {
  const auto with = [&](auto radix) {
    constexpr int kRadix = decltype(radix)::value;
    pass.rest > 1 ? wide_pass<kRadix, true>(pass, in, out, width)
                  : wide_pass<kRadix, false>(pass, in, out, width);
  };
  if (pass.stride * width >= kLanes<R>) switch (pass.radix) {
      case 2:
        return with(std::integral_constant<int, 2>{});
      case 3:
        return with(std::integral_constant<int, 3>{});
      case 4:
        return with(std::integral_constant<int, 4>{});
      case 5:
        return with(std::integral_constant<int, 5>{});
      case 8:
        return with(std::integral_constant<int, 8>{});
      default:
        break;
    }
  narrow_pass(pass, in, out, width);
}

/// Whether a last pass writes to where the spectrum is wanted itself.
template <class R>
bool writes_target(const FftPass<R>& pass) {
  return pass.stride >= kLanes<R> && (pass.radix == 4 || pass.radix == 8);
}

/// Such a pass.
template <class R, class Out>
void last_pass(const FftPass<R>& pass, Planes<R> in, const Out& out) {
  pass.radix == 4 ? wide_pass<4, false>(pass, in, out, Index{1})
                  : wide_pass<8, false>(pass, in, out, Index{1});
}

/// Reals between the two planes of scratch, for a tile of `width` signals: whole vectors, with one
/// to spare and no less than a square of them, for square_pass(); and no multiple of 4096 bytes, at
/// which a load would wait for a store it has nothing to do with.
template <class R>
Index fft_plane(Index n, Index width) {
  constexpr Index L = kLanes<R>;
  const Index size = std::max((n * width + L - 1) / L * L + L, L * L);
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

/// The first pass of one signal, to buffers.planes[0]; `in` may be buffers.planes[1].
template <class R, class In>
void first_pass(const FftStages<R>& stages, const In& in, const FftBuffers<R>& buffers) {
  constexpr Index L = kLanes<R>;
  const FftPass<R>& pass = stages.passes[0];
  const Planes<R> out = buffers.planes[0];
  if (pass.radix != L) return narrow_first_pass(pass, in, out, 0);
  if (pass.rest >= L) return narrow_first_pass(pass, in, out, square_pass(pass, in, out));
  // A square whose last lanes compute what nobody reads, from the next rows.
  const Planes<R> x = buffers.planes[1];
  copy_numbers<R>(stages.n, in, x);
  x.store(stages.n, {zero<R>(), zero<R>()});
  square_pass(pass, x, out);
}

/// The first passes of one signal, `count` of them, from `in` (which may be buffers.planes[1]) to
/// the buffer that is returned.
template <class R, class In>
Planes<R> run_passes(const FftStages<R>& stages, const In& in, const FftBuffers<R>& buffers,
                     Index count) {
  if (count == 0) {
    copy_numbers<R>(stages.n, in, buffers.planes[0]);
    return buffers.planes[0];
  }
  first_pass(stages, in, buffers);
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
    const Planes<R> z = run_passes(stages, in, buffers, stages.count - 1);
    if constexpr (kInPlanes<Out>) {
      return middle_pass(pass, z, out, Index{1});
    } else {
      if (writes_target(pass)) return last_pass(pass, z, out);
      const Planes<R> last = buffers.planes[(stages.count - 1) % 2];
      middle_pass(pass, z, last, Index{1});
      return copy_numbers<R>(stages.n, last, out);
    }
  }
  copy_numbers<R>(stages.n, run_passes(stages, in, buffers, stages.count), out);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
