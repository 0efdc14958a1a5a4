// The only code that names xsimd: vectors of the instruction set that the compiler was told to use.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <xsimd/xsimd.hpp>

#include "strum/core/bfloat16.hpp"
#include "strum/core/config.hpp"
#include "strum/kernels/factor.hpp"

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

/// A vector of weights, widened to the type they are used in: exact, by a shift.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> load_as(const T* p) {
  return load(p);
}
template <class T>
requires std::is_same_v<T, float> STRUM_ALWAYS_INLINE Vec<T> load_as(const bfloat16* p) {
#if defined(STRUM_ISA_AVX512)
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  return _mm512_castsi512_ps(
      _mm512_maskz_slli_epi32(0xffff, _mm512_maskz_cvtepu16_epi32(0xffff, bits), 16));
#elif defined(STRUM_ISA_AVX2)
  const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
#elif defined(STRUM_ISA_SSE2)
  const __m128i bits = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  return _mm_castsi128_ps(_mm_unpacklo_epi16(_mm_setzero_si128(), bits));
#else
  return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(reinterpret_cast<const uint16_t*>(p)), 16));
#endif
}

template <class T>
STRUM_ALWAYS_INLINE void store(T* p, Vec<T> v) {
  v.store_unaligned(p);
}

/// Asks for the cache line at p, which need not exist.
template <bool Write>
STRUM_ALWAYS_INLINE void prefetch(const void* p) {
  __builtin_prefetch(p, Write ? 1 : 0, 3);
}

/// The same for later: into L2, out of the way of what L1 holds.
STRUM_ALWAYS_INLINE void prefetch_far(const void* p) { __builtin_prefetch(p, 0, 2); }

/// a·b + c, with one rounding where the instruction set has FMA. xsimd 8.1 does not know that
/// AVX-512 has and writes a product and a sum, which gcc fuses where it sees fit and clang never.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> fma(Vec<T> a, Vec<T> b, Vec<T> c) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_fmadd_ps(a, b, c);
  else
    return _mm512_fmadd_pd(a, b, c);
#else
  return xsimd::fma(a, b, c);
#endif
}

/// c − a·b, rounded like fma().
template <class T>
STRUM_ALWAYS_INLINE Vec<T> fnma(Vec<T> a, Vec<T> b, Vec<T> c) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_fnmadd_ps(a, b, c);
  else
    return _mm512_fnmadd_pd(a, b, c);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (std::is_same_v<T, float>)
    return _mm256_fnmadd_ps(a, b, c);
  else
    return _mm256_fnmadd_pd(a, b, c);
#else
  return fma(Vec<T>(-a), b, c);
#endif
}

template <class T>
STRUM_ALWAYS_INLINE Vec<T> absolute(Vec<T> v) {
  return xsimd::abs(v);
}

/// max(v, bound) and min(v, bound) that keep a NaN in v: x86 returns the second operand where one
/// is NaN, Arm the NaN.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> at_least(Vec<T> v, T bound) {
  return xsimd::max(Vec<T>(bound), v);
}
template <class T>
STRUM_ALWAYS_INLINE Vec<T> at_most(Vec<T> v, T bound) {
  return xsimd::min(Vec<T>(bound), v);
}

/// 2^n of an integer n, −bias <= n <= bias + 1, given as n + kExponentMagic: bits of the sum, moved
/// to where the exponent is. 2^−bias comes out as 0, 2^(bias + 1) as infinity.
template <class T>
inline constexpr T kExponentMagic = std::is_same_v<T, float> ? T(0x1.8p23 + 127)
                                                             : T(0x1.8p52 + 1023);
template <class T>
STRUM_ALWAYS_INLINE Vec<T> power_of_two(Vec<T> n_and_magic) {
  constexpr int kShift = std::is_same_v<T, float> ? 23 : 52;
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_castsi512_ps(
        _mm512_maskz_slli_epi32(0xffff, _mm512_castps_si512(n_and_magic), kShift));
  else
    return _mm512_castsi512_pd(
        _mm512_maskz_slli_epi64(0xff, _mm512_castpd_si512(n_and_magic), kShift));
#elif defined(STRUM_ISA_AVX2)
  if constexpr (std::is_same_v<T, float>)
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(n_and_magic), kShift));
  else
    return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(n_and_magic), kShift));
#elif defined(STRUM_ISA_SSE2)
  if constexpr (std::is_same_v<T, float>)
    return _mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(n_and_magic), kShift));
  else
    return _mm_castsi128_pd(_mm_slli_epi64(_mm_castpd_si128(n_and_magic), kShift));
#else
  if constexpr (std::is_same_v<T, float>)
    return vreinterpretq_f32_s32(vshlq_n_s32(vreinterpretq_s32_f32(n_and_magic), kShift));
  else
    return vreinterpretq_f64_s64(vshlq_n_s64(vreinterpretq_s64_f64(n_and_magic), kShift));
#endif
}

/// Elements p[0], p[stride], ..., `count` of them, zeros behind.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> load_strided(const T* p, Index stride, Index count) {
  alignas(kLaneAlignment<T>) T lanes[static_cast<std::size_t>(kLanes<T>)] = {};
  for (Index i = 0; i < count; ++i) lanes[i] = p[i * stride];
  return Vec<T>::load_aligned(lanes);
}

/// The inverse of load_strided.
template <class T>
STRUM_ALWAYS_INLINE void store_strided(T* p, Index stride, Vec<T> v, Index count) {
  alignas(kLaneAlignment<T>) T lanes[static_cast<std::size_t>(kLanes<T>)];
  v.store_aligned(lanes);
  for (Index i = 0; i < count; ++i) p[i * stride] = lanes[i];
}

#if defined(STRUM_ISA_AVX512)
STRUM_ALWAYS_INLINE auto lane_mask(Index count, float) {
  return static_cast<__mmask16>((1u << count) - 1u);
}
STRUM_ALWAYS_INLINE auto lane_mask(Index count, double) {
  return static_cast<__mmask8>((1u << count) - 1u);
}
#elif defined(STRUM_ISA_AVX2)
/// All ones in the first `count` lanes: a window into a row of ones followed by zeros.
STRUM_ALWAYS_INLINE __m256i lane_mask(Index count, float) {
  alignas(32) static constexpr int kWindow[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kWindow + 8 - count));
}
STRUM_ALWAYS_INLINE __m256i lane_mask(Index count, double) { return lane_mask(2 * count, 0.0f); }
#endif

/// The first `count` elements at p, zeros behind them; nothing past them is read.
/// 0 <= count <= lanes.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> load_partial(const T* p, Index count) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_maskz_loadu_ps(lane_mask(count, T()), p);
  else
    return _mm512_maskz_loadu_pd(lane_mask(count, T()), p);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (std::is_same_v<T, float>)
    return _mm256_maskload_ps(p, lane_mask(count, T()));
  else
    return _mm256_maskload_pd(p, lane_mask(count, T()));
#else
  return load_strided(p, 1, count);
#endif
}

/// Writes the first `count` lanes to p and nothing else. 0 <= count <= lanes.
template <class T>
STRUM_ALWAYS_INLINE void store_partial(T* p, Vec<T> v, Index count) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    _mm512_mask_storeu_ps(p, lane_mask(count, T()), v);
  else
    _mm512_mask_storeu_pd(p, lane_mask(count, T()), v);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (std::is_same_v<T, float>)
    _mm256_maskstore_ps(p, lane_mask(count, T()), v);
  else
    _mm256_maskstore_pd(p, lane_mask(count, T()), v);
#else
  store_strided(p, 1, v, count);
#endif
}

/// Elements of a 128-bit part of a vector.
template <class T>
inline constexpr int kPartLanes = 16 / static_cast<int>(sizeof(T));

/// kPartLanes<T> elements at p, in every 128-bit part of a vector.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> load_repeated(const T* p) {
#if defined(STRUM_ISA_AVX512)
  if constexpr (std::is_same_v<T, float>)
    return _mm512_maskz_broadcast_f32x4(0xffff, _mm_loadu_ps(p));
  else
    return _mm512_maskz_broadcast_f64x2(0xff, _mm_loadu_pd(p));
#elif defined(STRUM_ISA_AVX2)
  if constexpr (std::is_same_v<T, float>)
    return _mm256_broadcast_ps(reinterpret_cast<const __m128*>(p));
  else
    return _mm256_broadcast_pd(reinterpret_cast<const __m128d*>(p));
#else
  return load(p);
#endif
}

/// D elements at p, over and over: 1 < D <= lanes, a power of two.
template <int D, class T>
STRUM_ALWAYS_INLINE Vec<T> load_periodic(const T* p) {
  if constexpr (D == kLanes<T>) {
    return load(p);
  } else if constexpr (D == kPartLanes<T>) {
    return load_repeated(p);
  } else if constexpr (D * sizeof(T) == 8) {
#if defined(STRUM_ISA_NEON64)
    return vcombine_f32(vld1_f32(p), vld1_f32(p));
#else
    double pair;
    std::memcpy(&pair, p, sizeof pair);
#if defined(STRUM_ISA_AVX512)
    return _mm512_castpd_ps(_mm512_set1_pd(pair));
#elif defined(STRUM_ISA_AVX2)
    return _mm256_castpd_ps(_mm256_set1_pd(pair));
#else
    return _mm_castpd_ps(_mm_set1_pd(pair));
#endif
#endif
  } else {
#if defined(STRUM_ISA_AVX512)
    static_assert(D * sizeof(T) == 32);
    if constexpr (std::is_same_v<T, float>)
      return _mm512_castpd_ps(
          _mm512_maskz_broadcast_f64x4(0xff, _mm256_castps_pd(_mm256_loadu_ps(p))));
    else
      return _mm512_maskz_broadcast_f64x4(0xff, _mm256_loadu_pd(p));
#endif
  }
}

/// Of a vector from load_repeated(), element I in every lane.
template <int I, class T>
STRUM_ALWAYS_INLINE Vec<T> repeat_lane(Vec<T> v) {
  constexpr bool kFloat = std::is_same_v<T, float>;
  [[maybe_unused]] constexpr int kSelect = kFloat ? I * 0x55 : I * 0xff;
#if defined(STRUM_ISA_AVX512)
  if constexpr (kFloat)
    return _mm512_maskz_permute_ps(0xffff, v, kSelect);
  else
    return _mm512_maskz_permute_pd(0xff, v, kSelect);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (kFloat)
    return _mm256_permute_ps(v, kSelect);
  else
    return _mm256_permute_pd(v, kSelect & 0xf);
#elif defined(STRUM_ISA_SSE2)
  if constexpr (kFloat)
    return _mm_shuffle_ps(v, v, kSelect);
  else
    return _mm_shuffle_pd(v, v, kSelect & 0x3);
#else
  if constexpr (kFloat)
    return vdupq_laneq_f32(v, I);
  else
    return vdupq_laneq_f64(v, I);
#endif
}

/// A permutation of lanes chosen at run time. Defined where the instruction set has one.
template <class T>
struct LanePermutation {
  static constexpr bool exists = false;
};
#if defined(STRUM_ISA_AVX512)
// The masked forms: gcc 12 warns of an uninitialised value inside the plain ones.
template <>
struct LanePermutation<float> {
  static constexpr bool exists = true;
  static constexpr __mmask16 kAllLanes = 0xffff;
  using Entry = int;
  __m512i index;
  explicit LanePermutation(const Entry* from) : index(_mm512_loadu_si512(from)) {}
  STRUM_ALWAYS_INLINE void shift() { index = _mm512_add_epi32(index, _mm512_set1_epi32(1)); }
  STRUM_ALWAYS_INLINE Vec<float> operator()(Vec<float> v) const {
    return _mm512_maskz_permutexvar_ps(kAllLanes, index, v);
  }
};
template <>
struct LanePermutation<double> {
  static constexpr bool exists = true;
  static constexpr __mmask8 kAllLanes = 0xff;
  using Entry = long long;
  __m512i index;
  explicit LanePermutation(const Entry* from) : index(_mm512_loadu_si512(from)) {}
  STRUM_ALWAYS_INLINE void shift() { index = _mm512_add_epi64(index, _mm512_set1_epi64(1)); }
  STRUM_ALWAYS_INLINE Vec<double> operator()(Vec<double> v) const {
    return _mm512_maskz_permutexvar_pd(kAllLanes, index, v);
  }
};
#elif defined(STRUM_ISA_AVX2)
template <>
struct LanePermutation<float> {
  static constexpr bool exists = true;
  using Entry = int;
  __m256i index;
  explicit LanePermutation(const Entry* from)
      : index(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from))) {}
  STRUM_ALWAYS_INLINE void shift() { index = _mm256_add_epi32(index, _mm256_set1_epi32(1)); }
  STRUM_ALWAYS_INLINE Vec<float> operator()(Vec<float> v) const {
    return _mm256_permutevar8x32_ps(v, index);
  }
};
#endif

template <class F, int... I>
STRUM_ALWAYS_INLINE void call_with(F& f, std::integer_sequence<int, I...>) {
  if constexpr (requires { &F::operator(); })
    (f(I), ...);
  else
    (f(std::integral_constant<int, I>{}), ...);
}

/// Calls f(0), ..., f(N-1). Loops over register tiles are written with it because a tile stays in
/// registers only if every index is a constant before gcc splits arrays into scalars; `#pragma GCC
/// unroll` acts after that. An f that takes `auto` gets constants that may be template arguments;
/// one that takes `int` is compiled once instead of N times, which counts (a fifth of the time).
template <int N, class F>
STRUM_ALWAYS_INLINE void unrolled(F&& f) {
  call_with(f, std::make_integer_sequence<int, N>{});
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
