// Complex numbers in vectors, and products of them without a complex multiplication in the inner
// loop.
//
// A vector of complex numbers is a vector of reals, re and im in turn as they lie in memory. Of the
// two operands of a product one (w or x, whichever is the same in all lanes or can be made so) is
// taken apart: its real parts fill one vector, its imaginary parts another. A sum of products is
// two sums of reals,
//
//     by_re = Σ v·re(a),   by_im = Σ v·im(a),   v the vector, a the operand that is taken apart,
//
// of two fused operations a term, and once it is complete
//
//     Σ v·a = by_re + i·by_im,
//
// a swap of neighbours and a sum. Conjugates cost nothing, they are signs there. Each output is
//
//     re = (Σ re(w)·re(x)) − (Σ im(w)·im(x)),   im = (Σ im(w)·re(x)) + (Σ re(w)·im(x)),
//
// the same four sums in the same order whichever of w and x is taken apart: the same bits.
#pragma once

#include <complex>
#include <type_traits>

#include "strum/core/scalar.hpp"
#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

template <class R>
inline constexpr int kLanes<std::complex<R>> = kLanes<R> / 2;

template <class R>
inline constexpr std::size_t kLaneAlignment<std::complex<R>> = kLaneAlignment<R>;

/// Two vectors that belong to one of complex numbers: an operand taken apart (its real and
/// imaginary parts, each in both lanes of a number), or a sum of products with one.
template <class R>
struct ComplexParts {
  Vec<R> re, im;
};

/// What takes the place of a vector of T where complex numbers take two. Vectors as they lie in
/// memory are Vec<Real<T>>.
template <class T>
using Parts = std::conditional_t<kIsComplex<T>, ComplexParts<Real<T>>, Vec<Real<T>>>;

template <class T>
inline constexpr int kParts = kIsComplex<T> ? 2 : 1;

template <class T>
requires kIsComplex<T> STRUM_ALWAYS_INLINE ComplexParts<Real<T>> zero() {
  return {zero<Real<T>>(), zero<Real<T>>()};
}

template <class R>
STRUM_ALWAYS_INLINE ComplexParts<R> broadcast(const std::complex<R>& value) {
  return {broadcast(value.real()), broadcast(value.imag())};
}

/// sum + v·a, in real multiply-adds.
template <class R>
STRUM_ALWAYS_INLINE ComplexParts<R> fma(Vec<R> v, const ComplexParts<R>& a,
                                        const ComplexParts<R>& sum) {
  return {fma(v, a.re, sum.re), fma(v, a.im, sum.im)};
}
template <class R>
STRUM_ALWAYS_INLINE ComplexParts<R> fma(const ComplexParts<R>& a, Vec<R> v,
                                        const ComplexParts<R>& sum) {
  return fma(v, a, sum);
}

template <class R>
STRUM_ALWAYS_INLINE ComplexParts<R> operator+(const ComplexParts<R>& a, const ComplexParts<R>& b) {
  return {a.re + b.re, a.im + b.im};
}

template <class R>
STRUM_ALWAYS_INLINE Vec<R> load(const std::complex<R>* p) {
  return load(reinterpret_cast<const R*>(p));
}

template <class T>
requires kIsComplex<T> STRUM_ALWAYS_INLINE Vec<Real<T>> load_as(const T* p) { return load(p); }

template <class R>
STRUM_ALWAYS_INLINE void store(std::complex<R>* p, Vec<R> v) {
  store(reinterpret_cast<R*>(p), v);
}

template <class R>
STRUM_ALWAYS_INLINE Vec<R> load_partial(const std::complex<R>* p, Index count) {
  return load_partial(reinterpret_cast<const R*>(p), 2 * count);
}

template <class R>
STRUM_ALWAYS_INLINE void store_partial(std::complex<R>* p, Vec<R> v, Index count) {
  store_partial(reinterpret_cast<R*>(p), v, 2 * count);
}

template <class R>
STRUM_ALWAYS_INLINE Vec<R> load_strided(const std::complex<R>* p, Index stride, Index count) {
  alignas(kLaneAlignment<R>) R lanes[static_cast<std::size_t>(kLanes<R>)] = {};
  for (Index i = 0; i < count; ++i) {
    lanes[2 * i] = p[i * stride].real();
    lanes[2 * i + 1] = p[i * stride].imag();
  }
  return Vec<R>::load_aligned(lanes);
}

template <class R>
STRUM_ALWAYS_INLINE void store_strided(std::complex<R>* p, Index stride, Vec<R> v, Index count) {
  alignas(kLaneAlignment<R>) R lanes[static_cast<std::size_t>(kLanes<R>)];
  v.store_aligned(lanes);
  for (Index i = 0; i < count; ++i) p[i * stride] = {lanes[2 * i], lanes[2 * i + 1]};
}

/// Elements that a sum takes where it waits in memory for more terms.
template <class T>
inline constexpr int kSumSize = kParts<T>* kLanes<T>;

template <class T>
STRUM_ALWAYS_INLINE Parts<T> load_parts(const T* p) {
  if constexpr (kIsComplex<T>)
    return {load(p), load(p + kLanes<T>)};
  else
    return load(p);
}
template <class T>
STRUM_ALWAYS_INLINE void store_parts(T* p, const Parts<T>& sum) {
  if constexpr (kIsComplex<T>) {
    store(p, sum.re);
    store(p + kLanes<T>, sum.im);
  } else {
    store(p, sum);
  }
}

/// Every real part twice: (re, im, re, im, ...) becomes (re, re, ...).
template <class R>
STRUM_ALWAYS_INLINE Vec<R> repeat_real(Vec<R> v) {
  constexpr bool kFloat = std::is_same_v<R, float>;
#if defined(STRUM_ISA_AVX512)
  if constexpr (kFloat)
    return _mm512_maskz_moveldup_ps(0xffff, v);
  else
    return _mm512_maskz_movedup_pd(0xff, v);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (kFloat)
    return _mm256_moveldup_ps(v);
  else
    return _mm256_movedup_pd(v);
#elif defined(STRUM_ISA_SSE2)
  if constexpr (kFloat)
    return _mm_shuffle_ps(v, v, 0xa0);
  else
    return _mm_shuffle_pd(v, v, 0);
#else
  if constexpr (kFloat)
    return vtrn1q_f32(v, v);
  else
    return vtrn1q_f64(v, v);
#endif
}

/// Every imaginary part twice.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> repeat_imaginary(Vec<R> v) {
  constexpr bool kFloat = std::is_same_v<R, float>;
#if defined(STRUM_ISA_AVX512)
  if constexpr (kFloat)
    return _mm512_maskz_movehdup_ps(0xffff, v);
  else
    return _mm512_maskz_permute_pd(0xff, v, 0xff);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (kFloat)
    return _mm256_movehdup_ps(v);
  else
    return _mm256_permute_pd(v, 0xf);
#elif defined(STRUM_ISA_SSE2)
  if constexpr (kFloat)
    return _mm_shuffle_ps(v, v, 0xf5);
  else
    return _mm_shuffle_pd(v, v, 3);
#else
  if constexpr (kFloat)
    return vtrn2q_f32(v, v);
  else
    return vtrn2q_f64(v, v);
#endif
}

/// Real and imaginary parts exchanged.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> swap_parts(Vec<R> v) {
  constexpr bool kFloat = std::is_same_v<R, float>;
#if defined(STRUM_ISA_AVX512)
  if constexpr (kFloat)
    return _mm512_maskz_permute_ps(0xffff, v, 0xb1);
  else
    return _mm512_maskz_permute_pd(0xff, v, 0x55);
#elif defined(STRUM_ISA_AVX2)
  if constexpr (kFloat)
    return _mm256_permute_ps(v, 0xb1);
  else
    return _mm256_permute_pd(v, 0x5);
#elif defined(STRUM_ISA_SSE2)
  if constexpr (kFloat)
    return _mm_shuffle_ps(v, v, 0xb1);
  else
    return _mm_shuffle_pd(v, v, 1);
#else
  if constexpr (kFloat)
    return vrev64q_f32(v);
  else
    return vextq_f64(v, v, 1);
#endif
}

/// A vector from memory as an operand taken apart.
template <class T>
STRUM_ALWAYS_INLINE Parts<T> take_apart(Vec<Real<T>> v) {
  if constexpr (kIsComplex<T>)
    return {repeat_real(v), repeat_imaginary(v)};
  else
    return v;
}

/// Signs to be flipped: of no part, of the real ones, of the imaginary ones.
enum class Flip { none, real, imaginary };

/// Zeros with the sign bits to be flipped, by Flip.
template <class R>
struct SignTable {
  R lanes[3][kLanes<R>];
};
template <class R>
inline constexpr SignTable<R> kSigns = [] {
  SignTable<R> table{};
  for (int i = 0; i < kLanes<R>; ++i) table.lanes[i % 2 == 0 ? 1 : 2][i] = R(-0.0);
  return table;
}();

template <class R>
STRUM_ALWAYS_INLINE Vec<R> signs(Flip flip) {
  return load(kSigns<R>.lanes[static_cast<int>(flip)]);
}

/// Which operand of the products was taken apart.
enum class Apart { x, w };

/// The way from a complete sum to the numbers that it stands for, w conjugated or not.
template <class T, Apart apart>
class Finish {
 public:
  STRUM_ALWAYS_INLINE explicit Finish(bool) {}
  STRUM_ALWAYS_INLINE Vec<T> operator()(Vec<T> sum) const { return sum; }
};

///     Σ w·x        = by_re + i·by_im
///     Σ conj(w)·x  = conj(by_re) + i·conj(by_im)   x taken apart
///                  = by_re − i·by_im               w taken apart
template <class R, Apart apart>
class Finish<std::complex<R>, apart> {
 public:
  STRUM_ALWAYS_INLINE explicit Finish(bool conjugate)
      : by_re_(signs<R>(conjugate && apart == Apart::x ? Flip::imaginary : Flip::none)),
        by_im_(signs<R>(!conjugate          ? Flip::real
                        : apart == Apart::w ? Flip::imaginary
                                            : Flip::none)) {}
  STRUM_ALWAYS_INLINE Vec<R> operator()(const ComplexParts<R>& sum) const {
    return (sum.re ^ by_re_) + (swap_parts(sum.im) ^ by_im_);
  }

 private:
  Vec<R> by_re_, by_im_;
};

/// a·v of complex numbers, a taken apart.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> operator*(Vec<R> v, const ComplexParts<R>& a) {
  return fma(Vec<R>(swap_parts(v) ^ signs<R>(Flip::real)), a.im, Vec<R>(v * a.re));
}

/// a·v + sum of complex numbers, a taken apart.
template <class R>
STRUM_ALWAYS_INLINE Vec<R> fma(const ComplexParts<R>& a, Vec<R> v, Vec<R> sum) {
  return fma(Vec<R>(swap_parts(v) ^ signs<R>(Flip::real)), a.im, fma(v, a.re, sum));
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
