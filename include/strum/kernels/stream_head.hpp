// The taps of a stream's filter that are nearer than a block: a direct convolution.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// Taps τ, τ + 4, τ + 8, ... of an output are one chain of multiply-adds, so that a push of one
/// sample does not wait for each of them: four are as many as the units can have under way.
inline constexpr int kHeadChains = 4;

/// Vectors of outputs that share a tap; with four chains each they fill half of the registers.
inline constexpr int kHeadVectors = kRegisters / 2 / kHeadChains;

/// V vectors of outputs from call.y[first] on; of the last one, `lanes` lanes.
template <int V, class R>
STRUM_ALWAYS_INLINE void head_outputs(const StreamHeadCall<R>& call, Index first, Index lanes) {
  constexpr Index L = kLanes<R>;
  Vec<R> sums[V][kHeadChains];
  unrolled<V>([&](int v) { unrolled<kHeadChains>([&](int c) { sums[v][c] = zero<R>(); }); });
  const auto tap = [&](Index tau, int c) STRUM_ALWAYS_INLINE_LAMBDA {
    const Vec<R> k = broadcast(call.k[tau]);
    const R* const x = call.x + first - tau;
    unrolled<V>([&](int v) { sums[v][c] = fma(k, load(x + v * L), sums[v][c]); });
  };
  Index tau = 0;
  for (; tau + kHeadChains <= call.taps; tau += kHeadChains)
    unrolled<kHeadChains>([&](int c) { tap(tau + c, c); });
  unrolled<kHeadChains - 1>([&](int c) {
    if (tau + c < call.taps) tap(tau + c, c);
  });
  unrolled<V>([&](int v) {
    Vec<R> y = (sums[v][0] + sums[v][1]) + (sums[v][2] + sums[v][3]);
    const Index i = first + v * L;
    const bool partial = v == V - 1 && lanes < L;
    if (call.later != nullptr)
      y = y + (partial ? load_partial(call.later + i, lanes) : load(call.later + i));
    partial ? store_partial(call.y + i, y, lanes) : store(call.y + i, y);
  });
}

template <class R>
STRUM_FLATTEN void stream_head(const StreamHeadCall<R>& call) {
  constexpr Index L = kLanes<R>;
  Index i = 0;
  for (; i + kHeadVectors * L <= call.n; i += kHeadVectors * L)
    head_outputs<kHeadVectors>(call, i, L);
  for (; i + L <= call.n; i += L) head_outputs<1>(call, i, L);
  if (i < call.n) head_outputs<1>(call, i, call.n - i);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
