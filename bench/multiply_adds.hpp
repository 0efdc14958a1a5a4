// The FMA peak of the instruction set this is compiled for.
#pragma once

#include "isa.hpp"
#include "strum/simd/simd.hpp"

namespace bench::STRUM_KERNELS {

namespace simd = strum::STRUM_KERNELS;

template <class S>
S multiply_adds(Index iterations, const S* operands) {
  simd::Vec<S> chains[kChains];
  simd::unrolled<kChains>([&](auto i) { chains[i] = simd::broadcast(operands[i]); });
  const simd::Vec<S> a = simd::broadcast(operands[kChains]);
  const simd::Vec<S> b = simd::broadcast(operands[kChains + 1]);
  for (Index iteration = 0; iteration < iterations; ++iteration)
    simd::unrolled<kChains>([&](auto i) { chains[i] = simd::fma(chains[i], a, b); });
  simd::unrolled<kChains - 1>([&](auto i) { chains[0] = chains[0] + chains[i + 1]; });
  S lanes[simd::kLanes<S>];
  simd::store(lanes, chains[0]);
  return lanes[0];
}

}  // namespace bench::STRUM_KERNELS
