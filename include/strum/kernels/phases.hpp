// A few bins of a long transform from short transforms of its phases, and back; and products of
// such bins.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/complex.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// f(i, get, put) for every vector of complex numbers: whole ones, then what is left.
template <class R, class F>
STRUM_ALWAYS_INLINE void complex_vectors(Index count, const F& f) {
  using Complex = std::complex<R>;
  constexpr Index L = kLanes<Complex>;
  Index i = 0;
  for (; i + L <= count; i += L)
    f(
        i, [](const Complex* p) { return load(p); }, [](Complex* p, Vec<R> v) { store(p, v); });
  if (const Index rest = count - i; rest > 0)
    f(
        i, [&](const Complex* p) { return load_partial(p, rest); },
        [&](Complex* p, Vec<R> v) { store_partial(p, v, rest); });
}

template <class R>
STRUM_FLATTEN void gather_phases(const PhasesCall<R>& call) {
  using Complex = std::complex<R>;
  const Finish<Complex, Apart::w> finish(false);
  for (Index k = 0; k < call.bins; ++k) {
    const Complex* const w = call.weights + k * call.phases;
    const Complex* const x = call.phase + k * call.phases;
    ComplexParts<R> sum = zero<Complex>();
    complex_vectors<R>(call.phases, [&](Index a, const auto& get, const auto&) {
      sum = fma(get(x + a), take_apart<Complex>(get(w + a)), sum);
    });
    alignas(kLaneAlignment<R>) R lanes[static_cast<std::size_t>(kLanes<R>)];
    store(lanes, finish(sum));
    R re = 0, im = 0;
    for (int i = 0; i < kLanes<R>; i += 2) {
      re += lanes[i];
      im += lanes[i + 1];
    }
    call.sum[k] = {re, im};
  }
}

template <class R>
STRUM_FLATTEN void spread_phases(const PhasesCall<R>& call) {
  using Complex = std::complex<R>;
  const Finish<Complex, Apart::x> finish(true);
  for (Index k = 0; k < call.bins; ++k) {
    const ComplexParts<R> sum = broadcast(call.sum[k]);
    const Complex* const w = call.weights + k * call.phases;
    Complex* const x = call.phase + k * call.phases;
    complex_vectors<R>(call.phases, [&](Index a, const auto& get, const auto& put) {
      put(x + a, finish(fma(get(w + a), sum, zero<Complex>())));
    });
  }
}

template <class R>
STRUM_FLATTEN void multiply_bins(const BinProductCall<R>& call) {
  using Complex = std::complex<R>;
  const Finish<Complex, Apart::w> finish(call.conjugate);
  complex_vectors<R>(call.bins, [&](Index k, const auto& get, const auto& put) {
    const Vec<R> product =
        finish(fma(get(call.x + k), take_apart<Complex>(get(call.f + k)), zero<Complex>()));
    put(call.y + k, call.add ? Vec<R>(get(call.y + k) + product) : product);
  });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
