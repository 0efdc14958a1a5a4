// The order in which a transform takes the factors of its length: one per length, instruction set
// and type, so that a signal's result has one sequence of roundings.
#pragma once

#include "strum/kernels/fft_butterflies.hpp"
#include "strum/kernels/signals.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// 2^bits as 8s, with one or two 4s (or a 2) for what is left. 16s spill the registers of every
/// instruction set: on a Zen 5 with AVX-512 a pass of one took 285 cycles where two of 4 took 186.
inline Index power_of_two_radices(Index bits, Index* radices) {
  Index count = 0;
  const auto take = [&](Index radix, Index log) {
    radices[count++] = radix;
    bits -= log;
  };
  if (bits == 1) take(2, 1);
  while (bits % 3 != 0) take(4, 2);
  while (bits > 0) take(8, 3);
  return count;
}

/// First the number of lanes if it is a factor, else the largest factor: the passes after it have
/// whole vectors, or nearly. Then the odd ones. 0 where a prime is too large.
template <class R>
Index fft_radices(Index n, Index* radices) {
  if (n == 1) return 0;
  constexpr Index L = kLanes<R>;
  Index bits = 0, odd = n, count = 0, odd_radices[kMostPasses], odd_count = 0;
  for (; odd % 2 == 0; odd /= 2) ++bits;
  for (Index prime = 3; prime <= kMostOdd; prime += 2)
    for (; odd % prime == 0; odd /= prime) odd_radices[odd_count++] = prime;
  if (odd > 1) return 0;
  if (n % L == 0) {
    radices[count++] = L;
    for (Index lanes = L; lanes > 1; lanes /= 2) --bits;
  } else {
    const Index even = bits == 0 ? 1 : Index{1} << std::min(bits, Index{3});
    if (odd_count > 0 && odd_radices[odd_count - 1] > even) {
      radices[count++] = odd_radices[--odd_count];
    } else {
      radices[count++] = even;
      bits -= std::min(bits, Index{3});
    }
  }
  for (Index i = odd_count; i > 0; --i) radices[count++] = odd_radices[i - 1];
  return count + power_of_two_radices(bits, radices + count);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
