// The panel kernel: lanes hold consecutive output rows of one block.
//
//     y[β, s] = Σ_γ w[β, γ] · x[γ, s]
//
// A tile of V vectors of rows by S samples stays in registers while γ runs: per step V loads of
// weights and S broadcasts of x, which may have any strides, for V·S multiply-adds.
#pragma once

#include <cstdint>

#include "strum/kernels/tuned.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// A tile of `blocks` blocks.
template <class T, class W>
struct PanelCall {
  const W* w;
  Index w_gamma, w_block;  // step from γ to γ+1, from block to block
  Index w_inner;           // range of γ in the packing, padding included
  const T* x;
  Index x_gamma, x_sample, x_block;
  T* y;
  Index y_row, y_sample, y_block;
  Index rows;   // of the tile, at most V vectors of them
  Index inner;  // range of γ
  Index blocks;
  Scaling<T> scaling;
  // Whether what `sums` holds is added to the sums, and whether they go there and not to y.
  bool resume = false, suspend = false;
  T* sums = nullptr;
  // Weights to ask for meanwhile, and the step from γ to γ+1 in them.
  const W* fetch = nullptr;
  Index fetch_step = 0;
  /// Elements of x that a γ has, over which rows take turns: of a bundled factor, its d.
  Index period = 1;
};

/// Of the S samples of a tile, those whose x is loaded 128 bits at a time and spread over the lanes
/// by a shuffle; the others' is broadcast from memory. A tile of one vector has barely more
/// multiply-adds than loads (9 loads for 8 of them, two a cycle): b = 16 went from 176 to 232
/// GFLOP/s with six of eight shuffled, from 0.90 to 0.95 of the peak at b = 32 with four of eight;
/// all eight of them cost 7 % again, and taller tiles have no need of it. What is shuffled takes a
/// register each; only those left over are used for it. Complex numbers have twice the
/// multiply-adds, and none.
template <class T, int V, int S>
inline constexpr int kShuffledSamples = kIsComplex<T>
                                            ? 0
                                            : std::clamp(V == 1   ? (3 * S + 2) / 4
                                                         : V == 2 ? std::min(4, S / 2)
                                                                  : 0,
                                                         0,
                                                         std::max(0, kRegisters - V * S - V - 1));

/// Where the S samples of a tile are. Only every third has a pointer, from which x86 reaches p,
/// p + i and p + 2i: one per sample would not fit the general registers.
template <class T, int S>
struct SamplePointers {
  static constexpr int kBases = (S + 2) / 3;
  const T* base[kBases];
  Index stride;

  STRUM_ALWAYS_INLINE SamplePointers(const T* x, Index x_sample) : stride(x_sample) {
    unrolled<kBases>([&](int i) { base[i] = x + 3 * i * x_sample; });
  }
  STRUM_ALWAYS_INLINE const T* operator[](int s) const { return base[s / 3] + (s % 3) * stride; }
  STRUM_ALWAYS_INLINE void advance(Index step) {
    unrolled<kBases>([&](int i) { base[i] += step; });
  }
};

/// One γ, x[Q] of each sample: of the first P from `parts`, of the others from memory. With a
/// Period, lane i takes x[i mod Period].
/// Plain functions and no lambdas around the loops: gcc 12 keeps `acc` in registers only if it sees
/// through all references to it in one pass.
template <int Q, int P, int Period, class T, class W, int V, int S>
STRUM_ALWAYS_INLINE void panel_step(const W* w, const SamplePointers<T, S>& x,
                                    const Vec<Real<T>> (&parts)[std::max(P, 1)],
                                    Parts<T> (&acc)[V][S]) {
  Vec<Real<T>> weights[V];
  unrolled<V>([&](int v) { weights[v] = load_as<T>(w + v * kLanes<T>); });
  unrolled<S>([&](auto s) {
    Parts<T> value;
    if constexpr (s < P)
      value = repeat_lane<Q>(parts[s]);
    else if constexpr (Period > 1)
      value = load_periodic<Period>(x[s]);
    else
      value = broadcast(x[s][Q]);
    unrolled<V>([&](int v) { acc[v][s] = fma(weights[v], value, acc[v][s]); });
  });
}

/// Inner > 0: the range of γ, known to the compiler.
template <int Inner, bool UnitStride, bool Fetch, int Period, class T, class W, int V, int S>
STRUM_ALWAYS_INLINE void panel_accumulate(const W* w, Index w_gamma, const T* x_first,
                                          Index x_sample, Index x_gamma, Index run_time_inner,
                                          const W* fetch, Index fetch_step, Parts<T> (&acc)[V][S]) {
  constexpr int Q = kPartLanes<T>, P = UnitStride ? kShuffledSamples<T, V, S> : 0;
  const Index inner = Inner > 0 ? Inner : run_time_inner;
  SamplePointers<T, S> x(x_first, x_sample);
  Index gamma = 0;
  if constexpr (P > 0) {
    for (; gamma + Q <= inner; gamma += Q) {
      Vec<Real<T>> parts[P];
      unrolled<P>([&](int s) { parts[s] = load_repeated(x[s]); });
      panel_step<0, P, 1>(w, x, parts, acc);
      panel_step<1, P, 1>(w + w_gamma, x, parts, acc);
      if constexpr (Q == 4) {
        panel_step<2, P, 1>(w + 2 * w_gamma, x, parts, acc);
        panel_step<3, P, 1>(w + 3 * w_gamma, x, parts, acc);
      }
      w += Q * w_gamma;
      x.advance(Q);
    }
    if constexpr (Inner > 0 && Inner % Q == 0) return;
  }
  for (; gamma < inner; ++gamma) {
    if constexpr (Fetch) {
      prefetch_far(fetch);
      prefetch_far(fetch + fetch_step / 2);
      fetch += fetch_step;
    }
    panel_step<0, 0, Period>(w, x, {zero<Real<T>>()}, acc);
    w += w_gamma;
    x.advance(UnitStride ? 1 : x_gamma);
  }
}

/// No clear win from fetching x and y a few blocks ahead (within 2 %, and 10 % slower where the
/// compiler kept the addresses in memory), nor from copying x or y through L1 (10 to 25 % slower).
template <class T, class W, int V, int S, bool UnitStride, int Inner, bool Fetch = false,
          int Period = 1>
STRUM_FLATTEN void panel_tile(const PanelCall<T, W>& call) {
  constexpr Index L = kLanes<T>;
  constexpr bool kMayPause = Inner == 0;
  const W* w = call.w;
  const T* x = call.x;
  T* y = call.y;
  const Index y_sample = call.y_sample;
  const Index w_gamma = Inner > 0 ? Index{V * L} : call.w_gamma;
  const bool direct = call.scaling.plain && call.y_row == 1 && call.rows == V * L;
  for (Index block = call.blocks; block > 0; --block) {
    Parts<T> acc[V][S];
    unrolled<V>([&](int v) { unrolled<S>([&](int s) { acc[v][s] = zero<T>(); }); });
    panel_accumulate<Inner, UnitStride, Fetch, Period>(
        w, w_gamma, x, call.x_sample, call.x_gamma, call.inner, call.fetch, call.fetch_step, acc);
    if (kMayPause && call.resume) {
      unrolled<S>([&](int s) {
        unrolled<V>([&](int v) {
          acc[v][s] = load_parts<T>(call.sums + (s * V + v) * kSumSize<T>) + acc[v][s];
        });
      });
    }
    if (kMayPause && call.suspend) {
      unrolled<S>([&](int s) {
        unrolled<V>(
            [&](int v) { store_parts<T>(call.sums + (s * V + v) * kSumSize<T>, acc[v][s]); });
      });
    } else if (direct) [[likely]] {
      const Finish<T, Apart::x> finish(call.scaling.conjugate);
      unrolled<S>([&](int s) {
        unrolled<V>([&](int v) { store(y + s * y_sample + v * L, finish(acc[v][s])); });
      });
    } else {
      store_odd_tile<T, V, S>(acc, call.rows, {y, call.y_row, y_sample, call.scaling});
    }
    w += call.w_block;
    x += call.x_block;
    y += call.y_block;
  }
}

/// Panels of one block that one sample visits together: their chains of multiply-adds hide the FMA
/// latency (AVX2, b = 128: 28 -> 48 GFLOP/s). Blocks of fewer panels need none of it: the processor
/// finds the next block's chains by itself (several blocks at a time were slower: 61 -> 51 at b =
/// 16, 94 -> 63 at 32).
template <class T>
inline constexpr int kPanelsAtOnce = std::max(1, 8 / kPanelVectors / kParts<T>);

/// total += U pieces of the sums of one sample and one panel of V vectors, as often as there are so
/// many left, then fewer: independent chains of multiply-adds.
template <int U, class T, class W, int V>
STRUM_ALWAYS_INLINE void add_pieces(const PanelCall<T, W>& call, Index& first,
                                    Parts<T> (&total)[V][1]) {
  constexpr Index L = kLanes<T>;
  while (U == 1 ? first < call.inner : call.inner - first >= U * kTermsPerSum) {
    const Index terms = U == 1 ? std::min(call.inner - first, kTermsPerSum) : kTermsPerSum;
    Parts<T> acc[V][U];
    unrolled<V>([&](int v) { unrolled<U>([&](int u) { acc[v][u] = zero<T>(); }); });
    const T* x = call.x + first * call.x_gamma;
    SamplePointers<W, U> w(call.w + first * call.w_gamma, kTermsPerSum * call.w_gamma);
    for (Index gamma = 0; gamma < terms; ++gamma) {
      unrolled<U>([&](int u) {
        const Parts<T> value = broadcast(x[u * kTermsPerSum]);
        unrolled<V>([&](int v) { acc[v][u] = fma(load_as<T>(w[u] + v * L), value, acc[v][u]); });
      });
      w.advance(call.w_gamma);
      x += call.x_gamma;
    }
    unrolled<U>([&](int u) {
      const bool none_before = u == 0 && first == 0;
      unrolled<V>([&](int v) { total[v][0] = none_before ? acc[v][u] : total[v][0] + acc[v][u]; });
    });
    first += U * kTermsPerSum;
  }
  if constexpr (U > 1) add_pieces<U / 2, T, W, V>(call, first, total);
}

/// One sample through one panel or less of V vectors whose sums are long.
template <class T, class W, int V>
STRUM_FLATTEN void panel_long_sum(const PanelCall<T, W>& call) {
  Parts<T> total[V][1];
  unrolled<V>([&](int v) { total[v][0] = zero<T>(); });
  Index first = 0;
  if (call.x_gamma == 1)
    add_pieces<(V == 1 ? 8 : V == 2 ? 4 : 2) / kParts<T>, T, W, V>(call, first, total);
  else
    add_pieces<1, T, W, V>(call, first, total);
  store_tile<T, V, 1>(total, call.rows, {call.y, call.y_row, 0, call.scaling});
}

/// One sample through `panels` full panels of a block, U at a time.
template <class T, class W, int U>
STRUM_FLATTEN void panel_stack(PanelCall<T, W> call, Index panels) {
  constexpr int V = kPanelVectors;
  constexpr Index L = kLanes<T>;
  const Index w_panel = V * L * call.w_inner, y_panel = V * L * call.y_row;
  for (; panels >= U; panels -= U) {
    alignas(kLaneAlignment<T>) T sums[static_cast<std::size_t>(V * U * kSumSize<T>)];
    Parts<T> acc[V][U];
    const W* w = call.w;
    const T* x = call.x;
    for (Index first = 0; first == 0 || first < call.inner; first += kTermsPerSum) {
      if (first > 0)
        unrolled<V>([&](int v) {
          unrolled<U>([&](int u) { store_parts<T>(sums + (v * U + u) * kSumSize<T>, acc[v][u]); });
        });
      unrolled<V>([&](int v) { unrolled<U>([&](int u) { acc[v][u] = zero<T>(); }); });
      for (Index terms = std::min(kTermsPerSum, call.inner - first); terms > 0; --terms) {
        const Parts<T> value = broadcast(*x);
        unrolled<U>([&](int u) {
          unrolled<V>([&](int v) {
            acc[v][u] = fma(load_as<T>(w + u * w_panel + v * L), value, acc[v][u]);
          });
        });
        w += V * L;
        x += call.x_gamma;
      }
      if (first > 0)
        unrolled<V>([&](int v) {
          unrolled<U>([&](int u) {
            acc[v][u] = load_parts<T>(sums + (v * U + u) * kSumSize<T>) + acc[v][u];
          });
        });
    }
    store_tile<T, V, U>(acc, V * L, {call.y, call.y_row, y_panel, call.scaling});
    call.w += U * w_panel;
    call.y += U * y_panel;
  }
  if constexpr (U > 1) {
    if (panels > 0) panel_stack<T, W, U / 2>(call, panels);
  }
}

template <class T, class W>
using PanelTile = void (*)(const PanelCall<T, W>&);

/// Header-only, only the larger half of the tiles that fetch: the others are those of the last few
/// samples.
template <class T, int Most, bool Fetch, int S>
inline constexpr bool kHasPanelTile = kPanelSizes<T>.has(S) &&
                                      (kEveryTile || !Fetch || S * 2 > Most);

/// The tile of V vectors by `samples` samples, at most Most; null if there is none.
template <class T, class W, int V, int Most, int Inner, bool Fetch = false>
PanelTile<T, W> panel_tile_of(Index samples) {
  static constexpr auto kTiles = []<int... S>(std::integer_sequence<int, S...>) {
    return std::array<PanelTile<T, W>, Most>{[] {
      if constexpr (kHasPanelTile<T, Most, Fetch, S + 1>)
        return &panel_tile<T, W, V, S + 1, true, Inner, Fetch>;
      else
        return PanelTile<T, W>{};
    }()...};
  }
  (std::make_integer_sequence<int, Most>{});
  return kTiles[static_cast<std::size_t>(samples - 1)];
}

/// x with a stride along γ is rarer, and not worth as many tiles: 8, 4, 2 and 1 samples in turn,
/// header-only 4 and 1.
inline constexpr int kStridedSamples = kEveryTile ? 8 : 4, kStridedStep = kEveryTile ? 2 : 4;
template <class T, class W, int V, int S, int Period>
void panel_strided(const PanelCall<T, W>& whole, Index samples) {
  if constexpr (S > kPanelSamples<T, V>) {
    panel_strided<T, W, V, S / kStridedStep, Period>(whole, samples);
  } else {
    if (samples == S) return panel_tile<T, W, V, S, false, 0, false, Period>(whole);
    if constexpr (S > 1) {
      if (samples < S) return panel_strided<T, W, V, S / kStridedStep, Period>(whole, samples);
    }
    PanelCall<T, W> call = whole;
    for (; samples >= S; samples -= S) {
      panel_tile<T, W, V, S, false, 0, false, Period>(call);
      call.x += S * call.x_sample;
      call.y += S * call.y_sample;
      call.sums += S * V * kSumSize<T>;
    }
    if constexpr (S > 1) {
      if (samples > 0) panel_strided<T, W, V, S / kStridedStep, Period>(call, samples);
    }
  }
}

/// The tile for a bundled factor, if this is one.
template <class T, class W, int V, int Period>
bool run_bundled_tile(const PanelCall<T, W>& call, Index samples) {
  if constexpr (kIsComplex<T> || Period > kLanes<T>) {
    return false;
  } else {
    if (call.period != Period) return run_bundled_tile<T, W, V, 2 * Period>(call, samples);
    panel_strided<T, W, V, kStridedSamples, Period>(call, samples);
    return true;
  }
}

/// Runs the tile of `V` vectors that fits. A square block of one vector of rows has kernels of its
/// own: with the range of γ known, b = 16 takes 10 % less. They know nothing of sums in pieces.
template <class T, class W, int V>
void run_panel_tile(const PanelCall<T, W>& call, Index samples) {
  if (call.period > 1 && run_bundled_tile<T, W, V, 2>(call, samples)) return;
  if (call.x_gamma != 1) return panel_strided<T, W, V, kStridedSamples, 1>(call, samples);
  if constexpr (V == 1 && !kIsComplex<T>) {
    constexpr int L = kLanes<T>, kMost = kPanelSamples<T, 1>;
    if (call.inner == L && call.w_gamma == L && !call.resume && !call.suspend)
      return panel_tile_of<T, W, 1, kMost, L>(samples)(call);
  }
  if constexpr (V == kPanelVectors && !kIsComplex<T>) {
    if (call.fetch != nullptr)
      return panel_tile_of<T, W, V, kPanelSamples<T, V>, 0, true>(samples)(call);
  }
  panel_tile_of<T, W, V, kPanelSamples<T, V>, 0>(samples)(call);
}

template <class T, class W>
void run_panel_tile(const PanelCall<T, W>& call, Index vectors, Index samples) {
  using Run = void (*)(const PanelCall<T, W>&, Index);
  static constexpr auto kRuns = []<int... V>(std::integer_sequence<int, V...>) {
    return std::array<Run, sizeof...(V)>{&run_panel_tile<T, W, V + 1>...};
  }
  (std::make_integer_sequence<int, kPanelVectors>{});
  kRuns[static_cast<std::size_t>(vectors - 1)](call, samples);
}

template <class T, class W>
void run_panel_long_sum(const PanelCall<T, W>& call, Index vectors) {
  static constexpr auto kRuns = []<int... V>(std::integer_sequence<int, V...>) {
    return std::array<PanelTile<T, W>, sizeof...(V)>{&panel_long_sum<T, W, V + 1>...};
  }
  (std::make_integer_sequence<int, kPanelVectors>{});
  kRuns[static_cast<std::size_t>(vectors - 1)](call);
}

/// The samples of a tile through `vectors` vectors of a block's rows, a long sum in pieces.
template <class T, class W>
void panel_long_sums(PanelCall<T, W> tile, Index vectors, Index samples) {
  if (samples == 1) return run_panel_long_sum(tile, vectors);
  const Index inner = tile.inner;
  alignas(kLaneAlignment<T>)
      T sums[static_cast<std::size_t>(kPanelVectors * kLanes<T> * kPanelSamplesOf[0])];
  tile.sums = sums;
  for (Index first = 0; first < inner; first += kTermsPerSum) {
    tile.inner = std::min(kTermsPerSum, inner - first);
    tile.resume = first > 0;
    tile.suspend = first + kTermsPerSum < inner;
    run_panel_tile(tile, vectors, samples);
    tile.w += kTermsPerSum * tile.w_gamma;
    tile.x += kTermsPerSum * tile.x_gamma;
  }
}

/// The same of all blocks, of any length.
template <class T, class W>
void panel_sum(PanelCall<T, W> tile, Index vectors, Index samples) {
  if (tile.inner <= kTermsPerSum) return run_panel_tile(tile, vectors, samples);
  const Index blocks = tile.blocks;
  tile.blocks = 1;
  for (Index block = 0; block < blocks; ++block) {
    panel_long_sums(tile, vectors, samples);
    tile.w += tile.w_block;
    tile.x += tile.x_block;
    tile.y += tile.y_block;
  }
}

/// The plan for blocks of `rows` rows: 5 ns, once for a run of equal blocks and tile of samples.
template <class T>
PanelPlan plan_panel(Index rows, Index samples) {
  const Index vectors = (rows + kLanes<T> - 1) / kLanes<T>;
  if constexpr (kPanelPlans<T>.plans[0][0].vectors == 0) {
    return default_panel_plan<T>(vectors, samples);
  } else {
    static_assert(has_tiles(kPanelPlans<T>), "tuned.hpp names a tile that does not exist");
    const Index height = vectors <= 4 ? vectors - 1 : vectors < 8 ? 4 : vectors == 8 ? 5 : 6;
    const Index batch = samples == 1 ? 0 : samples < 16 ? 1 : samples < 64 ? 2 : 3;
    return kPanelPlans<T>.plans[height][batch];
  }
}

/// Rows from `row` on of the call's blocks, at most `vectors` vectors of them and of one panel.
template <class T, class W>
STRUM_ALWAYS_INLINE PanelCall<T, W> rows_from(const PanelCall<T, W>& call, Index block_rows,
                                              Index row, Index vectors) {
  constexpr Index kPanelRows = kPanelVectors * kLanes<T>;
  const Index panel = row / kPanelRows * kPanelRows;
  PanelCall<T, W> tile = call;
  tile.w += panel * call.w_inner + (row - panel);
  tile.w_gamma = std::min(kPanelRows, block_rows - panel);
  tile.y += row * call.y_row;
  tile.rows = std::min({vectors * kLanes<T>, panel + kPanelRows - row, call.rows - row});
  return tile;
}

/// All rows of the call's blocks, `vectors` at a time, on one tile of samples.
template <class T, class W>
void panel_rows(const PanelCall<T, W>& call, Index block_rows, Index vectors, Index samples) {
  constexpr Index L = kLanes<T>;
  for (Index row = 0; row < call.rows;) {
    const PanelCall<T, W> tile = rows_from(call, block_rows, row, vectors);
    panel_sum(tile, (tile.rows + L - 1) / L, samples);
    row += tile.rows;
  }
}

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

/// Samples outermost: each tile of them visits all blocks.
template <class T, class W>
void panel_samples_outermost(PanelCall<T, W> call, Index block_rows, Index samples,
                             const PanelPlan& plan) {
  // b = 16, y one cache line past x in its page: 131 -> 187 GFLOP/s.
  if (stores_run_into_loads(call.x, call.y)) reverse_blocks(call);
  for_each_tile(samples, plan.samples, kPanelSizes<T>, [&](Index first, Index size) {
    PanelCall<T, W> tile = call;
    tile.x += first * call.x_sample;
    tile.y += first * call.y_sample;
    panel_rows(tile, block_rows, plan.vectors, size);
  });
}

/// Range of γ from which on the first tile of samples would wait for the weights of a panel: the
/// other tiles ask for the next ones meanwhile, each its share (Dense, n = 4096, whose weights come
/// from DRAM: 16 samples 114 -> 143 GFLOP/s, 128 samples 190 -> 215). Shorter panels are L2's and
/// the processor's own affair (b = 128 lost 2 %).
inline constexpr Index kFetchInner = 512;

/// Asks for `length` elements of each of some samples, to be read or to be written.
template <bool Write, class T>
STRUM_ALWAYS_INLINE void fetch(const T* p, Index sample, Index length, Index samples) {
  for (Index s = 0; s < samples; ++s)
    for (Index i = 0; i < length; i += 64 / Index{sizeof(T)}) prefetch<Write>(p + s * sample + i);
}

/// Blocks outermost: the weights of a panel stay in cache while all samples visit it, those of a
/// long sum piece by piece: a piece stays in L2 beside x, and the sums wait in memory in between.
/// The x of the next block and the y of the next panel are asked for ahead: each sample's lie a
/// page from the last one's, which no processor foresees (b = 128, 512 samples from DRAM: 175 ->
/// 230 GFLOP/s, of which y is the larger part).
template <class T, class W>
void panel_blocks_outermost(PanelCall<T, W> call, Index block_rows, Index samples,
                            const PanelPlan& plan) {
  constexpr Index L = kLanes<T>, kPanelRows = kPanelVectors * L;
  const Index most = plan.samples;
  alignas(kLaneAlignment<T>) T sums[static_cast<std::size_t>(kSampleTile * kPanelRows * kParts<T>)];
  const Index blocks = call.blocks, rows = call.rows, inner = call.inner;
  const bool fetch_x = call.x_gamma == 1, fetch_y = call.y_row == 1;
  call.blocks = 1;
  for (Index block = 0; block < blocks; ++block) {
    for (Index row = 0; row < rows;) {
      PanelCall<T, W> panel = rows_from(call, block_rows, row, Index{plan.vectors});
      for (Index gamma = 0; gamma == 0 || gamma < inner; gamma += kTermsPerSum) {
        panel.inner = std::min(kTermsPerSum, inner - gamma);
        panel.resume = gamma > 0;
        panel.suspend = gamma + kTermsPerSum < inner;
        T* const y = panel.y;
        const T* const x = panel.x;
        const W* next = panel.w + panel.inner * panel.w_gamma;
        panel.fetch_step = panel.w_gamma / std::max((samples + most - 1) / most - 1, Index{1});
        for_each_tile(samples, most, kPanelSizes<T>, [&](Index first, Index size) {
          panel.x = x + first * call.x_sample;
          panel.y = y + first * call.y_sample;
          panel.sums = sums + first * kPanelRows * kParts<T>;
          panel.fetch = first > 0 && inner > kFetchInner ? next : nullptr;
          if (first > 0) next += panel.fetch_step * panel.inner;
          if (fetch_x && row == 0 && gamma == 0 && block + 1 < blocks)
            fetch<false>(panel.x + call.x_block, call.x_sample, inner, size);
          if (fetch_y && gamma == 0)
            fetch<true>(panel.y + panel.rows, call.y_sample, panel.rows, size);
          run_panel_tile(panel, (panel.rows + L - 1) / L, size);
        });
        panel.x = x;
        panel.y = y;
        panel.w += kTermsPerSum * panel.w_gamma;
        panel.x += kTermsPerSum * call.x_gamma;
      }
      row += panel.rows;
    }
    call.w += call.w_block;
    call.x += call.x_block;
    call.y += call.y_block;
  }
}

/// One sample through blocks of several panels.
template <class T, class W>
void panel_one_sample(PanelCall<T, W> call, Index block_rows) {
  constexpr Index kPanelRows = kPanelVectors * kLanes<T>;
  const Index blocks = call.blocks, whole = call.rows / kPanelRows * kPanelRows;
  call.blocks = 1;
  for (Index block = 0; block < blocks; ++block) {
    panel_stack<T, W, kPanelsAtOnce<T>>(call, whole / kPanelRows);
    PanelCall<T, W> rest = call;
    rest.w += whole * call.w_inner;
    rest.y += whole * call.y_row;
    rest.rows -= whole;
    panel_rows(rest, block_rows - whole, kPanelVectors, 1);
    call.w += call.w_block;
    call.x += call.x_block;
    call.y += call.y_block;
  }
}

/// A run of equal blocks on at most kSampleTile samples.
template <class T, class W>
void panel_run(PanelCall<T, W>& call, Index block_rows, Index samples, const PanelPlan& plan) {
  constexpr Index L = kLanes<T>, kPanelRows = kPanelVectors * L;
  // What is one tile goes there at once: every copy of the call on the way waits for what was just
  // written to it (one 16 x 16 block, one sample: 123 -> 79 ns).
  if (call.rows <= plan.vectors * L && call.inner <= kTermsPerSum &&
      (samples == 1 || (samples <= plan.samples && kPanelSizes<T>.has(samples) &&
                        plan.order == PanelOrder::samples_outermost))) {
    if (stores_run_into_loads(call.x, call.y)) reverse_blocks(call);
    call.w_gamma = std::min(kPanelRows, block_rows);
    return run_panel_tile(call, (call.rows + L - 1) / L, samples);
  }
  if (samples == 1 && call.rows >= kPanelsAtOnce<T> * kPanelRows && call.period == 1)
    panel_one_sample(call, block_rows);
  else if (samples > 1 && plan.order == PanelOrder::blocks_outermost)
    panel_blocks_outermost(call, block_rows, samples, plan);
  else
    panel_samples_outermost(call, block_rows, samples, plan);
}

/// Bytes of a block beyond what the tables were measured with: read once for all samples, whatever
/// they say of its height.
inline constexpr Index kLargestTunedBlock = 512 * 1024;

/// A whole factor in panel layout on at most kSampleTile samples.
template <class T, class W>
void panel_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_row,
                  Index x_col, T* y, Index y_row, Index y_col, const Scaling<T>& scaling,
                  Index period = 1) {
  const FactorShape& f = factor.shape;
  for (Index delta = 0; delta < f.d; ++delta) {
    for (Index alpha = 0; alpha < f.a;) {
      // Neighbouring blocks with the same true size run together.
      const Index inner = inner_size(f, alpha, delta), rows = row_count(f, alpha, delta);
      Index end = alpha + 1;
      while (end < f.a && inner_size(f, end, delta) == inner && row_count(f, end, delta) == rows)
        ++end;
      PanelCall<T, W> call{.w = factor.weights + (alpha * f.d + delta) * f.b * f.c,
                           .w_gamma = 0,
                           .w_block = f.d * f.b * f.c,
                           .w_inner = f.c,
                           .x = x + (alpha * f.x_alpha + delta) * x_row,
                           .x_gamma = f.x_gamma * x_row,
                           .x_sample = x_col,
                           .x_block = f.x_alpha * x_row,
                           .y = y + (alpha * f.y_alpha + delta) * y_row,
                           .y_row = f.y_beta * y_row,
                           .y_sample = y_col,
                           .y_block = f.y_alpha * y_row,
                           .rows = rows,
                           .inner = inner,
                           .blocks = end - alpha,
                           .scaling = scaling,
                           .period = period};
      alpha = end;
      if (rows == 0) continue;
      PanelPlan plan = plan_panel<T>(rows, samples);
      if (rows * inner * Index{sizeof(W)} > kLargestTunedBlock)
        plan.order = PanelOrder::blocks_outermost;
      panel_run(call, f.b, samples, plan);
    }
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
