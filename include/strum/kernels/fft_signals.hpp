// Transforms of batches: of interleaved complex numbers, of real ones, and of tiles of signals
// whose elements lie side by side.
#pragma once

#include "strum/kernels/fft_real.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// One real signal to half its spectrum.
template <class R>
void real_to_spectrum(const FftCall<R>& call, const R* x, R* y) {
  const FftStages<R>& stages = *call.stages;
  const FftBuffers<R> buffers(call.scratch, stages.n, 1);
  const Interleaved<R, false> in{const_cast<R*>(x), R(1)}, out{y, call.scale / 2};
  const Planes<R> z = run_passes(stages, in, buffers, stages.count);
  const R re = z.re[0], im = z.im[0];
  out.put(0, 2 * (re + im), 0);
  out.put(stages.n, 2 * (re - im), 0);
  split_numbers<R>(stages, z, out);
}

/// The inverse of real_to_spectrum(), unnormalised.
template <class R>
void spectrum_to_real(const FftCall<R>& call, const R* x, R* y) {
  const FftStages<R>& stages = *call.stages;
  const FftBuffers<R> buffers(call.scratch, stages.n, 1);
  const Interleaved<R, false> in{const_cast<R*>(x), R(1)};
  const Interleaved<R, true> out{y, call.scale};
  const Planes<R> z = buffers.planes[1];
  const R first = in.real(0), last = in.real(stages.n);
  z.put(0, first + last, first - last);
  join_numbers<R>(stages, in, z);
  transform_signal(stages, z.exchanged(), out, buffers);
}

/// Element j of a tile of signals is row t / lanes of memory where a number's parts, or numbers of
/// several signals, are neighbours.
template <class R, bool Swap>
struct Rows {
  Interleaved<R, Swap> memory;
  Index step;   // from row to row, in reals
  Index count;  // signals

  [[nodiscard]] STRUM_ALWAYS_INLINE Interleaved<R, Swap> row(Index t) const {
    return {memory.p + t / kLanes<R> * step, memory.scale};
  }
  STRUM_ALWAYS_INLINE Numbers<R> load(Index t) const {
    return count == kLanes<R> ? row(t).load(0) : row(t).load(0, count);
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v) const {
    count == kLanes<R> ? row(t).store(0, v) : row(t).store(0, v, count);
  }
};

/// Numbers of a tile whose parts are rows of their own, 2j and 2j + 1: pairs of real numbers.
template <class R, bool Swap>
struct RowPairs {
  R* p;
  Index step;
  Index count;
  R scale;

  [[nodiscard]] STRUM_ALWAYS_INLINE R* row(Index t, bool second) const {
    return p + (t / kLanes<R> * 2 + (second != Swap ? 1 : 0)) * step;
  }
  STRUM_ALWAYS_INLINE Numbers<R> load(Index t) const {
    return {load_partial(row(t, false), count), load_partial(row(t, true), count)};
  }
  STRUM_ALWAYS_INLINE void store(Index t, const Numbers<R>& v) const {
    const Vec<R> factor = broadcast(scale);
    store_partial(row(t, false), v.re * factor, count);
    store_partial(row(t, true), v.im * factor, count);
  }
};

template <class R>
void copy_tile(Index n, const auto& in, const auto& out) {
  for (Index j = 0; j < n; ++j) out.store(j * kLanes<R>, in.load(j * kLanes<R>));
}

/// A tile through all passes.
template <class R, class In, class Out>
void transform_tile(const FftStages<R>& stages, const In& in, const Out& out,
                    const FftBuffers<R>& buffers) {
  constexpr Index L = kLanes<R>;
  copy_tile<R>(stages.n, in, buffers.planes[1]);
  Planes<R> z = buffers.planes[1];
  for (Index i = 0; i < stages.count; ++i) {
    middle_pass(stages.passes[i], z, buffers.planes[i % 2], L);
    z = buffers.planes[i % 2];
  }
  copy_tile<R>(stages.n, z, out);
}

/// split_numbers() of a tile, with the first and the last number.
template <class R, class Out>
STRUM_FLATTEN STRUM_NEVER_INLINE void split_tile(const FftStages<R>& stages, Planes<R> z, Out x) {
  constexpr Index L = kLanes<R>;
  const Index m = stages.n;
  const Vec<R> two = broadcast(R(2));
  const Numbers<R> first = z.load(0);
  x.store(0, {two * (first.re + first.im), zero<R>()});
  x.store(m * L, {two * (first.re - first.im), zero<R>()});
  for (Index k = 1; k <= (m - 1) / 2; ++k) {
    const NumberPair<R> v =
        split_pair<R>({z.load(k * L), z.load((m - k) * L)}, broadcast(stages.split[k]),
                      broadcast(stages.split[m / 2 + 1 + k]));
    x.store(k * L, v.low);
    x.store((m - k) * L, v.high);
  }
  if (m % 2 == 0) {
    const Numbers<R> v = z.load(m / 2 * L);
    x.store(m / 2 * L, {two * v.re, -(two * v.im)});
  }
}

/// Its inverse.
template <class R, class In>
STRUM_FLATTEN STRUM_NEVER_INLINE void join_tile(const FftStages<R>& stages, In x, Planes<R> z) {
  constexpr Index L = kLanes<R>;
  const Index m = stages.n;
  const Vec<R> two = broadcast(R(2));
  const Vec<R> first = x.load(0).re, last = x.load(m * L).re;
  z.store(0, {first + last, first - last});
  for (Index k = 1; k <= (m - 1) / 2; ++k) {
    const NumberPair<R> v =
        join_pair<R>({x.load(k * L), x.load((m - k) * L)}, broadcast(stages.split[k]),
                     broadcast(stages.split[m / 2 + 1 + k]));
    z.store(k * L, v.low);
    z.store((m - k) * L, v.high);
  }
  if (m % 2 == 0) {
    const Numbers<R> v = x.load(m / 2 * L);
    z.store(m / 2 * L, {two * v.re, -(two * v.im)});
  }
}

/// Calls tile(first signal, count) for tiles of signals that are neighbours.
template <class R, class F>
void for_tiles(Index batch, const F& tile) {
  for (Index first = 0; first < batch; first += kLanes<R>)
    tile(first, std::min(Index{kLanes<R>}, batch - first));
}

template <bool Inverse, class R>
void fft_complex(const FftCall<R>& call) {
  const FftStages<R>& stages = *call.stages;
  R* const x = const_cast<R*>(call.x);
  if (call.signals_are_neighbours) {
    const FftBuffers<R> buffers(call.scratch, stages.n, kLanes<R>);
    for_tiles<R>(call.batch, [&](Index first, Index count) {
      transform_tile(stages, Rows<R, Inverse>{{x + 2 * first, R(1)}, 2 * call.x_step, count},
                     Rows<R, Inverse>{{call.y + 2 * first, call.scale}, 2 * call.y_step, count},
                     buffers);
    });
    return;
  }
  const FftBuffers<R> buffers(call.scratch, stages.n, 1);
  for (Index i = 0; i < call.batch; ++i)
    transform_signal(stages, Interleaved<R, Inverse>{x + 2 * i * call.x_pitch, R(1)},
                     Interleaved<R, Inverse>{call.y + 2 * i * call.y_pitch, call.scale}, buffers);
}

template <class R>
void fft_complex(const FftCall<R>& call) {
  call.inverse ? fft_complex<true>(call) : fft_complex<false>(call);
}

template <class R>
void fft_real(const FftCall<R>& call) {
  const FftStages<R>& stages = *call.stages;
  if (!call.signals_are_neighbours) {
    for (Index i = 0; i < call.batch; ++i) {
      if (call.inverse)
        spectrum_to_real(call, call.x + 2 * i * call.x_pitch, call.y + i * call.y_pitch);
      else
        real_to_spectrum(call, call.x + i * call.x_pitch, call.y + 2 * i * call.y_pitch);
    }
    return;
  }
  constexpr Index L = kLanes<R>;
  const FftBuffers<R> buffers(call.scratch, stages.n, L);
  R* const x = const_cast<R*>(call.x);
  for_tiles<R>(call.batch, [&](Index first, Index count) {
    if (call.inverse) {
      join_tile(stages, Rows<R, false>{{x + 2 * first, R(1)}, 2 * call.x_step, count},
                buffers.planes[1]);
      transform_tile(stages, buffers.planes[1].exchanged(),
                     RowPairs<R, true>{call.y + first, call.y_step, count, call.scale}, buffers);
    } else {
      const RowPairs<R, false> in{x + first, call.x_step, count, R(1)};
      const Planes<R> z = buffers.planes[stages.count % 2];
      transform_tile(stages, in, z, buffers);
      split_tile(stages, z,
                 Rows<R, false>{{call.y + 2 * first, call.scale / 2}, 2 * call.y_step, count});
    }
  });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
