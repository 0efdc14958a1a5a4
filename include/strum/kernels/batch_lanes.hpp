// The kernel for batch-contiguous matrices: lanes hold samples, weights are broadcast.
//
//     y[β, s] = Σ_γ w[β, γ] · x[γ, s]
//
// for each block (α, δ), from any packing: a block's weights have a step along β and one along γ.
// A tile of R rows by V vectors of samples stays in registers while γ runs: V loads of x and R
// broadcasts for R·V multiply-adds.
#pragma once

#include "strum/kernels/grouped.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// R rows of some blocks.
template <class T, class W>
struct BatchCall {
  const W* w;
  Index w_row, w_gamma;
  Index w_block, w_group;  // step from block to block, from group to group of blocks
  const T* x;
  Index x_gamma, x_block;
  T* y;
  Index y_row, y_sample, y_block;
  Index inner;
  Index samples;
  Index blocks;  // of a group
  Index groups;
  Scaling<T> scaling;
  // Of a piece of a long sum, with one block: whether what `sums` holds is added to the sums, and
  // whether they go there and not to y.
  bool resume = false, suspend = false;
  T* sums = nullptr;
};

/// Of the R weights of one γ, those that are loaded 128 bits at a time and spread by shuffles,
/// where rows are neighbours. As in the panel kernel, only tiles of one vector have too many loads.
template <class T, class W, int R, int V, bool UnitRows>
inline constexpr int kShuffledRows =
    UnitRows&& V == 1 && std::is_same_v<T, W> && !kIsComplex<T> && kLanes<T> > kPartLanes<T>
        ? (R <= kPartLanes<T> ? R : (3 * R + 2) / 4) / kPartLanes<T>* kPartLanes<T>
        : 0;

/// One γ: acc[v][r] += w[r]·x[v].
template <bool UnitRows, bool Partial, class T, class W, int R, int V>
STRUM_ALWAYS_INLINE void batch_step(const W* w, Index w_row, const T* x, Index samples,
                                    Parts<T> (&acc)[V][R]) {
  constexpr int Q = kPartLanes<T>, P = kShuffledRows<T, W, R, V, UnitRows>;
  Vec<Real<T>> values[V], parts[P > 0 ? P / Q : 1];
  unrolled<V>(
      [&](int v) { values[v] = Partial ? load_partial(x, samples) : load(x + v * kLanes<T>); });
  if constexpr (P > 0) unrolled<P / Q>([&](int i) { parts[i] = load_repeated(w + i * Q); });
  unrolled<R>([&](auto r) {
    Parts<T> weight;
    if constexpr (r < P)
      weight = repeat_lane<r % Q>(parts[r / Q]);
    else
      weight = broadcast(static_cast<T>(w[r * (UnitRows ? 1 : w_row)]));
    unrolled<V>([&](int v) { acc[v][r] = fma(weight, values[v], acc[v][r]); });
  });
}

/// All samples, V vectors at a time: as many as fill them, or with Partial fewer than a vector.
template <class T, class W, int R, int V, bool Partial, bool UnitRows>
STRUM_FLATTEN void batch_tile(const BatchCall<T, W>& call) {
  constexpr Index L = kLanes<T>;
  // Copies: a vector store may change anything, the call's own fields included.
  const Index w_row = call.w_row, w_gamma = call.w_gamma, x_gamma = call.x_gamma;
  const Index y_row = call.y_row, y_sample = call.y_sample;
  const Index inner = call.inner, samples = call.samples;
  const bool direct = !Partial && call.scaling.plain && y_sample == 1;
  const W* w_group = call.w;
  const T* x_block = call.x;
  T* y_block = call.y;
  for (Index group = call.groups; group > 0; --group) {
    const W* w_first = w_group;
    for (Index block = call.blocks; block > 0; --block) {
      for (Index sample = 0; sample < samples; sample += V * L) {
        Parts<T> acc[V][R];
        unrolled<V>([&](int v) { unrolled<R>([&](int r) { acc[v][r] = zero<T>(); }); });
        const W* w = w_first;
        const T* x = x_block + sample;
        for (Index gamma = 0; gamma < inner; ++gamma) {
          batch_step<UnitRows, Partial>(w, w_row, x, samples, acc);
          w += w_gamma;
          x += x_gamma;
        }
        if (call.resume) [[unlikely]] {
          unrolled<R>([&](int r) {
            unrolled<V>([&](int v) {
              acc[v][r] =
                  load_parts<T>(call.sums + kParts<T> * R * (sample + v * L) + r * kSumSize<T>) +
                  acc[v][r];
            });
          });
        }
        T* y = y_block + sample * y_sample;
        if (call.suspend) [[unlikely]] {
          unrolled<R>([&](int r) {
            unrolled<V>([&](int v) {
              store_parts<T>(call.sums + kParts<T> * R * (sample + v * L) + r * kSumSize<T>,
                             acc[v][r]);
            });
          });
        } else if (direct) [[likely]] {
          const Finish<T, Apart::w> finish(call.scaling.conjugate);
          unrolled<R>([&](int r) {
            unrolled<V>([&](int v) { store(y + v * L, finish(acc[v][r])); });
            y += y_row;
          });
        } else {
          store_odd_tile<T, V, R, Apart::w>(acc, Partial ? samples : V * L,
                                            {y, y_sample, y_row, call.scaling});
        }
      }
      w_first += call.w_block;
      x_block += call.x_block;
      y_block += call.y_block;
    }
    w_group += call.w_group;
  }
}

/// Heights of tiles of a part-filled vector, of one and of two: what the registers hold beside x
/// and a weight, and what is left of blocks of other heights. Two heights the library has alone.
inline constexpr int kThree = kEveryTile ? 3 : 4, kTwelve = kEveryTile || kRegisters < 32 ? 12 : 16;
template <bool Complex>
inline constexpr int kBatchHeightsOf[3][8] = {
    {1, 4, 8, 8, 8, 8, 8, 8},
    {1, 2, kThree, 4, 8, kTwelve, kRegisters == 32 ? 16 : 12, kRegisters == 32 ? 24 : 12},
    {1, 2, kThree, 4, 4, kRegisters == 32 ? 8 : 6, kRegisters == 32 ? 12 : 6,
     kRegisters == 32 ? 12 : 6}};
template <>
inline constexpr int kBatchHeightsOf<true>[3][8] = {
    {1, 2, 4, 4, 4, 4, 4, kRegisters == 32 ? 8 : 4},
    {1, 2, 3, 4, 6, kRegisters == 32 ? 8 : 6, kRegisters == 32 ? 12 : 6, kRegisters == 32 ? 12 : 6},
    {1, 2, 3, kRegisters == 32 ? 4 : 3, kRegisters == 32 ? 6 : 3, kRegisters == 32 ? 6 : 3,
     kRegisters == 32 ? 6 : 3, kRegisters == 32 ? 6 : 3}};
template <class T>
inline constexpr const auto& kBatchHeights = kBatchHeightsOf<kIsComplex<T>>;
/// Where rows are not neighbours in the packing, every row has an address of its own.
inline constexpr int kMostStridedRows = kRegisters == 32 ? 8 : 4;

template <class T, class W>
using BatchTile = void (*)(const BatchCall<T, W>&);

/// The tile for the next of `rows` rows: tiles of much the same height, as few as possible.
template <class T, class W, int V, bool Partial, bool UnitRows>
BatchTile<T, W> batch_tile_for(Index rows, Index& height) {
  static constexpr auto kTiles = []<int... I>(std::integer_sequence<int, I...>) {
    return std::array<BatchTile<T, W>, sizeof...(I)>{[] {
      constexpr int R = kBatchHeights<T>[Partial ? 0 : V][I];
      if constexpr (UnitRows || R <= kMostStridedRows)
        return &batch_tile<T, W, R, V, Partial, UnitRows>;
      else
        return BatchTile<T, W>{};
    }()...};
  }
  (std::make_integer_sequence<int, 8>{});
  const auto& heights = kBatchHeights<T>[Partial ? 0 : V];
  int tallest = 7;
  while (!UnitRows && heights[tallest] > kMostStridedRows) --tallest;
  const Index tiles = (rows + heights[tallest] - 1) / heights[tallest];
  const Index wanted = (rows + tiles - 1) / tiles;
  int i = 0;
  while (heights[i] < wanted) ++i;
  while (heights[i] > rows) --i;
  height = heights[i];
  return kTiles[static_cast<std::size_t>(i)];
}

/// Samples of a block's x that are copied together so that neighbouring rows do not fall into the
/// same set of L1; and that wait together for the next piece of a long sum.
inline constexpr Index kCopiedSamples = 64;

/// One tile of rows of one block on kCopiedSamples samples or fewer, a long sum in pieces.
template <class T, class W>
void batch_long_sum(BatchTile<T, W> tile, BatchCall<T, W> call) {
  constexpr auto kMostRows = static_cast<std::size_t>(kBatchHeights<T>[1][7]);
  alignas(kLaneAlignment<T>)
      T sums[kMostRows * static_cast<std::size_t>(kCopiedSamples * kParts<T>)];
  call.sums = sums;
  for (Index left = call.inner; left > 0; left -= kTermsPerSum) {
    call.inner = std::min(left, kTermsPerSum);
    call.suspend = left > kTermsPerSum;
    tile(call);
    call.resume = true;
    call.w += kTermsPerSum * call.w_gamma;
    call.x += kTermsPerSum * call.x_gamma;
  }
}

template <class T, class W, int V, bool Partial>
void batch_rows(BatchCall<T, W> call, Index rows) {
  while (rows > 0) {
    Index height = 0;
    const BatchTile<T, W> tile = call.w_row == 1
                                     ? batch_tile_for<T, W, V, Partial, true>(rows, height)
                                     : batch_tile_for<T, W, V, Partial, false>(rows, height);
    if (call.inner <= kTermsPerSum)
      tile(call);
    else
      batch_long_sum(tile, call);
    call.w += height * call.w_row;
    call.y += height * call.y_row;
    rows -= height;
  }
}

/// `rows` rows of some blocks on any number of samples: two vectors at a time, then one, then the
/// lanes that are left.
template <class T, class W>
void batch_samples(BatchCall<T, W> call, Index rows, Index samples) {
  constexpr Index L = kLanes<T>;
  const auto advance = [&](Index count) {
    call.x += count;
    call.y += count * call.y_sample;
    samples -= count;
  };
  if (const Index pairs = samples / (2 * L) * (2 * L); pairs > 0) {
    call.samples = pairs;
    batch_rows<T, W, 2, false>(call, rows);
    advance(pairs);
  }
  if (samples >= L) {
    call.samples = L;
    batch_rows<T, W, 1, false>(call, rows);
    advance(L);
  }
  if (samples > 0) {
    call.samples = samples;
    batch_rows<T, W, 1, true>(call, rows);
  }
}

/// Whether rows of x this far apart collide in L1: they share a few of its 64 sets of 64 bytes.
template <class T>
bool rows_collide(Index x_row) {
  return x_row * Index{sizeof(T)} % 1024 == 0;
}

/// One block of many rows or long sums: the samples in stretches whose x stays in L1 for all tiles
/// of rows.
template <class T, class W>
void batch_block(const BatchCall<T, W>& call, Index rows, Index samples, T* scratch) {
  const bool copy = rows_collide<T>(call.x_gamma);
  for (Index first = 0; first < samples; first += kCopiedSamples) {
    const Index count = std::min(kCopiedSamples, samples - first);
    BatchCall<T, W> part = call;
    part.x += first;
    part.y += first * call.y_sample;
    if (copy) {
      for (Index gamma = 0; gamma < call.inner; ++gamma) {
        const T* const from = part.x + gamma * call.x_gamma;
        T* const to = scratch + gamma * kCopiedSamples;
        Index s = 0;
        for (; s + kLanes<T> <= count; s += kLanes<T>) store(to + s, load(from + s));
        if (s < count) store_partial(to + s, load_partial(from + s, count - s), count - s);
      }
      part.x = scratch;
      part.x_gamma = kCopiedSamples;
    }
    batch_samples(part, rows, count);
  }
}

/// Range of γ up to which a block's x is read in place by every tile of rows: it stays in L2.
inline constexpr Index kUncopiedInner = 256;
static_assert(kUncopiedInner <= kTermsPerSum, "long sums go through batch_block()");

/// Whether a tile of rows walks all blocks and whole rows of samples before the next tile of rows
/// does: long runs that the processor foresees. To read x again for every tile costs less than to
/// leave them (512 samples, b = 16: 54 -> 190 GFLOP/s, b = 64: 217 -> 235, b = 128: 204 -> 228);
/// with few samples and tall blocks it is the other way about (128 samples, b = 256: 248 -> 227).
STRUM_ALWAYS_INLINE bool walk_all_blocks(Index inner, Index samples) {
  return inner <= 64 || (samples > 256 && inner <= 256);
}

/// A whole factor, in any packing, on `samples` samples that are contiguous in x. `scratch` holds
/// kCopiedSamples times the inputs of a block.
template <class T, class W>
void batch_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_row, T* y,
                  Index y_row, Index y_col, const Scaling<T>& scaling, T* scratch) {
  const FactorShape& f = factor.shape;
  constexpr Index L = kLanes<T>, kPanelRows = kPanelVectors * L;
  const Index block = f.b * f.c;
  for (Index alpha = 0; alpha < f.a;) {
    Index together = 1;
    for (Index delta = 0; delta < f.d; ++delta) {
      const Index rows = row_count(f, alpha, delta), inner = inner_size(f, alpha, delta);
      BatchCall<T, W> call{.w = factor.weights + (alpha * f.d + delta) * block,
                           .w_row = 1,
                           .w_gamma = 0,
                           .w_block = block,
                           .w_group = 0,
                           .x = x + (alpha * f.x_alpha + delta) * x_row,
                           .x_gamma = f.x_gamma * x_row,
                           .x_block = f.x_alpha * x_row,
                           .y = y + (alpha * f.y_alpha + delta) * y_row,
                           .y_row = f.y_beta * y_row,
                           .y_sample = y_col,
                           .y_block = f.y_alpha * y_row,
                           .inner = inner,
                           .samples = samples,
                           .blocks = 1,
                           .groups = 1,
                           .scaling = scaling};
      if (factor.layout == Layout::interleaved) {
        const Index lane = delta % L, lanes = std::min(L, f.d - (delta - lane));
        call.w += lane - lane * block;
        call.w_row = (factor.transposed ? 1 : f.c) * lanes;
        call.w_gamma = (factor.transposed ? f.b : 1) * lanes;
        batch_block(call, rows, samples, scratch);
        continue;
      }
      if (factor.layout == Layout::bundled) {
        call.w = factor.weights + alpha * f.d * block + delta;
        call.w_row = f.d;
        for (Index row = 0; row < rows * f.d; row += kPanelRows) {
          const Index panel = std::min(kPanelRows, f.b * f.d - row);
          call.w_gamma = panel;
          batch_block(call, std::min(panel, rows * f.d - row) / f.d, samples, scratch);
          call.w += kPanelRows * f.c;
          call.y += kPanelRows / f.d * call.y_row;
        }
        continue;
      }
      // Low blocks of the same true size run in one call.
      if (f.d == 1 && walk_all_blocks(inner, samples))
        while (alpha + together < f.a && row_count(f, alpha + together, 0) == rows &&
               inner_size(f, alpha + together, 0) == inner)
          ++together;
      if (factor.layout == Layout::grouped) {
        const Index most = group_size<T>(f), first = alpha / most * most;
        const Index width = std::min(most, f.a - first);
        call.w = factor.weights + first * block + (alpha - first) * f.b;
        call.w_gamma = width * f.b;
        call.w_block = f.b;
        call.w_group = most * block;
        // Whole groups, or what there is of one.
        const bool whole = alpha == first && together >= most;
        together = whole ? together / most * most : std::min(together, first + width - alpha);
        call.blocks = whole ? most : together;
        call.groups = together / call.blocks;
        batch_samples(call, rows, samples);
        continue;
      }
      call.blocks = together;
      for (Index row = 0; row < rows; row += kPanelRows) {
        const Index panel = std::min(kPanelRows, rows - row);
        call.w_gamma = std::min(kPanelRows, f.b - row);
        if (together > 1 || inner <= kUncopiedInner)
          batch_samples(call, panel, samples);
        else
          batch_block(call, panel, samples, scratch);
        call.w += kPanelRows * f.c;
        call.y += kPanelRows * call.y_row;
      }
    }
    alpha += together;
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
