// Products of complex numbers as they lie in memory: twiddle factors.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/complex.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

template <class R>
STRUM_FLATTEN void multiply_complex(const ComplexProductCall<R>& call) {
  const Vec<R> scale = broadcast(call.scale);
  const Vec<R> by_im = signs<R>(call.conjugate ? Flip::imaginary : Flip::real);
  const auto product = [&](Vec<R> x, Vec<R> w) {
    const Vec<R> sum =
        fma(Vec<R>(swap_parts(x) ^ by_im), repeat_imaginary(w), Vec<R>(x * repeat_real(w)));
    return Vec<R>(sum * scale);
  };
  const Index size = 2 * call.n;
  Index i = 0;
  for (; i + kLanes<R> <= size; i += kLanes<R>)
    store(call.y + i, product(load(call.x + i), load(call.w + i)));
  if (const Index rest = size - i; rest > 0)
    store_partial(call.y + i,
                  product(load_partial(call.x + i, rest), load_partial(call.w + i, rest)), rest);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
