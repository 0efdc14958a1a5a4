// The functions of Activation on vectors. Products meet sums in fma() only, so that a compiler has
// nothing to contract and a lane gets the same bits wherever the code is inlined.
//
// The bound of 2·eps·max(|x|, |f(x)|) allows x·Φ(x) and x·σ(x) an absolute error of 1.5·eps in Φ
// and σ beside the last rounding. Where they vanish (x ≪ 0) their relative error grows with |x|, as
// that of 1 + erf(x/√2) does.
#pragma once

#include "strum/simd/simd.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// c[0] + c[1]·x + ... + c[N-1]·x^(N-1), by Horner's rule.
template <class T, std::size_t N>
STRUM_ALWAYS_INLINE Vec<T> polynomial(const T (&c)[N], Vec<T> x) {
  Vec<T> sum = broadcast(c[N - 1]);
  unrolled<static_cast<int>(N) - 1>([&](int i) { sum = fma(sum, x, broadcast(c[N - 2 - i])); });
  return sum;
}

/// 2^t = mantissa · scale with an error of one eps; 0 below the smallest normal number, infinity
/// from 2^127.5 (2^1023.5) on. Minimax polynomials for the relative error of 2^r, |r| <= 1/2: 0.63
/// eps in f32, which σ divides by four, and 0.01 in f64, where one degree less is 0.95: too much
/// for the Φ below where there is no FMA.
template <class T>
struct PowerOfTwo {
  Vec<T> mantissa, scale;
};
template <class T>
STRUM_ALWAYS_INLINE PowerOfTwo<T> exp2(Vec<T> t) {
  constexpr T kBias = std::is_same_v<T, float> ? T(127) : T(1023);
  t = at_most(at_least(t, -kBias), kBias + 1);
  const Vec<T> magic = broadcast(kExponentMagic<T>), shifted = t + magic;
  const Vec<T> r = t - (shifted - magic);
  if constexpr (std::is_same_v<T, float>) {
    static constexpr float kC[] = {0x1.000002p+0f, 0x1.62e428p-1f, 0x1.ebf918p-3f,
                                   0x1.c6b6e4p-5f, 0x1.3d0c52p-7f, 0x1.5c090cp-10f};
    return {polynomial(kC, r), power_of_two(shifted)};
  } else {
    static constexpr double kC[] = {0x1.0p+0,
                                    0x1.62e42fefa39efp-1,
                                    0x1.ebfbdff82c5adp-3,
                                    0x1.c6b08d7049fd0p-5,
                                    0x1.3b2ab6fb9f412p-7,
                                    0x1.5d87fe78cf285p-10,
                                    0x1.43091310bf7bfp-13,
                                    0x1.ffcbfba7b2891p-17,
                                    0x1.62bfc3c1a1b2dp-20,
                                    0x1.b5267895f8d87p-24,
                                    0x1.e620fbb39c413p-28,
                                    0x1.e7aa010073803p-32};
    return {polynomial(kC, r), power_of_two(shifted)};
  }
}

/// x / (1 + 2^t), t >= 0 where x <= 0. Any x this far below 0 makes −0 of it, where 2^t is
/// infinite.
template <class T>
STRUM_ALWAYS_INLINE Vec<T> sigmoid_times(Vec<T> x, Vec<T> t) {
  const PowerOfTwo<T> e = exp2(t);
  return at_least(x, T(-0x1p60)) / fma(e.mantissa, e.scale, broadcast(T(1)));
}

template <class T>
STRUM_ALWAYS_INLINE Vec<T> relu(Vec<T> x) {
  return at_least(x, T(0));
}

/// e^−x = 2^(−x·log₂e).
template <class T>
STRUM_ALWAYS_INLINE Vec<T> silu(Vec<T> x) {
  return sigmoid_times(x, x * broadcast(T(-1.4426950408889634)));
}

/// −2u·log₂e = x·(c₁ + c₃·x²).
template <class T>
STRUM_ALWAYS_INLINE Vec<T> gelu_tanh(Vec<T> x) {
  constexpr double kC1 = -2 * 1.4426950408889634 * 0.7978845608028654, kC3 = kC1 * 0.044715;
  return sigmoid_times(x, x * fma(broadcast(T(kC3)), x * x, broadcast(T(kC1))));
}

/// f32: Φ is a sigmoid of its own logit, log(Φ(x)/Φ(−x)) = x·P(x²), with P of degree 6 for Φ to
/// 0.24 eps up to |x| = 5.6, where Φ(−x) falls below 1.1e-8. Beyond it P·x goes on growing, which
/// is all that is needed.
STRUM_ALWAYS_INLINE Vec<float> gelu(Vec<float> x) {
  static constexpr float kP[] = {-0x1.26aeccp+1f, -0x1.ad6798p-4f,  0x1.8a7922p-14f,
                                 0x1.4ea9bcp-13f, -0x1.7fdb32p-17f, 0x1.99c594p-22f,
                                 -0x1.5c3748p-28f};
  return sigmoid_times(x, x * polynomial(kP, Vec<float>(x * x)));
}

/// f64: for t = |x|, Φ(−t) = e^(−t²/2)·R(u), u = (t − 3)/(t + 3); then x·Φ(x) = max(x, 0) −
/// t·Φ(−t). R makes 0.14 eps of Φ. The largest errors are at small t and those of u; with 5 in the
/// place of 3 R would take a degree less, but u weigh more (1.9 eps in all without FMA). The logit
/// of f32 would take 25 terms, and cancel. From t = 40 on e^(−t²/2) is 0.
STRUM_ALWAYS_INLINE Vec<double> gelu(Vec<double> x) {
  static constexpr double kR[] = {
      0x1.f1b89c231e9e0p-4,   -0x1.a6b669a316122p-3, 0x1.f8bab9ba58c89p-4,   -0x1.7a94a5164ea6cp-5,
      0x1.91f4b42f87140p-8,   0x1.7ce2628fd6101p-9,  -0x1.03bda8cbfcd78p-10, -0x1.6a611c8d65155p-12,
      0x1.136166e7724e5p-13,  0x1.1b6db302f33e6p-14, -0x1.f131d7383d984p-17, -0x1.3ce2eb8238f75p-16,
      -0x1.5035c7bbd3873p-18, 0x1.9084941003ea6p-22, 0x1.05dc50dbda115p-21,  0x1.63337e9537e6cp-24};
  const Vec<double> t = at_most(absolute(x), 40.0), three = broadcast(3.0);
  const PowerOfTwo<double> e = exp2(Vec<double>(t * (t * broadcast(-0.5 * 1.4426950408889634))));
  const Vec<double> mills = polynomial(kR, Vec<double>((t - three) / (t + three)));
  return fnma(t, Vec<double>(mills * e.mantissa * e.scale), relu(x));
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
