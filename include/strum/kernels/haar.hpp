// The Haar transform of one contiguous signal: averages and details of pairs, level by level.
#pragma once

#include "strum/kernels/trig_passes.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// count averages and count details of 2·count numbers; averages may be x.
template <class R>
STRUM_ALWAYS_INLINE void haar_analyse(const R* x, R* averages, R* details, Index count) {
  const Vec<R> half = broadcast(R(0.70710678118654752440));
  for_runs<R>(count, [&](Index i, Index run) STRUM_ALWAYS_INLINE_LAMBDA {
    const VecPair<R> in = load_pairs(x + 2 * i, run);
    const VecPair<R> v = take_pairs_apart(in.x, in.y);
    store_run(averages + i, 1, Vec<R>((v.x + v.y) * half), run);
    store_run(details + i, 1, Vec<R>((v.x - v.y) * half), run);
  });
}

/// The 2·count numbers of count averages and details, a power of two, from the last to the first:
/// y may be averages.
template <class R>
STRUM_ALWAYS_INLINE void haar_synthesise(const R* averages, const R* details, R* y, Index count) {
  const Vec<R> half = broadcast(R(0.70710678118654752440));
  const Index run = std::min<Index>(count, kLanes<R>);
  for (Index i = count - run; i >= 0; i -= run) {
    const Vec<R> a = load_run(averages + i, 1, run), d = load_run(details + i, 1, run);
    store_pairs(y + 2 * i, put_pairs_together(Vec<R>((a + d) * half), Vec<R>((a - d) * half)), run);
  }
}

template <class R>
STRUM_FLATTEN void haar(const HaarCall<R>& call) {
  if (call.inverse) {
    call.y[0] = call.x[0];
    for (Index count = 1; count < call.n; count *= 2)
      haar_synthesise(call.y, call.x + count, call.y, count);
    return;
  }
  const R* x = call.x;
  for (Index count = call.n / 2; count >= 1; count /= 2, x = call.averages)
    haar_analyse(x, call.averages, call.y + count, count);
  call.y[0] = x[0];
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
