// Convolutions by their definition, and the gradients of their taps:
//
//     y[s] = start + Σ_i taps[i]·x[s + i]          sums[i] += Σ_s g[s]·x[s + i]
//
// Lanes are neighbouring s in both. A tile of outputs stays in registers while the taps go by, each
// in all lanes; a tile of sums while the signal does.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// Vectors of outputs that share a tap's broadcast. Eight accumulators hide the latency of fma
/// (4 cycles, 2 a cycle) and leave room in 16 registers.
inline constexpr int kDirectTile = 8;

/// Outputs s … s + V·lanes − 1. Each is the same sequence of fma whatever tile it is in.
template <int V, class R>
STRUM_ALWAYS_INLINE void direct_tile(const DirectConvolutionCall<R>& call, Index s) {
  constexpr Index L = kLanes<R>;
  Vec<R> sums[V];
  unrolled<V>([&](auto v) { sums[v] = broadcast(call.start); });
  const R* x = call.x + s;
  const R* tap = call.taps;
  for (Index i = 0; i < call.taps_count; ++i, ++x, tap += call.tap_step) {
    const Vec<R> w = broadcast(*tap);
    unrolled<V>([&](auto v) { sums[v] = fma(w, load(x + v * L), sums[v]); });
  }
  unrolled<V>([&](auto v) { store(call.y + s + v * L, sums[v]); });
}

template <class R>
STRUM_FLATTEN void direct_convolution(const DirectConvolutionCall<R>& call) {
  constexpr Index L = kLanes<R>;
  Index s = 0;
  for (; s + kDirectTile * L <= call.count; s += kDirectTile * L) direct_tile<kDirectTile>(call, s);
  if (s + 4 * L <= call.count) direct_tile<4>(call, s), s += 4 * L;
  if (s + 2 * L <= call.count) direct_tile<2>(call, s), s += 2 * L;
  if (s + L <= call.count) direct_tile<1>(call, s), s += L;
  const Index rest = call.count - s;
  if (rest == 0) return;
  Vec<R> sum = broadcast(call.start);
  for (Index i = 0; i < call.taps_count; ++i)
    sum = fma(broadcast(call.taps[i * call.tap_step]), load_partial(call.x + s + i, rest), sum);
  store_partial(call.y + s, sum, rest);
}

template <class R>
STRUM_ALWAYS_INLINE R sum_of_lanes(Vec<R> v) {
  alignas(kLaneAlignment<R>) R lanes[static_cast<std::size_t>(kLanes<R>)];
  store(lanes, v);
  R sum = 0;
  for (const R lane : lanes) sum += lane;
  return sum;
}

/// Sums i … i + N − 1.
template <int N, class R>
STRUM_ALWAYS_INLINE void gradient_tile(const TapGradientCall<R>& call, Index i) {
  constexpr Index L = kLanes<R>;
  Vec<R> sums[N];
  unrolled<N>([&](auto n) { sums[n] = zero<R>(); });
  const R* const x = call.x + i;
  Index s = 0;
  for (; s + L <= call.count; s += L) {
    const Vec<R> g = load(call.g + s);
    unrolled<N>([&](auto n) { sums[n] = fma(g, load(x + s + n), sums[n]); });
  }
  if (const Index rest = call.count - s; rest > 0) {
    const Vec<R> g = load_partial(call.g + s, rest);
    unrolled<N>([&](auto n) { sums[n] = fma(g, load_partial(x + s + n, rest), sums[n]); });
  }
  unrolled<N>([&](auto n) { call.sums[i + n] += sum_of_lanes(sums[n]); });
}

template <class R>
STRUM_ALWAYS_INLINE void add_sum(const TapGradientCall<R>& call) {
  constexpr Index L = kLanes<R>;
  Vec<R> sum = zero<R>();
  Index s = 0;
  for (; s + L <= call.count; s += L) sum = sum + load(call.g + s);
  if (s < call.count) sum = sum + load_partial(call.g + s, call.count - s);
  call.sums[0] += sum_of_lanes(sum);
}

template <class R>
STRUM_FLATTEN void tap_gradients(const TapGradientCall<R>& call) {
  if (call.x == nullptr) return add_sum(call);
  Index i = 0;
  for (; i + kDirectTile <= call.taps_count; i += kDirectTile) gradient_tile<kDirectTile>(call, i);
  if (i + 4 <= call.taps_count) gradient_tile<4>(call, i), i += 4;
  if (i + 2 <= call.taps_count) gradient_tile<2>(call, i), i += 2;
  if (i < call.taps_count) gradient_tile<1>(call, i);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
