// From a caller's weights to the order in which the kernels read them, and back.
#pragma once

#include "strum/kernels/grouped.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Calls f(α, β, γ, δ, i) for every weight, i its place in the packing.
///
///     panel        i = (α·d + δ)·b·c + panel·c + γ·width + (β − panel),  panel = β rounded down to
///                      a multiple of the panel height, width = min(panel height, b − panel)
///     interleaved  i = (α·d + group)·b·c + (β·c + γ)·width + (δ − group),  group = δ rounded down
///     to
///                      a multiple of the lanes, width = min(lanes, d − group)
///     grouped      i = first·b·c + γ·width·b + (α − first)·b + β,  first = α rounded down to a
///     multiple
///                      of the group size, width = min(group size, a − first)
///
///     bundled      i = α·d·b·c + panel·c + γ·width + (β·d + δ − panel),  panel = β·d + δ rounded
///                      down to a multiple of the panel height, width = min(panel height, b·d −
///                      panel)
///
/// All without gaps: a last vector of a narrow panel or group reads on into its neighbour's
/// weights, and those lanes are not stored.
template <class T, class F>
void for_each_packed(const FactorShape& f, Layout layout, F&& visit) {
  constexpr Index L = kLanes<T>, kPanelRows = kPanelVectors * L;
  const Index block = f.b * f.c;
  for (Index alpha = 0; alpha < f.a; ++alpha) {
    if (layout == Layout::panel) {
      for (Index delta = 0; delta < f.d; ++delta)
        for (Index panel = 0; panel < f.b; panel += kPanelRows) {
          const Index width = std::min(kPanelRows, f.b - panel);
          Index i = (alpha * f.d + delta) * block + panel * f.c;
          for (Index gamma = 0; gamma < f.c; ++gamma)
            for (Index beta = panel; beta < panel + width; ++beta)
              visit(alpha, beta, gamma, delta, i++);
        }
    } else if (layout == Layout::bundled) {
      for (Index panel = 0; panel < f.b * f.d; panel += kPanelRows) {
        const Index width = std::min(kPanelRows, f.b * f.d - panel);
        Index i = alpha * f.d * block + panel * f.c;
        for (Index gamma = 0; gamma < f.c; ++gamma)
          for (Index row = panel; row < panel + width; ++row)
            visit(alpha, row / f.d, gamma, row % f.d, i++);
      }
    } else if (layout == Layout::grouped) {
      const Index most = group_size<T>(f), first = alpha / most * most;
      const Index rows = std::min(most, f.a - first) * f.b;
      for (Index gamma = 0; gamma < f.c; ++gamma)
        for (Index beta = 0; beta < f.b; ++beta)
          visit(alpha, beta, gamma, 0, first * block + gamma * rows + (alpha - first) * f.b + beta);
    } else {
      for (Index group = 0; group < f.d; group += L) {
        const Index width = std::min(L, f.d - group);
        Index i = (alpha * f.d + group) * block;
        for (Index beta = 0; beta < f.b; ++beta)
          for (Index gamma = 0; gamma < f.c; ++gamma)
            for (Index delta = group; delta < group + width; ++delta)
              visit(alpha, beta, gamma, delta, i++);
      }
    }
  }
}

/// A vector past the last weight may be read, never used.
template <class T>
Index packed_size(const FactorShape& f) {
  return f.a * f.b * f.c * f.d + kPanelVectors * kLanes<T>;
}

/// A padded lane adds w·x = −0·0 = −0, which changes no sum, not even the sign of a zero.
template <class W>
STRUM_ALWAYS_INLINE W padding_weight() {
  if constexpr (kIsComplex<W>)
    return {-0.0f, -0.0f};
  else
    return static_cast<W>(-0.0f);
}

template <class T, class W>
void pack(const FactorShape& f, Layout layout, const WeightView<W>& from, W* to) {
  for_each_packed<T>(f, layout, [&](Index alpha, Index beta, Index gamma, Index delta, Index i) {
    to[i] = weight_exists(f, alpha, beta, gamma, delta)
                ? from.data[alpha * from.alpha + beta * from.beta + gamma * from.gamma +
                            delta * from.delta]
                : padding_weight<W>();
  });
  const Index used = f.a * f.b * f.c * f.d;
  for (Index i = used; i < packed_size<T>(f); ++i) to[i] = static_cast<W>(0.0f);
}

template <class T, class W>
void unpack(const FactorShape& f, Layout layout, const W* from, W* to,
            const WeightView<W>& strides) {
  for_each_packed<T>(f, layout, [&](Index alpha, Index beta, Index gamma, Index delta, Index i) {
    to[alpha * strides.alpha + beta * strides.beta + gamma * strides.gamma +
       delta * strides.delta] =
        weight_exists(f, alpha, beta, gamma, delta) ? from[i] : static_cast<W>(0.0f);
  });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
