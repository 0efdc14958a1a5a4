// The kernel for batch-contiguous matrices: lanes hold samples, weights are broadcast.
//
//     y[β, s] = Σ_γ w[β, γ] · x[γ, s]
//
// for each block (α, δ), from either packing: a block's weights have a step along β and one along
// γ.
#pragma once

#include "strum/kernels/grouped.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// R rows of one block by V vectors of samples.
template <class T, class W>
struct BatchCall {
  const W* w;
  Index w_row, w_gamma;
  const T* x;
  Index x_gamma;
  T* y;
  Index y_row, y_sample;
  Index inner;
  Index samples;
  Scaling<T> scaling;
};

template <class T, class W, int R, int V, bool Partial>
STRUM_FLATTEN void batch_tile(const BatchCall<T, W>& call) {
  constexpr Index L = kLanes<T>;
  Vec<T> acc[V][R];
  unrolled<V>([&](auto v) { unrolled<R>([&](auto r) { acc[v][r] = zero<T>(); }); });
  const W* w = call.w;
  const T* x = call.x;
  for (Index gamma = 0; gamma < call.inner; ++gamma) {
    Vec<T> values[V];
    unrolled<V>([&](auto v) {
      values[v] =
          Partial && v == V - 1 ? load_partial(x + v * L, call.samples - v * L) : load(x + v * L);
    });
    unrolled<R>([&](auto r) {
      const Vec<T> weight = broadcast(static_cast<T>(w[r * call.w_row]));
      unrolled<V>([&](auto v) { acc[v][r] = fma(weight, values[v], acc[v][r]); });
    });
    w += call.w_gamma;
    x += call.x_gamma;
  }
  store_tile<V, R>(acc, call.samples, {call.y, call.y_sample, call.y_row, call.scaling});
}

template <class T, class W>
using BatchTile = void (*)(const BatchCall<T, W>&);

/// Tiles by [partial][rows - 1][vectors - 1].
template <class T, class W>
BatchTile<T, W> batch_tile_for(bool partial, Index rows, Index vectors) {
  static constexpr auto kTiles = []<int... I>(std::integer_sequence<int, I...>) {
    constexpr int R = kBatchRows, V = kBatchVectors;
    return std::array<BatchTile<T, W>, sizeof...(I)>{
        &batch_tile<T, W, I / V % R + 1, I % V + 1, (I / (R * V) > 0)>...};
  }
  (std::make_integer_sequence<int, 2 * kBatchRows * kBatchVectors>{});
  const Index i = ((partial ? kBatchRows : 0) + rows - 1) * kBatchVectors + vectors - 1;
  return kTiles[static_cast<std::size_t>(i)];
}

/// `rows` rows, equally spaced in the packing, on any number of samples.
template <class T, class W>
void batch_rows(const BatchCall<T, W>& call, Index rows, Index samples) {
  constexpr Index L = kLanes<T>;
  Index vectors_left = (samples + L - 1) / L;
  Index sample = 0;
  for (Index tiles = (vectors_left + kBatchVectors - 1) / kBatchVectors; tiles > 0; --tiles) {
    const Index vectors = (vectors_left + tiles - 1) / tiles;
    BatchCall<T, W> tile = call;
    tile.x += sample;
    tile.y += sample * call.y_sample;
    tile.samples = std::min(samples - sample, vectors * L);
    const bool partial = tile.samples < vectors * L;
    for (Index row = 0; row < rows; row += kBatchRows) {
      const Index count = std::min(rows - row, Index{kBatchRows});
      batch_tile_for<T, W>(partial, count, vectors)(tile);
      tile.w += count * call.w_row;
      tile.y += count * call.y_row;
    }
    sample += vectors * L;
    vectors_left -= vectors;
  }
}

/// A whole factor, in either packing, on `samples` samples that are contiguous in x.
template <class T, class W>
void batch_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_row, T* y,
                  Index y_row, Index y_col, const Scaling<T>& scaling) {
  const FactorShape& f = factor.shape;
  constexpr Index L = kLanes<T>;
  for (Index alpha = 0; alpha < f.a; ++alpha) {
    for (Index delta = 0; delta < f.d; ++delta) {
      const Index rows = row_count(f, alpha, delta);
      BatchCall<T, W> call{.w = nullptr,
                           .w_row = 0,
                           .w_gamma = 0,
                           .x = x + (alpha * f.x_alpha + delta) * x_row,
                           .x_gamma = f.x_gamma * x_row,
                           .y = y + (alpha * f.y_alpha + delta) * y_row,
                           .y_row = f.y_beta * y_row,
                           .y_sample = y_col,
                           .inner = inner_size(f, alpha, delta),
                           .samples = samples,
                           .scaling = scaling};
      if (factor.layout == Layout::panel) {
        constexpr Index kPanelRows = kPanelVectors * L;
        for (Index row = 0; row < rows; row += kPanelRows) {
          call.w = factor.weights + (alpha * f.d + delta) * f.b * f.c + row * f.c;
          call.w_row = 1;
          call.w_gamma = std::min(kPanelRows, f.b - row);
          batch_rows(call, std::min(kPanelRows, rows - row), samples);
          call.y += kPanelRows * call.y_row;
        }
      } else if (factor.layout == Layout::grouped) {
        const Index most = group_size<T>(f), block = alpha % most;
        const Index blocks = std::min(most, f.a - (alpha - block));
        call.w = factor.weights + (alpha - block) * f.b * f.c + block * f.b;
        call.w_row = 1;
        call.w_gamma = blocks * f.b;
        batch_rows(call, rows, samples);
      } else {
        const Index lane = delta % L, lanes = std::min(L, f.d - (delta - lane));
        call.w = factor.weights + (alpha * f.d + delta - lane) * f.b * f.c + lane;
        call.w_row = (factor.transposed ? 1 : f.c) * lanes;
        call.w_gamma = (factor.transposed ? f.b : 1) * lanes;
        batch_rows(call, rows, samples);
      }
    }
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
