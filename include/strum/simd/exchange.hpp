// Lanes that change places in blocks.
#pragma once

#include "strum/simd/complex.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Lane i of the result is lane i xor D: neighbouring blocks of D lanes exchanged. D is a power of
/// two below the number of lanes.
template <int D, class T>
STRUM_ALWAYS_INLINE Vec<T> exchange(Vec<T> v) {
  static_assert(0 < D && D < kLanes<T>);
  constexpr int kBytes = D * static_cast<int>(sizeof(T));
  constexpr bool kFloat = std::is_same_v<T, float>;
  if constexpr (kBytes == 4) {
    return swap_parts(v);
  } else if constexpr (kBytes == 8) {
#if defined(STRUM_ISA_AVX512)
    if constexpr (kFloat)
      return _mm512_maskz_permute_ps(0xffff, v, 0x4e);
    else
      return _mm512_maskz_permute_pd(0xff, v, 0x55);
#elif defined(STRUM_ISA_AVX2)
    if constexpr (kFloat)
      return _mm256_permute_ps(v, 0x4e);
    else
      return _mm256_permute_pd(v, 0x5);
#elif defined(STRUM_ISA_SSE2)
    if constexpr (kFloat)
      return _mm_shuffle_ps(v, v, 0x4e);
    else
      return _mm_shuffle_pd(v, v, 1);
#else
    if constexpr (kFloat)
      return vextq_f32(v, v, 2);
    else
      return vextq_f64(v, v, 1);
#endif
  } else {
#if defined(STRUM_ISA_AVX512)
    constexpr int kParts128 = kBytes == 16 ? 0xb1 : 0x4e;
    if constexpr (kFloat)
      return _mm512_maskz_shuffle_f32x4(0xffff, v, v, kParts128);
    else
      return _mm512_maskz_shuffle_f64x2(0xff, v, v, kParts128);
#elif defined(STRUM_ISA_AVX2)
    if constexpr (kFloat)
      return _mm256_permute2f128_ps(v, v, 1);
    else
      return _mm256_permute2f128_pd(v, v, 1);
#endif
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
