// Products of Hadamard matrices with one contiguous signal.
//
// H_{2^k} is k levels of butterflies (a, b) -> (a + b, a − b), level D of elements that are D
// apart, the farthest first. A pass takes several levels at once, of vectors that stay in
// registers; once a block is small enough the rest is done in one pass, down to the levels within
// vectors. Whatever the passes, an output is the same sums in the same order.
#pragma once

#include <algorithm>

#include "strum/kernels/signals.hpp"
#include "strum/simd/exchange.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// Vectors that a pass holds: half the registers, so that sums need no memory.
inline constexpr int kHadamardRadix = kRegisters == 32 ? 16 : 8;

/// 1, −1, D lanes of each in turn.
template <int D, class R>
STRUM_ALWAYS_INLINE Vec<R> alternating() {
  struct Signs {
    R lanes[kLanes<R>];
  };
  static constexpr Signs kValues = [] {
    Signs values{};
    for (int i = 0; i < kLanes<R>; ++i) values.lanes[i] = (i & D) == 0 ? R(1) : R(-1);
    return values;
  }();
  return load(kValues.lanes);
}

/// The levels below `size` within a vector, down to that of elements Inner lanes apart.
template <int Inner, class R>
STRUM_ALWAYS_INLINE Vec<R> hadamard_lanes(Vec<R> v, Index size) {
  const auto level = [&]<int D>(std::integral_constant<int, D>) {
    if constexpr (D >= Inner && D < kLanes<R>)
      if (D < size) v = fma(v, alternating<D, R>(), exchange<D>(v));
  };
  level(std::integral_constant<int, 8>{});
  level(std::integral_constant<int, 4>{});
  level(std::integral_constant<int, 2>{});
  level(std::integral_constant<int, 1>{});
  return v;
}

/// Levels Count/2, ..., 1 of Count vectors.
template <int Count, class R>
STRUM_ALWAYS_INLINE void hadamard_vectors(Vec<R>* v) {
  if constexpr (Count > 1) {
    constexpr int kHalf = Count / 2;
    unrolled<kHalf>([&](auto i) {
      const Vec<R> a = v[i], b = v[i + kHalf];
      v[i] = a + b;
      v[i + kHalf] = a - b;
    });
    hadamard_vectors<kHalf, R>(v);
    hadamard_vectors<kHalf, R>(v + kHalf);
  }
}

/// The upper levels of a block of Count·stride elements, those of distance `stride` and more.
template <int Count, class R>
void hadamard_pass(const R* x, R* y, Index stride) {
  for (Index i = 0; i < stride; i += kLanes<R>) {
    Vec<R> v[Count];
    unrolled<Count>([&](auto j) { v[j] = load(x + j * stride + i); });
    hadamard_vectors<Count, R>(v);
    unrolled<Count>([&](auto j) { store(y + j * stride + i, v[j]); });
  }
}

/// All levels of Count vectors that follow each other.
template <int Count, int Inner, class R>
void hadamard_block(const R* x, R* y, R scale) {
  constexpr int L = kLanes<R>;
  Vec<R> v[Count];
  unrolled<Count>([&](auto j) { v[j] = load(x + j * L); });
  hadamard_vectors<Count, R>(v);
  unrolled<Count>(
      [&](auto j) { store(y + j * L, Vec<R>(hadamard_lanes<Inner>(v[j], L) * broadcast(scale))); });
}

/// Calls f(Count) with count = 1, 2, 4, 8, ... <= kHadamardRadix as a constant.
template <class F>
STRUM_ALWAYS_INLINE void with_vector_count(Index count, F&& f) {
  if (count == 1) return f(std::integral_constant<int, 1>{});
  if (count == 2) return f(std::integral_constant<int, 2>{});
  if (count == 4) return f(std::integral_constant<int, 4>{});
  if constexpr (kHadamardRadix == 16)
    if (count == 16) return f(std::integral_constant<int, 16>{});
  f(std::integral_constant<int, 8>{});
}

/// Of the first pass over a block with `levels` = 2, 4, 8, ... to take. Vectors a multiple of 4096
/// bytes apart share a set of 8 or 12 lines in L1: 16 of them took twice as long as 8.
[[nodiscard]] inline Index hadamard_radix(Index levels, Index bytes) {
  constexpr Index kSetBytes = 4096;
  const Index most = bytes / kHadamardRadix < kSetBytes ? kHadamardRadix : 8;
  return std::min(levels, most);
}

/// A block of `size` reals, a power of two and a vector at least.
template <int Inner, class R>
void hadamard_levels(const R* x, R* y, Index size, R scale) {
  constexpr Index kBlock = kHadamardRadix * kLanes<R>;
  if (size <= kBlock)
    return with_vector_count(size / kLanes<R>, [&](auto count) {
      hadamard_block<decltype(count)::value, Inner>(x, y, scale);
    });
  const Index radix = hadamard_radix(size / kBlock, size * Index{sizeof(R)}), stride = size / radix;
  with_vector_count(radix,
                    [&](auto count) { hadamard_pass<decltype(count)::value>(x, y, stride); });
  for (Index j = 0; j < radix; ++j)
    hadamard_levels<Inner, R>(y + j * stride, y + j * stride, stride, scale);
}

/// The dense matrix of Order x Order signs, of elements `stride` apart.
template <int Order, class R>
void hadamard_outer(const R* signs, const R* x, R* y, Index stride) {
  constexpr int kRows = 4;  // sums at a time, to hide the latency of additions
  for (Index i = 0; i < stride; i += kLanes<R>) {
    const Index count = std::min<Index>(kLanes<R>, stride - i);
    Vec<R> v[Order];
    unrolled<Order>([&](int j) {
      const R* const from = x + j * stride + i;
      v[j] = count == kLanes<R> ? load(from) : load_partial(from, count);
    });
    for (Index row = 0; row < Order; row += kRows) {
      Vec<R> sums[kRows];
      unrolled<kRows>([&](auto r) { sums[r] = zero<R>(); });
      unrolled<Order>([&](auto j) {
        unrolled<kRows>(
            [&](auto r) { sums[r] = fma(v[j], broadcast(signs[(row + r) * Order + j]), sums[r]); });
      });
      unrolled<kRows>([&](auto r) {
        R* const to = y + (row + r) * stride + i;
        count == kLanes<R> ? store(to, sums[r]) : store_partial(to, sums[r], count);
      });
    }
  }
}

template <int Inner, class R>
STRUM_FLATTEN void hadamard_of(const HadamardCall<R>& call) {
  const Index size = call.n * Inner;
  const R* x = call.x;
  if (call.order > 1) {
    call.order == 12 ? hadamard_outer<12>(call.signs, x, call.y, size)
                     : hadamard_outer<20>(call.signs, x, call.y, size);
    x = call.y;
  }
  if (size >= kLanes<R>) {
    for (Index block = 0; block < call.order; ++block)
      hadamard_levels<Inner, R>(x + block * size, call.y + block * size, size, call.scale);
    return;
  }
  const Index all = call.order * size;  // blocks fill vectors
  for (Index i = 0; i < all; i += kLanes<R>) {
    const Index count = std::min<Index>(kLanes<R>, all - i);
    const Vec<R> v = hadamard_lanes<Inner>(load_partial(x + i, count), size);
    store_partial(call.y + i, Vec<R>(v * broadcast(call.scale)), count);
  }
}

template <class R>
void hadamard(const HadamardCall<R>& call) {
  call.is_complex ? hadamard_of<2>(call) : hadamard_of<1>(call);
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
