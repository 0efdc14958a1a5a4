// The only code that names xsimd: vectors of the instruction set that the compiler was told to use.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <xsimd/xsimd.hpp>

#include "strum/core/config.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

#if defined(STRUM_ISA_AVX512)
using Arch = xsimd::avx512bw;
inline constexpr int kRegisters = 32;
#elif defined(STRUM_ISA_AVX2)
using Arch = xsimd::fma3<xsimd::avx2>;  // the tag avx2 alone has no FMA
inline constexpr int kRegisters = 16;
#elif defined(STRUM_ISA_SSE2)
using Arch = xsimd::sse2;
inline constexpr int kRegisters = 16;
#else
using Arch = xsimd::neon64;
inline constexpr int kRegisters = 32;
#endif

template <class T>
using Vec = xsimd::batch<T, Arch>;

template <class T>
inline constexpr int kLanes = static_cast<int>(Vec<T>::size);

template <class T>
inline constexpr std::size_t kLaneAlignment = sizeof(Vec<T>);

template <class T>
STRUM_ALWAYS_INLINE Vec<T> zero() {
  return Vec<T>(T(0));
}

template <class T>
STRUM_ALWAYS_INLINE Vec<T> broadcast(T value) {
  return Vec<T>(value);
}

template <class T>
STRUM_ALWAYS_INLINE Vec<T> load(const T* p) {
  return Vec<T>::load_unaligned(p);
}

template <class T>
STRUM_ALWAYS_INLINE void store(T* p, Vec<T> v) {
  v.store_unaligned(p);
}

/// a·b + c, with one rounding where the instruction set has FMA.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> fma(Vec<T> a, Vec<T> b, Vec<T> c) {
  return xsimd::fma(a, b, c);
}

/// The first `count` elements at p, zeros behind them; nothing past them is read. 0 <= count <=
/// lanes.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> load_partial(const T* p, Index count) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1u), p);
  else
    return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1u), p);
#else
  alignas(kLaneAlignment<T>) T lanes[static_cast<std::size_t>(kLanes<T>)] = {};
  for (Index i = 0; i < count; ++i) lanes[i] = p[i];
  return Vec<T>::load_aligned(lanes);
#endif
}

/// Writes the first `count` lanes to p and nothing else. 0 <= count <= lanes.
template <class T>
STRUM_ALWAYS_INLINE void store_partial(T* p, Vec<T> v, Index count) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1u), v);
  else
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << count) - 1u), v);
#else
  alignas(kLaneAlignment<T>) T lanes[static_cast<std::size_t>(kLanes<T>)];
  v.store_aligned(lanes);
  for (Index i = 0; i < count; ++i) p[i] = lanes[i];
#endif
}

/// Calls f(constant 0), ..., f(constant N-1). Loops over register tiles are written with it because
/// a tile stays in registers only if every index is a constant before gcc splits arrays into
/// scalars; `#pragma GCC unroll` acts after that.
template <int N, class F>
STRUM_ALWAYS_INLINE void unrolled(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, N>{});
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
