// The panel kernel: lanes hold consecutive output rows of one block.
//
//     y[β, s] = Σ_γ w[β, γ] · x[γ, s]
//
// A tile of V vectors of rows by S samples stays in registers while γ runs: per step V loads of
// weights and S broadcasts of x, which may have any strides, for V·S multiply-adds.
#pragma once

#include <cstdint>

#include "strum/kernels/tile.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// One row panel of `blocks` blocks, S samples.
template <class T, class W>
struct PanelCall {
  const W* w;
  Index w_gamma, w_block;  // step from γ to γ+1, from block to block
  Index w_inner;           // range of γ in the packing, padding included
  const T* x;
  Index x_gamma, x_sample, x_block;
  T* y;
  Index y_row, y_sample, y_block;
  Index rows;   // rows of the panel, at most V vectors of them
  Index inner;  // range of γ
  Index blocks;
  Scaling<T> scaling;
};

template <class T, class W, int V, int S, bool UnitStride>
STRUM_ALWAYS_INLINE void panel_accumulate(const PanelCall<T, W>& call, const W* w, const T* x,
                                          Vec<T> (&acc)[V][S]) {
  constexpr Index L = kLanes<T>;
  const Index x_sample = call.x_sample;
  const Index x_gamma = UnitStride ? 1 : call.x_gamma;
  // Samples are addressed from every third one, which x86 reaches as p, p + i and p + 2i: one
  // pointer per sample would not fit the general registers.
  constexpr int kBases = (S + 2) / 3;
  const T* base[kBases];
  unrolled<kBases>([&](auto i) { base[i] = x + 3 * i * x_sample; });
  for (Index gamma = 0; gamma < call.inner; ++gamma) {
    Vec<T> weights[V];
    unrolled<V>([&](auto v) { weights[v] = load_as<T>(w + v * L); });
    unrolled<S>([&](auto s) {
      const Vec<T> value = broadcast(base[s / 3][(s % 3) * x_sample]);
      unrolled<V>([&](auto v) { acc[v][s] = fma(weights[v], value, acc[v][s]); });
    });
    w += call.w_gamma;
    unrolled<kBases>([&](auto i) { base[i] += x_gamma; });
  }
}

/// No clear win from fetching x and y a few blocks ahead (within 2 %, and 10 % slower where the
/// compiler kept the addresses in memory), nor from copying x or y through L1 (10 to 25 % slower).
template <class T, class W, int V, int S>
STRUM_FLATTEN void panel_tile(const PanelCall<T, W>& call) {
  const W* w = call.w;
  const T* x = call.x;
  TileTarget<T> to{call.y, call.y_row, call.y_sample, call.scaling};
  for (Index block = 0; block < call.blocks; ++block) {
    Vec<T> acc[V][S];
    unrolled<V>([&](auto v) { unrolled<S>([&](auto s) { acc[v][s] = zero<T>(); }); });
    if (call.x_gamma == 1)
      panel_accumulate<T, W, V, S, true>(call, w, x, acc);
    else
      panel_accumulate<T, W, V, S, false>(call, w, x, acc);
    store_tile<V, S>(acc, call.rows, to);
    w += call.w_block;
    x += call.x_block;
    to.y += call.y_block;
  }
}

/// Panels of one block that one sample visits together: their chains of multiply-adds hide the FMA
/// latency (AVX2, b = 128: 28 -> 48 GFLOP/s). Blocks of fewer panels need none of it: the processor
/// finds the next block's chains by itself (several blocks at a time were slower: 61 -> 51 at b =
/// 16, 94 -> 63 at 32).
inline constexpr int kPanelsAtOnce = 8 / kPanelVectors;

/// One sample through `panels` full panels of a block, U at a time.
template <class T, class W, int U>
STRUM_FLATTEN void panel_stack(PanelCall<T, W> call, Index panels) {
  constexpr int V = kPanelVectors;
  constexpr Index L = kLanes<T>;
  const Index w_panel = V * L * call.w_inner, y_panel = V * L * call.y_row;
  for (; panels >= U; panels -= U) {
    Vec<T> acc[V][U];
    unrolled<V>([&](auto v) { unrolled<U>([&](auto u) { acc[v][u] = zero<T>(); }); });
    const W* w = call.w;
    const T* x = call.x;
    for (Index gamma = 0; gamma < call.inner; ++gamma) {
      const Vec<T> value = broadcast(*x);
      unrolled<U>([&](auto u) {
        unrolled<V>(
            [&](auto v) { acc[v][u] = fma(load_as<T>(w + u * w_panel + v * L), value, acc[v][u]); });
      });
      w += V * L;
      x += call.x_gamma;
    }
    store_tile<V, U>(acc, V * L, {call.y, call.y_row, y_panel, call.scaling});
    call.w += U * w_panel;
    call.y += U * y_panel;
  }
  if constexpr (U > 1) {
    if (panels > 0) panel_stack<T, W, U / 2>(call, panels);
  }
}

/// Runs one row panel over any number of samples, in tiles of sizes that differ by one at most.
template <class T, class W, int V>
void panel_samples(PanelCall<T, W> call, Index samples) {
  constexpr int kMost = kPanelSamples<V>;
  using Tile = void (*)(const PanelCall<T, W>&);
  static constexpr auto kTiles = []<int... S>(std::integer_sequence<int, S...>) {
    return std::array<Tile, sizeof...(S)>{&panel_tile<T, W, V, S + 1>...};
  }
  (std::make_integer_sequence<int, kMost>{});
  for (Index tiles = (samples + kMost - 1) / kMost; tiles > 0; --tiles) {
    const Index size = (samples + tiles - 1) / tiles;
    kTiles[static_cast<std::size_t>(size - 1)](call);
    call.x += size * call.x_sample;
    call.y += size * call.y_sample;
    samples -= size;
  }
}

template <class T, class W>
void panel_vectors(const PanelCall<T, W>& call, Index samples) {
  using Run = void (*)(PanelCall<T, W>, Index);
  static constexpr auto kRuns = []<int... V>(std::integer_sequence<int, V...>) {
    return std::array<Run, sizeof...(V)>{&panel_samples<T, W, V + 1>...};
  }
  (std::make_integer_sequence<int, kPanelVectors>{});
  kRuns[static_cast<std::size_t>((call.rows - 1) / kLanes<T>)](call, samples);
}

/// Bytes of a block's weights up to which a tile of samples visits all blocks before the next tile
/// does: the weights then come from L2 once per tile, but x and y are walked in order. From 128x128
/// floats on, blocks outermost measured better.
inline constexpr Index kSmallBlockBytes = 64 * 64 * 4;

/// Whether the stores of one block land where the processor takes the next block's loads of x for
/// theirs: it compares the low 12 bits of addresses only, and waits.
template <class T>
bool stores_run_into_loads(const T* x, const T* y) {
  const auto ahead = reinterpret_cast<std::uintptr_t>(y) - reinterpret_cast<std::uintptr_t>(x);
  return ahead % 4096 != 0 && ahead % 4096 <= 256;
}

/// Last block first. The order of blocks changes no result.
template <class T, class W>
void reverse_blocks(PanelCall<T, W>& call) {
  const Index last = call.blocks - 1;
  call.w += last * call.w_block;
  call.x += last * call.x_block;
  call.y += last * call.y_block;
  call.w_block = -call.w_block;
  call.x_block = -call.x_block;
  call.y_block = -call.y_block;
}

/// A whole factor in panel layout on `samples` samples.
template <class T, class W>
void panel_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_row,
                  Index x_col, T* y, Index y_row, Index y_col, const Scaling<T>& scaling) {
  const FactorShape& f = factor.shape;
  constexpr Index kPanelRows = kPanelVectors * kLanes<T>;
  const Index weights_per_block = f.b * f.c;
  for (Index delta = 0; delta < f.d; ++delta) {
    for (Index alpha = 0; alpha < f.a;) {
      // Neighbouring blocks with the same true size run together.
      const Index inner = inner_size(f, alpha, delta), rows = row_count(f, alpha, delta);
      Index end = alpha + 1;
      while (end < f.a && inner_size(f, end, delta) == inner && row_count(f, end, delta) == rows)
        ++end;
      const bool stack = samples == 1 && rows >= kPanelsAtOnce * kPanelRows;
      const bool small = weights_per_block * Index{sizeof(W)} <= kSmallBlockBytes;
      const Index together = small && !stack ? end - alpha : 1;
      for (; alpha < end; alpha += together) {
        PanelCall<T, W> call{.w = factor.weights + (alpha * f.d + delta) * weights_per_block,
                             .w_gamma = kPanelRows,
                             .w_block = f.d * weights_per_block,
                             .w_inner = f.c,
                             .x = x + (alpha * f.x_alpha + delta) * x_row,
                             .x_gamma = f.x_gamma * x_row,
                             .x_sample = x_col,
                             .x_block = f.x_alpha * x_row,
                             .y = y + (alpha * f.y_alpha + delta) * y_row,
                             .y_row = f.y_beta * y_row,
                             .y_sample = y_col,
                             .y_block = f.y_alpha * y_row,
                             .rows = kPanelRows,
                             .inner = inner,
                             .blocks = together,
                             .scaling = scaling};
        Index row = 0;
        if (stack) {
          panel_stack<T, W, kPanelsAtOnce>(call, rows / kPanelRows);
          row = rows / kPanelRows * kPanelRows;
        }
        for (; row < rows; row += kPanelRows) {
          PanelCall<T, W> panel = call;
          panel.w += row * f.c;
          panel.y += row * call.y_row;
          panel.w_gamma = std::min(kPanelRows, f.b - row);
          panel.rows = std::min(kPanelRows, rows - row);
          // b = 16, y one cache line past x in its page: 131 -> 187 GFLOP/s.
          if (stores_run_into_loads(panel.x, panel.y)) reverse_blocks(panel);
          panel_vectors(panel, samples);
        }
      }
    }
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
