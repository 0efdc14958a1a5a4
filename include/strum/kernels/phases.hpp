// A few bins of a long transform from short transforms of its phases, and back.
#pragma once

#include "strum/kernels/signals.hpp"
#include "strum/simd/complex.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

template <class R>
STRUM_FLATTEN void gather_phases(const PhasesCall<R>& call) {
  using Complex = std::complex<R>;
  constexpr Index L = kLanes<Complex>;
  const Finish<Complex, Apart::w> finish(false);
  const auto bins = [&](Index k, const auto& get, const auto& put) {
    ComplexParts<R> sum = zero<Complex>();
    for (Index a = 0; a < call.phases; ++a)
      sum = fma(get(call.phase + a * call.phases_pitch + k),
                take_apart<Complex>(get(call.weights + a * call.weights_pitch + k)), sum);
    put(call.sum + k, finish(sum));
  };
  Index k = 0;
  for (; k + L <= call.bins; k += L)
    bins(
        k, [](const Complex* p) { return load(p); }, [](Complex* p, Vec<R> v) { store(p, v); });
  if (const Index rest = call.bins - k; rest > 0)
    bins(
        k, [&](const Complex* p) { return load_partial(p, rest); },
        [&](Complex* p, Vec<R> v) { store_partial(p, v, rest); });
}

template <class R>
STRUM_FLATTEN void spread_phases(const PhasesCall<R>& call) {
  using Complex = std::complex<R>;
  constexpr Index L = kLanes<Complex>;
  const Finish<Complex, Apart::w> finish(true);
  const auto bins = [&](Index k, const auto& get, const auto& put) {
    const Vec<R> sum = get(call.sum + k);
    for (Index a = 0; a < call.phases; ++a) {
      Complex* const to = call.phase + a * call.phases_pitch + k;
      const Vec<R> product =
          finish(fma(sum, take_apart<Complex>(get(call.weights + a * call.weights_pitch + k)),
                     zero<Complex>()));
      put(to, call.add ? Vec<R>(get(to) + product) : product);
    }
  };
  Index k = 0;
  for (; k + L <= call.bins; k += L)
    bins(
        k, [](const Complex* p) { return load(p); }, [](Complex* p, Vec<R> v) { store(p, v); });
  if (const Index rest = call.bins - k; rest > 0)
    bins(
        k, [&](const Complex* p) { return load_partial(p, rest); },
        [&](Complex* p, Vec<R> v) { store_partial(p, v, rest); });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
