// Products with matrices of powers x_i^j, which are not stored: an entry is the product of three
// table entries, x^t·x^{8k}·x^{256s} with j = t + 8k + 256s.
#pragma once

#include <algorithm>

#include "strum/kernels/direct_convolution.hpp"  // sum_of_lanes()
#include "strum/kernels/signals.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

static_assert(kPowerNodes % kLanes<float> == 0 && kPowerNodes % kLanes<double> == 0);

/// A vector of numbers; of real ones `im` is not there.
template <class R>
struct PowerLanes {
  Vec<R> re, im;
};

/// c + a·b.
template <bool Complex, class R>
STRUM_ALWAYS_INLINE void add_powers(PowerLanes<R>& c, const PowerLanes<R>& a,
                                    const PowerLanes<R>& b) {
  c.re = fma(a.re, b.re, c.re);
  if constexpr (Complex) {
    c.re = fnma(a.im, b.im, c.re);
    c.im = fma(a.re, b.im, c.im);
    c.im = fma(a.im, b.re, c.im);
  }
}

template <bool Complex, class R>
STRUM_ALWAYS_INLINE PowerLanes<R> multiply_lanes(const PowerLanes<R>& a, const PowerLanes<R>& b) {
  if constexpr (Complex)
    return {fnma(a.im, b.im, Vec<R>(a.re * b.re)), fma(a.im, b.re, Vec<R>(a.re * b.im))};
  else
    return {Vec<R>(a.re * b.re), zero<R>()};
}

/// Where a call's tables and signals lie: planes of real and imaginary parts.
template <bool Complex, class R>
struct PowerTables {
  const PowersCall<R>& call;
  Index i, count;  // of nodes from i on, less than a vector where count < lanes

  STRUM_ALWAYS_INLINE Vec<R> get(const R* p) const {
    return count == kLanes<R> ? load(p) : load_partial(p, count);
  }
  /// Row r of these nodes' part of the table.
  STRUM_ALWAYS_INLINE PowerLanes<R> row(Index r) const {
    constexpr Index kParts = Complex ? 2 : 1, kNodes = kPowerNodes;
    const R* const p = call.table + (i / kNodes * call.powers + r) * kParts * kNodes + i % kNodes;
    if constexpr (Complex)
      return {load(p), load(p + kNodes)};
    else
      return {load(p), zero<R>()};
  }
};

template <class R>
STRUM_ALWAYS_INLINE PowerLanes<R> no_numbers() {
  return {zero<R>(), zero<R>()};
}

/// y_i = Σ_s x_i^{256s}·Σ_k x_i^{8k}·Σ_t x_i^t·u_j, a vector of nodes at a time.
template <bool Complex, class R>
STRUM_FLATTEN void multiply_powers(const PowersCall<R>& call) {
  for (Index i = 0; i < call.m; i += kLanes<R>) {
    const PowerTables<Complex, R> at{call, i, std::min<Index>(kLanes<R>, call.m - i)};
    PowerLanes<R> y = no_numbers<R>();
    for (Index s = 0; s * kPowerBlock < call.n; ++s) {
      PowerLanes<R> sum = no_numbers<R>();
      const Index end = std::min(call.n, (s + 1) * kPowerBlock);
      for (Index j = s * kPowerBlock; j < end; j += kPowerStep) {
        // Two sums, so that one addition need not wait for the one before.
        PowerLanes<R> even = no_numbers<R>(), odd = no_numbers<R>();
        const Index count = std::min(kPowerStep, end - j);
        const auto number = [&](Index t) -> PowerLanes<R> {
          return {broadcast(call.x[j + t]), broadcast(Complex ? call.x[call.n + j + t] : R(0))};
        };
        for (Index t = 0; t < count; t += 2) {
          add_powers<Complex>(even, at.row(t), number(t));
          if (t + 1 < count) add_powers<Complex>(odd, at.row(t + 1), number(t + 1));
        }
        even.re += odd.re;
        even.im += odd.im;
        add_powers<Complex>(sum, at.row(kPowerStep + (j - s * kPowerBlock) / kPowerStep), even);
      }
      add_powers<Complex>(y, at.row(kPowerRows + s), sum);
    }
    const auto put = [&](R* p, Vec<R> v) {
      at.count == kLanes<R> ? store(p, v) : store_partial(p, v, at.count);
    };
    put(call.y + i, y.re);
    if constexpr (Complex) put(call.y + call.m + i, y.im);
  }
}

/// y_j = Σ_i x_i^j·u_i, eight j at a time: their sums stay in registers, and each node's
/// u_i·x_i^{8k + 256s} is computed once for them.
template <bool Complex, class R>
STRUM_FLATTEN void multiply_powers_transposed(const PowersCall<R>& call) {
  constexpr int kSums = static_cast<int>(kPowerStep);
  for (Index j = 0; j < call.n; j += kPowerStep) {
    const Index s = j / kPowerBlock, k = j % kPowerBlock / kPowerStep;
    PowerLanes<R> sums[kSums];
    unrolled<kSums>([&](int t) { sums[t] = no_numbers<R>(); });
    for (Index i = 0; i < call.m; i += kLanes<R>) {
      const PowerTables<Complex, R> at{call, i, std::min<Index>(kLanes<R>, call.m - i)};
      const PowerLanes<R> u{at.get(call.x + i), Complex ? at.get(call.x + call.m + i) : zero<R>()};
      const PowerLanes<R> power =
          multiply_lanes<Complex>(at.row(kPowerStep + k), at.row(kPowerRows + s));
      const PowerLanes<R> first = multiply_lanes<Complex>(u, power);
      unrolled<kSums>([&](int t) { add_powers<Complex>(sums[t], first, at.row(t)); });
    }
    const Index count = std::min(kPowerStep, call.n - j);
    for (Index t = 0; t < count; ++t) {
      call.y[j + t] = sum_of_lanes(sums[t].re);
      if constexpr (Complex) call.y[call.n + j + t] = sum_of_lanes(sums[t].im);
    }
  }
}

template <class R>
void powers(const PowersCall<R>& call) {
  if (call.transpose)
    call.is_complex ? multiply_powers_transposed<true>(call)
                    : multiply_powers_transposed<false>(call);
  else
    call.is_complex ? multiply_powers<true>(call) : multiply_powers<false>(call);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
