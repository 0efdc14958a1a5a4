// The order in which a transform takes the factors of its length: one per length, instruction set
// and type, so that a signal's result has one sequence of roundings.
#pragma once

#include "strum/kernels/fft_butterflies.hpp"
#include "strum/kernels/signals.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// 2^bits as 8s, with a 4 or a 16 (or where that would spill its registers two 4s) for what is
/// left.
inline Index power_of_two_radices(Index bits, Index* radices) {
  Index count = 0;
  const auto take = [&](Index radix, Index b) {
    radices[count++] = radix;
    bits -= b;
  };
  if (bits % 3 == 1 && bits >= 4) {
    if (kRegisters >= 32) {
      take(16, 4);
    } else {
      take(4, 2);
      take(4, 2);
    }
  }
  if (bits % 3 == 1) take(2, 1);
  if (bits % 3 == 2) take(4, 2);
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
