// A long transform in pieces: reductions of polynomials modulo z^L − a² to those modulo z^{L/2} − a
// and z^{L/2} + a, in planes of real and imaginary parts.
#pragma once

#include "strum/kernels/fft.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

template <bool Inverse, class R>
STRUM_FLATTEN void split_signal(const SplitCall<R>& call) {
  const Vec<R> a = broadcast(call.a_re), b = broadcast(call.a_im);
  const auto at = [&](Index t, const auto& get, const auto& put) STRUM_ALWAYS_INLINE_LAMBDA {
    const Vec<R> low_re = get(call.low_re + t), low_im = get(call.low_im + t);
    const Vec<R> high_re = get(call.high_re + t), high_im = get(call.high_im + t);
    if constexpr (Inverse) {
      const Vec<R> re = low_re - high_re, im = low_im - high_im;
      put(call.low_re + t, low_re + high_re);
      put(call.low_im + t, low_im + high_im);
      put(call.high_re + t, fma(a, re, Vec<R>(b * im)));
      put(call.high_im + t, fnma(b, re, Vec<R>(a * im)));
    } else {
      const Vec<R> re = fnma(b, high_im, Vec<R>(a * high_re));
      const Vec<R> im = fma(b, high_re, Vec<R>(a * high_im));
      put(call.low_re + t, low_re + re);
      put(call.low_im + t, low_im + im);
      put(call.high_re + t, low_re - re);
      put(call.high_im + t, low_im - im);
    }
  };
  Index t = 0;
  for (; t + kLanes<R> <= call.n; t += kLanes<R>)
    at(
        t, [](const R* p) { return load(p); }, [](R* p, Vec<R> v) { store(p, v); });
  if (const Index rest = call.n - t; rest > 0)
    at(
        t, [&](const R* p) { return load_partial(p, rest); },
        [&](R* p, Vec<R> v) { store_partial(p, v, rest); });
}

template <class R>
void split_signal(const SplitCall<R>& call) {
  call.inverse ? split_signal<true>(call) : split_signal<false>(call);
}

template <bool Inverse, class R>
STRUM_FLATTEN void twist_signal(const TwistCall<R>& call) {
  const Interleaved<R, false> z{call.z, R(1)};
  const auto at = [&](Index t, const auto& get, const auto& put, auto... count)
                      STRUM_ALWAYS_INLINE_LAMBDA {
                        const Vec<R> c = get(call.w + t), s = get(call.w + call.n + t);
                        if constexpr (Inverse) {
                          const Numbers<R> v = times(z.load(t, count...), c, Vec<R>(-s));
                          put(call.re + t, v.re);
                          put(call.im + t, v.im);
                        } else {
                          z.store(t, times({get(call.re + t), get(call.im + t)}, c, s), count...);
                        }
                      };
  Index t = 0;
  for (; t + kLanes<R> <= call.n; t += kLanes<R>)
    at(
        t, [](const R* p) { return load(p); }, [](R* p, Vec<R> v) { store(p, v); });
  if (const Index rest = call.n - t; rest > 0)
    at(
        t, [&](const R* p) { return load_partial(p, rest); },
        [&](R* p, Vec<R> v) { store_partial(p, v, rest); }, rest);
}

template <class R>
void twist_signal(const TwistCall<R>& call) {
  call.inverse ? twist_signal<true>(call) : twist_signal<false>(call);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
