// Moves of elements between lanes: transposes of small squares, pairs taken apart and put together,
// order turned round. Signals need them where lanes hold neighbouring elements of one signal.
#pragma once

#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Two vectors of pairs: x holds what came first of each pair, y what came second; or the reverse.
template <class T>
struct VecPair {
  Vec<T> x, y;
};

#if defined(STRUM_ISA_AVX512)

// The masked forms: gcc 12 warns of an uninitialised value inside the plain ones.
inline constexpr __mmask16 kAllFloats = 0xffff;
inline constexpr __mmask8 kAllDoubles = 0xff;

STRUM_ALWAYS_INLINE VecPair<float> unpack(Vec<float> a, Vec<float> b) {
  return {_mm512_maskz_unpacklo_ps(kAllFloats, a, b), _mm512_maskz_unpackhi_ps(kAllFloats, a, b)};
}
STRUM_ALWAYS_INLINE VecPair<double> unpack(Vec<double> a, Vec<double> b) {
  return {_mm512_maskz_unpacklo_pd(kAllDoubles, a, b), _mm512_maskz_unpackhi_pd(kAllDoubles, a, b)};
}
/// unpack() of pairs of floats.
STRUM_ALWAYS_INLINE VecPair<float> unpack_pairs(Vec<float> a, Vec<float> b) {
  const auto p = unpack(Vec<double>(_mm512_castps_pd(a)), Vec<double>(_mm512_castps_pd(b)));
  return {_mm512_castpd_ps(p.x), _mm512_castpd_ps(p.y)};
}
/// 128-bit parts 0 and 2 of a and of b; parts 1 and 3.
STRUM_ALWAYS_INLINE VecPair<float> unzip_parts(Vec<float> a, Vec<float> b) {
  return {_mm512_maskz_shuffle_f32x4(kAllFloats, a, b, 0x88),
          _mm512_maskz_shuffle_f32x4(kAllFloats, a, b, 0xdd)};
}
STRUM_ALWAYS_INLINE VecPair<double> unzip_parts(Vec<double> a, Vec<double> b) {
  return {_mm512_maskz_shuffle_f64x2(kAllDoubles, a, b, 0x88),
          _mm512_maskz_shuffle_f64x2(kAllDoubles, a, b, 0xdd)};
}

#elif defined(STRUM_ISA_AVX2)

STRUM_ALWAYS_INLINE VecPair<float> unpack(Vec<float> a, Vec<float> b) {
  return {_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<double> unpack(Vec<double> a, Vec<double> b) {
  return {_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<float> unpack_pairs(Vec<float> a, Vec<float> b) {
  const auto p = unpack(Vec<double>(_mm256_castps_pd(a)), Vec<double>(_mm256_castps_pd(b)));
  return {_mm256_castpd_ps(p.x), _mm256_castpd_ps(p.y)};
}
/// 128-bit parts 0 of a and of b; parts 1.
STRUM_ALWAYS_INLINE VecPair<float> unzip_parts(Vec<float> a, Vec<float> b) {
  return {_mm256_permute2f128_ps(a, b, 0x20), _mm256_permute2f128_ps(a, b, 0x31)};
}
STRUM_ALWAYS_INLINE VecPair<double> unzip_parts(Vec<double> a, Vec<double> b) {
  return {_mm256_permute2f128_pd(a, b, 0x20), _mm256_permute2f128_pd(a, b, 0x31)};
}

#elif defined(STRUM_ISA_SSE2)

STRUM_ALWAYS_INLINE VecPair<float> unpack(Vec<float> a, Vec<float> b) {
  return {_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<double> unpack(Vec<double> a, Vec<double> b) {
  return {_mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<float> unpack_pairs(Vec<float> a, Vec<float> b) {
  return {_mm_movelh_ps(a, b), _mm_movehl_ps(b, a)};
}

#else

STRUM_ALWAYS_INLINE VecPair<float> unpack(Vec<float> a, Vec<float> b) {
  return {vzip1q_f32(a, b), vzip2q_f32(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<double> unpack(Vec<double> a, Vec<double> b) {
  return {vzip1q_f64(a, b), vzip2q_f64(a, b)};
}
STRUM_ALWAYS_INLINE VecPair<float> unpack_pairs(Vec<float> a, Vec<float> b) {
  const float64x2_t x = vreinterpretq_f64_f32(a), y = vreinterpretq_f64_f32(b);
  return {vreinterpretq_f32_f64(vzip1q_f64(x, y)), vreinterpretq_f32_f64(vzip2q_f64(x, y))};
}

#endif

/// v[i] lane j becomes v[j] lane i, for as many vectors as a vector has lanes. Steps at which every
/// pair of vectors exchanges halves: of pairs of elements, of pairs of pairs, of 128-bit parts.
template <class T>
STRUM_ALWAYS_INLINE void transpose(Vec<T>* v) {
  constexpr int L = kLanes<T>;
  constexpr int kPart = kPartLanes<T>;  // 4 floats or 2 doubles
  // In 128-bit parts: the squares of kPart x kPart of neighbouring vectors.
  unrolled<L / kPart>([&](int square) {
    Vec<T>* const q = v + square * kPart;
    const VecPair<T> a = unpack(q[0], q[1]);
    if constexpr (kPart == 2) {
      q[0] = a.x;
      q[1] = a.y;
    } else {
      const VecPair<T> b = unpack(q[2], q[3]);
      const VecPair<T> even = unpack_pairs(a.x, b.x), odd = unpack_pairs(a.y, b.y);
      q[0] = even.x;
      q[1] = even.y;
      q[2] = odd.x;
      q[3] = odd.y;
    }
  });
  // Parts are now the elements of a square of (L / kPart)² for each of the kPart vectors.
  if constexpr (L == 2 * kPart) {
    unrolled<kPart>([&](int i) {
      const VecPair<T> p = unzip_parts(v[i], v[i + kPart]);
      v[i] = p.x;
      v[i + kPart] = p.y;
    });
  } else if constexpr (L == 4 * kPart) {
    unrolled<kPart>([&](int i) {
      // (0 1 2 3) of four vectors a b c d: evens and odds of a b and of c d, then of those.
      const VecPair<T> ab = unzip_parts(v[i], v[i + kPart]);
      const VecPair<T> cd = unzip_parts(v[i + 2 * kPart], v[i + 3 * kPart]);
      const VecPair<T> even = unzip_parts(ab.x, cd.x), odd = unzip_parts(ab.y, cd.y);
      v[i] = even.x;
      v[i + kPart] = odd.x;
      v[i + 2 * kPart] = even.y;
      v[i + 3 * kPart] = odd.y;
    });
  }
}

/// Of pairs that lie one after the other in a and b, what comes first and what comes second.
STRUM_ALWAYS_INLINE VecPair<float> take_pairs_apart(Vec<float> a, Vec<float> b) {
#if defined(STRUM_ISA_AVX512)
  const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const __m512i odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
  return {_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b)};
#elif defined(STRUM_ISA_AVX2)
  const auto ordered = [](__m256 v) {
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(v), 0xd8));
  };
  return {ordered(_mm256_shuffle_ps(a, b, 0x88)), ordered(_mm256_shuffle_ps(a, b, 0xdd))};
#elif defined(STRUM_ISA_SSE2)
  return {_mm_shuffle_ps(a, b, 0x88), _mm_shuffle_ps(a, b, 0xdd)};
#else
  return {vuzp1q_f32(a, b), vuzp2q_f32(a, b)};
#endif
}
STRUM_ALWAYS_INLINE VecPair<double> take_pairs_apart(Vec<double> a, Vec<double> b) {
#if defined(STRUM_ISA_AVX512)
  const __m512i even = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0);
  const __m512i odd = _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1);
  return {_mm512_permutex2var_pd(a, even, b), _mm512_permutex2var_pd(a, odd, b)};
#elif defined(STRUM_ISA_AVX2)
  const VecPair<double> p = unpack(a, b);
  return {_mm256_permute4x64_pd(p.x, 0xd8), _mm256_permute4x64_pd(p.y, 0xd8)};
#else
  return unpack(a, b);
#endif
}

/// The same with results in the order in which 128-bit parts give them, at half the price or less:
/// lane l holds pair pair_of_lane<T>(l).
template <class T>
constexpr Index pair_of_lane(Index l) {
  constexpr Index kHalf = kPartLanes<T> / 2;
  const Index part = l / kPartLanes<T>, i = l % kPartLanes<T>;
  return i < kHalf ? part * kHalf + i : kLanes<T> / 2 + part * kHalf + i - kHalf;
}
STRUM_ALWAYS_INLINE VecPair<float> take_pairs_apart_in_parts(Vec<float> a, Vec<float> b) {
#if defined(STRUM_ISA_AVX512)
  return {_mm512_maskz_shuffle_ps(kAllFloats, a, b, 0x88),
          _mm512_maskz_shuffle_ps(kAllFloats, a, b, 0xdd)};
#elif defined(STRUM_ISA_AVX2)
  return {_mm256_shuffle_ps(a, b, 0x88), _mm256_shuffle_ps(a, b, 0xdd)};
#else
  return take_pairs_apart(a, b);
#endif
}
STRUM_ALWAYS_INLINE VecPair<double> take_pairs_apart_in_parts(Vec<double> a, Vec<double> b) {
  return unpack(a, b);
}

/// The inverse of take_pairs_apart(): x[0], y[0], x[1], y[1], ...
STRUM_ALWAYS_INLINE VecPair<float> put_pairs_together(Vec<float> x, Vec<float> y) {
#if defined(STRUM_ISA_AVX512)
  const __m512i low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i high =
      _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8);
  return {_mm512_permutex2var_ps(x, low, y), _mm512_permutex2var_ps(x, high, y)};
#elif defined(STRUM_ISA_AVX2)
  const VecPair<float> p = unpack(x, y);
  return unzip_parts(p.x, p.y);
#else
  return unpack(x, y);
#endif
}
STRUM_ALWAYS_INLINE VecPair<double> put_pairs_together(Vec<double> x, Vec<double> y) {
#if defined(STRUM_ISA_AVX512)
  const __m512i low = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
  const __m512i high = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
  return {_mm512_permutex2var_pd(x, low, y), _mm512_permutex2var_pd(x, high, y)};
#elif defined(STRUM_ISA_AVX2)
  const VecPair<double> p = unpack(x, y);
  return unzip_parts(p.x, p.y);
#else
  return unpack(x, y);
#endif
}

/// Lanes in the opposite order.
STRUM_ALWAYS_INLINE Vec<float> reversed(Vec<float> v) {
#if defined(STRUM_ISA_AVX512)
  const __m512i order = _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm512_maskz_permutexvar_ps(kAllFloats, order, v);
#elif defined(STRUM_ISA_AVX2)
  return _mm256_permutevar8x32_ps(v, _mm256_set_epi32(0, 1, 2, 3, 4, 5, 6, 7));
#elif defined(STRUM_ISA_SSE2)
  return _mm_shuffle_ps(v, v, 0x1b);
#else
  const float32x4_t pairs = vrev64q_f32(v);
  return vextq_f32(pairs, pairs, 2);
#endif
}
STRUM_ALWAYS_INLINE Vec<double> reversed(Vec<double> v) {
#if defined(STRUM_ISA_AVX512)
  return _mm512_maskz_permutexvar_pd(kAllDoubles, _mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), v);
#elif defined(STRUM_ISA_AVX2)
  return _mm256_permute4x64_pd(v, 0x1b);
#elif defined(STRUM_ISA_SSE2)
  return _mm_shuffle_pd(v, v, 1);
#else
  return vextq_f64(v, v, 1);
#endif
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
