// Reading and copying as fast as the instruction set this is compiled for can.
#pragma once

#include "isa.hpp"
#include "strum/simd/simd.hpp"

namespace bench::STRUM_KERNELS {

namespace simd = strum::STRUM_KERNELS;

/// Eight independent sums: two loads a cycle, each addition taking up to four.
inline float read(const float* p, Index count) {
  constexpr int kSums = 8;
  constexpr Index L = simd::kLanes<float>;
  static_assert(kReadGranularity % (kSums * L) == 0);
  simd::Vec<float> sums[kSums];
  simd::unrolled<kSums>([&](auto i) { sums[i] = simd::zero<float>(); });
  for (Index j = 0; j < count; j += kSums * L)
    simd::unrolled<kSums>([&](auto i) { sums[i] = sums[i] + simd::load(p + j + i * L); });
  simd::unrolled<kSums - 1>([&](auto i) { sums[0] = sums[0] + sums[i + 1]; });
  float lanes[L];
  simd::store(lanes, sums[0]);
  return lanes[0];
}

inline void copy(const float* from, float* to, Index count) {
  constexpr int kVectors = 8;
  constexpr Index L = simd::kLanes<float>;
  static_assert(kReadGranularity % (kVectors * L) == 0);
  for (Index j = 0; j < count; j += kVectors * L) {
    simd::Vec<float> v[kVectors];
    simd::unrolled<kVectors>([&](auto i) { v[i] = simd::load(from + j + i * L); });
    simd::unrolled<kVectors>([&](auto i) { simd::store(to + j + i * L, v[i]); });
  }
}

}  // namespace bench::STRUM_KERNELS
