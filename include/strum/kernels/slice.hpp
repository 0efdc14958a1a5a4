// Parts of a packed factor that are packed factors themselves: for threads that share a product of
// few samples, and for epilogues that are to find outputs in L1. Where a part's weights begin
// follows from the order of packing (pack.hpp):
//
//     panel        i = (α·d + δ)·b·c + β·c               for β a multiple of the panel height
//     interleaved  i = (α·d + δ)·b·c                     for δ a multiple of the lanes
//                  i = (α·d + δ)·b·c + β·c·width         inside a single group of `width` lanes,
//                                                        not packed for the transpose
//     grouped      i = α·b·c                             for α a multiple of the group size
//     bundled      i = (α·d·b + β·d)·c                   for β·d a multiple of the panel height
//
// so that a factor can be cut along α, then each of its blocks along δ, then each of those along β.
#pragma once

#include <algorithm>

#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI::kernels {

/// What the order of packing takes from the instruction set.
struct PackingUnits {
  Index lanes, panel_rows;
};

/// Into how many parts α, δ and β are cut. More than one along δ only where every α is on its own,
/// more than one along β only where every δ (interleaved: every group of lanes) is, too.
struct SliceGrid {
  Index alpha = 1, delta = 1, beta = 1;
  [[nodiscard]] constexpr Index count() const { return alpha * delta * beta; }
};

/// A part of a factor, and the features of x and y that are its first.
template <class Weight>
struct FactorSlice {
  PackedFactor<Weight> factor;
  Index x, y;
};

namespace slicing {

struct Range {
  Index begin, end;
};

/// Part i of `parts` of [0, count), sizes differing by one unit at most.
[[nodiscard]] constexpr Range part(Index i, Index parts, Index count, Index unit) {
  const Index units = count / unit + (count % unit > 0 ? 1 : 0);
  const Index each = units / parts, longer = units % parts;
  const Index begin = i * each + std::min(i, longer);
  const Index end = begin + each + (i < longer ? 1 : 0);
  return {begin * unit, std::min(end * unit, count)};
}

[[nodiscard]] constexpr Index units_in(Index count, Index unit) {
  return count / unit + (count % unit > 0 ? 1 : 0);
}

/// Steps in which α, δ and β may be cut.
struct Steps {
  Index alpha, delta, beta;
};

template <class Weight>
[[nodiscard]] Steps steps(const PackedFactor<Weight>& factor, const PackingUnits& units) {
  const FactorShape& f = factor.shape;
  switch (factor.layout) {
    case Layout::panel:
      return {1, 1, units.panel_rows};
    case Layout::interleaved:
      // Weights packed for the transposed factor have β between γ and the lanes: no part of it
      // lies together. Eight rows are what the tallest tile takes.
      return {1, units.lanes, factor.transposed ? std::max(f.b, Index{1}) : 8};
    case Layout::bundled:
      return {1, std::max(f.d, Index{1}), units.panel_rows / f.d};
    case Layout::grouped:
      break;
  }
  return {units.lanes / f.b, 1, std::max(f.b, Index{1})};
}

/// Entries that exist of those a part reaches, `first` being its first.
[[nodiscard]] STRUM_ALWAYS_INLINE Index cut_size(Index size, Index first, Index reach) {
  return std::max(Index{0}, std::min(size - first, reach));
}

}  // namespace slicing

/// Blocks [alpha], rows [beta] and interleaved blocks [delta] of a factor whose packing has them in
/// one piece, for an instruction set of `lanes` lanes. Always inlined: the kernels use it, and
/// their objects define no symbol that another instruction set's callers could get.
template <class Weight>
[[nodiscard]] STRUM_ALWAYS_INLINE FactorSlice<Weight> slice(const PackedFactor<Weight>& factor,
                                                            const slicing::Range& alpha,
                                                            const slicing::Range& beta,
                                                            const slicing::Range& delta,
                                                            Index lanes) {
  const FactorShape& f = factor.shape;
  FactorSlice<Weight> part{.factor = factor,
                           .x = alpha.begin * f.x_alpha + delta.begin,
                           .y = alpha.begin * f.y_alpha + beta.begin * f.y_beta + delta.begin};
  FactorShape& p = part.factor.shape;
  p.a = alpha.end - alpha.begin;
  p.b = beta.end - beta.begin;
  p.d = delta.end - delta.begin;
  p.cols = slicing::cut_size(f.cols, part.x, (p.a - 1) * f.x_alpha + (f.c - 1) * f.x_gamma + p.d);
  p.rows = slicing::cut_size(f.rows, part.y, (p.a - 1) * f.y_alpha + (p.b - 1) * f.y_beta + p.d);
  const Index width = factor.layout == Layout::interleaved ? std::min(lanes, f.d - delta.begin)
                      : factor.layout == Layout::bundled   ? f.d
                                                           : 1;
  part.factor.weights += (alpha.begin * f.d + delta.begin) * f.b * f.c + beta.begin * f.c * width;
  return part;
}

/// About `wanted` parts; fewer where the factor has not as many.
template <class Weight>
[[nodiscard]] SliceGrid slice_grid(const PackedFactor<Weight>& factor, Index wanted,
                                   const PackingUnits& units) {
  const FactorShape& f = factor.shape;
  const slicing::Steps step = slicing::steps(factor, units);
  const Index alphas = slicing::units_in(f.a, step.alpha);
  SliceGrid grid{.alpha = std::max(Index{1}, std::min(wanted, alphas))};
  if (grid.alpha < f.a || wanted <= grid.alpha) return grid;
  const Index deltas = slicing::units_in(f.d, step.delta);
  grid.delta = std::min(slicing::units_in(wanted, grid.alpha), deltas);
  if (grid.delta < deltas) return grid;
  grid.beta = std::min(slicing::units_in(wanted, grid.alpha * grid.delta),
                       slicing::units_in(f.b, step.beta));
  return grid;
}

/// Part i of the grid. All together compute what the factor does, each its own outputs.
template <class Weight>
[[nodiscard]] FactorSlice<Weight> slice(const PackedFactor<Weight>& factor, const SliceGrid& grid,
                                        Index i, const PackingUnits& units) {
  const FactorShape& f = factor.shape;
  const slicing::Steps step = slicing::steps(factor, units);
  const auto beta = slicing::part(i % grid.beta, grid.beta, f.b, step.beta);
  const auto delta = slicing::part(i / grid.beta % grid.delta, grid.delta, f.d, step.delta);
  const auto alpha = slicing::part(i / grid.beta / grid.delta, grid.alpha, f.a, step.alpha);
  return slice(factor, alpha, beta, delta, units.lanes);
}

}  // namespace strum::inline STRUM_ABI::kernels
