// What surrounds a convolution: gates and skip, in the passes that load and store a signal.
#pragma once

#include "strum/kernels/elementwise.hpp"
#include "strum/kernels/signals.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

template <bool Unit, class R>
STRUM_FLATTEN void gate_signal(const GateCall<R>& call) {
  constexpr Index L = kLanes<R>;
  const auto vector = [&](Index t, Index lanes) STRUM_ALWAYS_INLINE_LAMBDA {
    Vec<R> v = load_line<Unit>(call.x + t * call.x_step, call.x_step, lanes);
    if (call.gate != nullptr)
      v = v * load_line<Unit>(call.gate + t * call.gate_step, call.gate_step, lanes);
    R* const y = call.y + t * call.y_step;
    if constexpr (!Unit)
      store_strided(y, call.y_step, v, lanes);
    else
      lanes == L ? store(y, v) : store_partial(y, v, lanes);
  };
  Index t = 0;
  for (; t + L <= call.count; t += L) vector(t, L);
  if (t < call.count) vector(t, call.count - t);
}

template <class R>
void gate_signal(const GateCall<R>& call) {
  const bool unit =
      call.x_step == 1 && call.y_step == 1 && (call.gate == nullptr || call.gate_step == 1);
  unit ? gate_signal<true>(call) : gate_signal<false>(call);
}

template <bool Unit, class R>
STRUM_FLATTEN void end_convolution(const ConvolutionEndCall<R>& call) {
  constexpr Index L = kLanes<R>;
  const Vec<R> skip = broadcast(call.skip), alpha = broadcast(call.alpha),
               beta = broadcast(call.beta);
  const bool scale = call.alpha != R(1), read_y = call.beta != R(0);
  const auto vector = [&](Index t, Index lanes) STRUM_ALWAYS_INLINE_LAMBDA {
    Vec<R> value = load_line<true>(call.x + t, 1, lanes);
    if (call.v != nullptr) value = fma(skip, load_line<true>(call.v + t, 1, lanes), value);
    if (call.gate != nullptr)
      value = value * load_line<Unit>(call.gate + t * call.gate_step, call.gate_step, lanes);
    if (scale) value = value * alpha;
    R* const y = call.y + t * call.y_step;
    if (read_y) value = fma(beta, load_line<Unit>(y, call.y_step, lanes), value);
    if constexpr (!Unit)
      store_strided(y, call.y_step, value, lanes);
    else
      lanes == L ? store(y, value) : store_partial(y, value, lanes);
  };
  Index t = 0;
  for (; t + L <= call.count; t += L) vector(t, L);
  if (t < call.count) vector(t, call.count - t);
}

template <class R>
void end_convolution(const ConvolutionEndCall<R>& call) {
  const bool unit = call.y_step == 1 && (call.gate == nullptr || call.gate_step == 1);
  unit ? end_convolution<true>(call) : end_convolution<false>(call);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
