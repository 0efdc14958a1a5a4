// The grouped kernel: blocks too small to fill a vector share one. Lanes hold the rows of G
// neighbouring blocks of b <= lanes/2 rows,
//
//     y[g·b + β, s] = Σ_γ w[g][β, γ] · x[g·c + γ, s],   0 <= g < G,
//
// and one vector of x holds all their inputs (G·c <= lanes): each step of γ is one permutation of
// it, every lane taking its own block's x[γ], and one multiply-add.
#pragma once

#include "strum/kernels/tile.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// Blocks that share a vector.
template <class T>
STRUM_ALWAYS_INLINE Index group_size(const FactorShape& f) {
  return kLanes<T> / f.b;
}

/// Whether a factor's blocks can share vectors, and gain by it.
template <class T>
STRUM_ALWAYS_INLINE bool can_group(const FactorShape& f) {
  if (!LanePermutation<T>::exists || f.d != 1 || f.b < 1 || f.b * 2 > kLanes<T> || f.a < 2)
    return false;
  return group_size<T>(f) * f.c <= kLanes<T> && f.x_gamma == 1 && f.x_alpha == f.c &&
         f.y_beta == 1 && f.y_alpha == f.b;
}

/// `groups` groups, S samples.
template <class T, class W>
struct GroupedCall {
  const W* w;
  Index w_gamma, w_group;
  const T* x;
  Index x_sample, x_group;
  Index x_lanes;  // inputs of a group
  T* y;
  Index y_row, y_sample, y_group;
  Index y_lanes;     // outputs of a group
  Index rows, cols;  // of a block
  Index groups;
  Scaling<T> scaling;
};

/// Every lane takes its block's first input.
template <class T>
LanePermutation<T> first_inputs(Index rows, Index cols) {
  typename LanePermutation<T>::Entry from[static_cast<std::size_t>(kLanes<T>)];
  for (Index lane = 0; lane < kLanes<T>; ++lane)
    from[lane] = static_cast<typename LanePermutation<T>::Entry>(lane / rows * cols);
  return LanePermutation<T>(from);
}

template <class T, class W, int S, bool Partial>
STRUM_FLATTEN void grouped_tile(const GroupedCall<T, W>& call) {
  const W* w_group = call.w;
  const T* x = call.x;
  TileTarget<T> to{call.y, call.y_row, call.y_sample, call.scaling};
  const LanePermutation<T> first = first_inputs<T>(call.rows, call.cols);
  for (Index group = 0; group < call.groups; ++group) {
    Vec<T> acc[1][S], inputs[S];
    unrolled<S>([&](int s) {
      acc[0][s] = zero<T>();
      inputs[s] =
          Partial ? load_partial(x + s * call.x_sample, call.x_lanes) : load(x + s * call.x_sample);
    });
    LanePermutation<T> own_input = first;
    const W* w = w_group;
    for (Index gamma = 0; gamma < call.cols; ++gamma) {
      const Vec<T> weights = load_as<T>(w);
      unrolled<S>([&](int s) { acc[0][s] = fma(weights, own_input(inputs[s]), acc[0][s]); });
      own_input.shift();
      w += call.w_gamma;
    }
    store_tile<T, 1, S>(acc, call.y_lanes, to);
    w_group += call.w_group;
    x += call.x_group;
    to.y += call.y_group;
  }
}

/// Samples of a tile: accumulators, inputs and permuted inputs share the registers.
inline constexpr int kGroupedSamples = kRegisters == 32 ? 8 : 4;
inline constexpr TileSizes kGroupedSizes = tile_sizes(kGroupedSamples, false);

template <class T, class W>
void grouped_samples(const GroupedCall<T, W>& call, Index samples) {
  using Tile = void (*)(const GroupedCall<T, W>&);
  static constexpr auto kTiles = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<Tile, sizeof...(I)>{[] {
      constexpr int kSamples = I % kGroupedSamples + 1;
      if constexpr (kGroupedSizes.has(kSamples))
        return &grouped_tile<T, W, kSamples, (I >= kGroupedSamples)>;
      else
        return Tile{};
    }()...};
  }
  (std::make_integer_sequence<int, 2 * kGroupedSamples>{});
  const bool partial = call.x_lanes < kLanes<T>;
  for_each_tile(samples, kGroupedSamples, kGroupedSizes, [&](Index first, Index size) {
    GroupedCall<T, W> tile = call;
    tile.x += first * call.x_sample;
    tile.y += first * call.y_sample;
    kTiles[static_cast<std::size_t>((partial ? kGroupedSamples : 0) + size - 1)](tile);
  });
}

/// A whole factor in grouped layout on `samples` samples. x has unit stride along features.
template <class T, class W>
void grouped_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_col, T* y,
                    Index y_row, Index y_col, const Scaling<T>& scaling) {
  const FactorShape& f = factor.shape;
  const Index most = group_size<T>(f), x_group = most * f.c, y_group = most * f.b;
  for (Index group = 0; group * most < f.a && group * y_group < f.rows;) {
    const Index blocks = std::min(most, f.a - group * most);
    GroupedCall<T, W> call{
        .w = factor.weights + group * most * f.b * f.c,
        .w_gamma = blocks * f.b,
        .w_group = most * f.b * f.c,
        .x = x + group * x_group,
        .x_sample = x_col,
        .x_group = x_group,
        .x_lanes = std::max(Index{0}, std::min(blocks * f.c, f.cols - group * x_group)),
        .y = y + group * y_group * y_row,
        .y_row = y_row,
        .y_sample = y_col,
        .y_group = y_group * y_row,
        .y_lanes = std::min(blocks * f.b, f.rows - group * y_group),
        .rows = f.b,
        .cols = f.c,
        .groups = 1,
        .scaling = scaling};
    // Whole groups run together; the last, and one that padding cuts, alone.
    const Index whole =
        std::min({f.a / most, f.cols / std::max(x_group, Index{1}), f.rows / y_group});
    if (group < whole) call.groups = whole - group;
    grouped_samples(call, samples);
    group += call.groups;
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
