// Signals to spectra that only products of spectra and the way back will read: in planes, in the
// order the passes leave, with what a signal needs before and after (zeros behind it, weights)
// done where it is loaded and stored.
#pragma once

#include <cstring>

#include "strum/kernels/fft_real.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Elements [t, t + count) of `size` at p, zeros behind them.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> load_up_to(const R* p, Index t, Index count, Index size) {
  const Index here = std::min(count, size - t);
  if (here >= kLanes<R>) return load(p + t);
  return here > 0 ? load_partial(p + t, here) : zero<R>();
}

/// Elements [t, t + count), those of them in [first, last), to p + t − first.
template <class R>
STRUM_ALWAYS_INLINE void store_within(R* p, Index t, Vec<R> v, Index count, Index first,
                                      Index last) {
  if (t >= first && t + count <= last) {
    if (count == kLanes<R>)
      store(p + (t - first), v);
    else
      store_partial(p + (t - first), v, count);
    return;
  }
  if (t >= last || t + count <= first) return;
  alignas(kLaneAlignment<R>) R lanes[kLanes<R>];
  store(lanes, v);
  for (Index i = std::max(first - t, Index{0}); i < std::min(count, last - t); ++i)
    p[t + i - first] = lanes[i];
}

/// Complex numbers, conjugated and times weights where there are any.
template <class R>
struct ComplexSource {
  Interleaved<R, false> x;
  Index size;
  const R* weights;
  Index n;
  bool conjugated;

  STRUM_ALWAYS_INLINE Numbers<R> load(Index t, Index count = kLanes<R>) const {
    const Index here = std::min(count, size - t);
    Numbers<R> v = {zero<R>(), zero<R>()};
    if (here > 0) v = here >= kLanes<R> ? x.load(t) : x.load(t, here);
    if (conjugated) v.im = -v.im;
    if (weights == nullptr) return v;
    return times(v, load_up_to(weights, t, count, n), load_up_to(weights + n, t, count, n));
  }
};

/// (a + i·b)·weight, b what lies n numbers after a.
template <class R>
struct TwistedSource {
  const R* x;
  Index size;
  const R* weights;
  Index n;

  STRUM_ALWAYS_INLINE Numbers<R> load(Index t, Index count = kLanes<R>) const {
    const Vec<R> wr = load_up_to(weights, t, count, n), wi = load_up_to(weights + n, t, count, n);
    const Vec<R> a = load_up_to(x, t, count, size);
    const Numbers<R> v = {a * wr, a * wi};
    if (t + n >= size) return v;
    const Vec<R> b = load_up_to(x + n, t, count, size - n);
    return {fnma(b, wi, v.re), fma(b, wr, v.im)};
  }
};

/// The inverse of TwistedSource, of numbers [first, last); its numbers come with their parts
/// exchanged.
template <class R>
struct TwistedTarget {
  R* y;
  Index first, last;
  const R* weights;
  Index n;
  R scale;

  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v, Index count = kLanes<R>) const {
    const Vec<R> wr = load_up_to(weights, t, count, n), wi = load_up_to(weights + n, t, count, n);
    const Vec<R> factor = broadcast(scale), re = v.im * factor, im = v.re * factor;
    if (t < last && t + count > first)
      store_within(y, t, fma(im, wi, Vec<R>(re * wr)), count, first, last);
    if (t + n < last && t + n + count > first)
      store_within(y, t + n, fnma(re, wi, Vec<R>(im * wr)), count, first, last);
  }
};

/// Complex numbers [first, last) of the inverse, times conj(weights) where there are any.
template <class R>
struct ComplexTarget {
  R* y;
  Index first, last;
  const R* weights;
  Index n;
  R scale;
  bool conjugated;

  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v, Index count = kLanes<R>) const {
    if (t >= last || t + count <= first) return;
    const Vec<R> factor = broadcast(scale);
    Numbers<R> z = {v.im * factor, v.re * factor};
    if (weights != nullptr)
      z = times(z, load_up_to(weights, t, count, n), Vec<R>(-load_up_to(weights + n, t, count, n)));
    if (conjugated) z.im = -z.im;
    const VecPair<R> pair = put_pairs_together(z.re, z.im);
    const Index low = std::min(2 * count, Index{kLanes<R>});
    store_within(y, 2 * t, pair.x, low, 2 * first, 2 * last);
    if (2 * count > low) store_within(y, 2 * t + low, pair.y, 2 * count - low, 2 * first, 2 * last);
  }
};

/// Numbers in planes, times a factor when stored.
template <class R>
struct ScaledPlanes {
  Planes<R> planes;
  R scale;

  STRUM_ALWAYS_INLINE Numbers<R> scaled(const Numbers<R>& v) const {
    const Vec<R> factor = broadcast(scale);
    return {v.re * factor, v.im * factor};
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v) const { planes.store(t, scaled(v)); }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v, Index count) const {
    planes.store(t, scaled(v), count);
  }
  STRUM_ALWAYS_INLINE void put(Index t, R a, R b) const { planes.put(t, a * scale, b * scale); }
};

/// Sources and targets that know their own bounds, from element t on.
template <class Numbers>
struct From {
  Numbers numbers;
  Index first;

  STRUM_ALWAYS_INLINE auto load(Index t) const { return numbers.load(first + t); }
  template <class V>
  STRUM_ALWAYS_INLINE void store(Index t, const V& v) const {
    numbers.store(first + t, v);
  }
};
template <class Numbers>
STRUM_ALWAYS_INLINE From<Numbers> from(const From<Numbers>& numbers, Index t) {
  return {numbers.numbers, numbers.first + t};
}
template <class R>
STRUM_ALWAYS_INLINE From<ComplexSource<R>> from(const ComplexSource<R>& source, Index t) {
  return {source, t};
}
template <class R>
STRUM_ALWAYS_INLINE From<TwistedSource<R>> from(const TwistedSource<R>& source, Index t) {
  return {source, t};
}
template <class R>
STRUM_ALWAYS_INLINE From<TwistedTarget<R>> from(const TwistedTarget<R>& target, Index t) {
  return {target, t};
}
template <class R>
STRUM_ALWAYS_INLINE From<ComplexTarget<R>> from(const ComplexTarget<R>& target, Index t) {
  return {target, t};
}

template <class R>
void to_spectrum(const FftSpectrumCall<R>& call, const FftBuffers<R>& buffers) {
  const FftStages<R>& stages = *call.stages;
  const Index n = stages.n;
  const Planes<R> y = {call.y, call.y + n};
  if (call.kind == SpectrumKind::complex)
    return transform_signal(
        stages,
        ComplexSource<R>{
            {const_cast<R*>(call.x), R(1)}, call.count, call.weights, n, call.conjugated},
        y, buffers);
  if (call.kind == SpectrumKind::twisted)
    return transform_signal(stages, TwistedSource<R>{call.x, call.count, call.weights, n}, y,
                            buffers);
  Planes<R> z;
  if (call.count == 2 * n) {
    z = run_passes(stages, Interleaved<R, false>{const_cast<R*>(call.x), R(1)}, buffers,
                   stages.count);
  } else {
    R* const padded = call.y;  // which is written last
    std::memcpy(padded, call.x, static_cast<std::size_t>(call.count) * sizeof(R));
    std::memset(padded + call.count, 0, static_cast<std::size_t>(2 * n - call.count) * sizeof(R));
    z = run_passes(stages, Interleaved<R, false>{padded, R(1)}, buffers, stages.count);
  }
  const R re = z.re[0], im = z.im[0];
  y.put(0, re + im, re - im);
  split_numbers<R>(stages, z, ScaledPlanes<R>{y, R(0.5)});
}

template <class R>
void from_spectrum(const FftSpectrumCall<R>& call, const FftBuffers<R>& buffers) {
  const FftStages<R>& stages = *call.stages;
  const Index n = stages.n, last = call.first + call.count;
  R* const spectrum = const_cast<R*>(call.x);
  const Planes<R> x = {spectrum, spectrum + n};
  if (call.kind == SpectrumKind::complex)
    return transform_signal(
        stages, x.exchanged(),
        ComplexTarget<R>{call.y, call.first, last, call.weights, n, call.scale, call.conjugated},
        buffers);
  if (call.kind == SpectrumKind::twisted)
    return transform_signal(stages, x.exchanged(),
                            TwistedTarget<R>{call.y, call.first, last, call.weights, n, call.scale},
                            buffers);
  const Planes<R> z = buffers.planes[1];
  const R first = x.re[0], mirror = x.im[0];
  z.put(0, first + mirror, first - mirror);
  join_numbers<R>(stages, x, z);
  if (call.count == 2 * n)
    return transform_signal(stages, z.exchanged(), Interleaved<R, true>{call.y, call.scale},
                            buffers);
  const Planes<R> v = run_passes(stages, z.exchanged(), buffers, stages.count);
  R* const whole = buffers.planes[v.re == buffers.planes[0].re ? 1 : 0].re;
  copy_numbers<R>(n, v, Interleaved<R, true>{whole, call.scale});
  std::memcpy(call.y, whole + call.first, static_cast<std::size_t>(call.count) * sizeof(R));
}

/// Whether a real signal is copied on its way in or out. Passes touch it in many places at once,
/// which no prefetcher follows; where it comes from beyond L2 (64 channels x 8 signals of 4096
/// numbers on a Zen 5: 7.9 -> 5.6 us each) a copy in order is the faster. Neither shorter nor
/// longer ones gain.
template <class R>
bool copies_signal(const FftSpectrumCall<R>& call) {
  constexpr Index kLeastBytes = 12 * 1024, kMostBytes = 48 * 1024;
  const Index bytes = call.count * static_cast<Index>(sizeof(R));
  return call.kind == SpectrumKind::twisted && bytes >= kLeastBytes && bytes <= kMostBytes &&
         call.stages->count >= 2 && writes_target(call.stages->passes[call.stages->count - 1]);
}

template <class R>
void fft_spectrum(const FftSpectrumCall<R>& call) {
  const FftBuffers<R> buffers(call.scratch, call.stages->n, 1);
  FftSpectrumCall<R> inner = call;
  const auto bytes = static_cast<std::size_t>(call.count) * sizeof(R);
  const bool copies = copies_signal(call);
  if (call.inverse) {
    if (copies)
      inner.y = buffers.planes[(call.stages->count + 1) % 2].re;  // not what the last pass reads
    from_spectrum(inner, buffers);
    if (copies) std::memcpy(call.y, inner.y, bytes);
  } else {
    if (copies) {
      std::memcpy(buffers.planes[1].re, call.x, bytes);
      inner.x = buffers.planes[1].re;
    }
    to_spectrum(inner, buffers);
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
