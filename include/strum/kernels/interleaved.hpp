// The interleaved kernel: lanes hold consecutive δ, the same entry of neighbouring blocks.
//
//     y[β][δ, s] = Σ_γ w[β][γ][δ] · x[γ][δ, s]
//
// A tile of R rows β by S samples stays in registers while γ runs: per step R loads of weights and
// S of x for R·S multiply-adds. Rows of x and y lie d apart, so a vector of either is contiguous
// and a Monarch product needs no permutation.
#pragma once

#include "strum/kernels/tile.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

/// One group of lanes: `tiles` times R rows, S samples.
template <class T, class W>
struct InterleavedCall {
  const W* w;
  Index w_row, w_gamma;
  const T* x;
  Index x_gamma, x_sample;
  T* y;
  Index y_row, y_lane, y_sample;
  Index x_lanes;     // lanes of x that exist in every row before `inner`
  Index y_lanes;     // lanes of y that exist
  Index inner;       // range of γ over which all lanes of x exist
  Index last_lanes;  // lanes that also have x at γ = inner, 0 if none
  Index tiles;
  Scaling<T> scaling;
  bool resume = false;  // the sums begin with what y holds
  // Of a piece of a long sum, with one tile: whether what `sums` holds is added to the sums, and
  // whether they go there and not to y.
  bool add = false, suspend = false;
  T* sums = nullptr;
};

/// One γ: acc[r][s] += w[r]·x[s].
template <bool Partial, class T, class W, int R, int S>
STRUM_ALWAYS_INLINE void interleaved_step(const W* w, Index w_row, const T* x, Index x_sample,
                                          Index lanes, Parts<T> (&acc)[R][S]) {
  Parts<T> values[S];
  unrolled<S>([&](int s) {
    values[s] =
        take_apart<T>(Partial ? load_partial(x + s * x_sample, lanes) : load(x + s * x_sample));
  });
  unrolled<R>([&](int r) {
    const Vec<Real<T>> weights = load_as<T>(w + r * w_row);
    unrolled<S>([&](int s) { acc[r][s] = fma(weights, values[s], acc[r][s]); });
  });
}

/// Whether a sum can wait in y for more of its terms: a complex one does not fit.
template <class T>
inline constexpr bool kWaitsInY = !kIsComplex<T>;

template <class T, class W, int R, int S, bool Partial>
STRUM_FLATTEN void interleaved_tile(const InterleavedCall<T, W>& call) {
  const W* w_rows = call.w;
  T* y = call.y;
  for (Index tile = 0; tile < call.tiles; ++tile) {
    Parts<T> acc[R][S];
    if (kWaitsInY<T> && call.resume) {
      if constexpr (kWaitsInY<T>)
        unrolled<R>([&](int r) {
          unrolled<S>([&](int s) { acc[r][s] = load(y + r * call.y_row + s * call.y_sample); });
        });
    } else {
      unrolled<R>([&](int r) { unrolled<S>([&](int s) { acc[r][s] = zero<T>(); }); });
    }
    const W* w = w_rows;
    const T* x = call.x;
    for (Index gamma = 0; gamma < call.inner; ++gamma) {
      interleaved_step<Partial>(w, call.w_row, x, call.x_sample, call.x_lanes, acc);
      w += call.w_gamma;
      x += call.x_gamma;
    }
    if constexpr (Partial) {
      if (call.last_lanes > 0)
        interleaved_step<Partial>(w, call.w_row, x, call.x_sample, call.last_lanes, acc);
    }
    if (call.sums != nullptr) [[unlikely]] {
      if (call.add) {
        unrolled<R>([&](int r) {
          unrolled<S>([&](int s) {
            acc[r][s] = load_parts<T>(call.sums + (r * S + s) * kSumSize<T>) + acc[r][s];
          });
        });
      }
      if (call.suspend) {
        unrolled<R>([&](int r) {
          unrolled<S>(
              [&](int s) { store_parts<T>(call.sums + (r * S + s) * kSumSize<T>, acc[r][s]); });
        });
        return;
      }
    }
    if (call.scaling.plain && call.y_lane == 1 && call.y_lanes == kLanes<T>) {
      const Finish<T, Apart::x> finish(call.scaling.conjugate);
      unrolled<R>([&](int r) {
        unrolled<S>(
            [&](int s) { store(y + r * call.y_row + s * call.y_sample, finish(acc[r][s])); });
      });
    } else {
      constexpr Index L = kLanes<T>;
      const Finish<T, Apart::x> finish(call.scaling.conjugate);
      alignas(kLaneAlignment<T>) T spilled[static_cast<std::size_t>(R * S * L)];
      unrolled<R>([&](int r) {
        unrolled<S>([&](int s) { store(spilled + (r * S + s) * L, finish(acc[r][s])); });
      });
      for (Index r = 0; r < R; ++r)
        store_spilled(spilled + r * S * L, L, call.y_lanes, Index{S},
                      {y + r * call.y_row, call.y_lane, call.y_sample, call.scaling});
    }
    w_rows += R * call.w_row;
    y += R * call.y_row;
  }
}

template <class T, class W>
using InterleavedTile = void (*)(const InterleavedCall<T, W>&);

inline constexpr TileSizes kRowSizes = tile_sizes(kInterleavedRows, false);
template <class T>
inline constexpr TileSizes kSampleSizes = tile_sizes(kInterleavedSamples<T>, true);

/// Tiles by [partial][rows - 1][samples - 1].
template <class T, class W>
InterleavedTile<T, W> interleaved_tile_for(bool partial, Index rows, Index samples) {
  static constexpr auto kTiles = []<int... I>(std::integer_sequence<int, I...>) {
    constexpr int R = kInterleavedRows, S = kInterleavedSamples<T>;
    return std::array<InterleavedTile<T, W>, sizeof...(I)>{[] {
      constexpr int kRows = I / S % R + 1, kSamples = I % S + 1;
      if constexpr (kRowSizes.has(kRows) && kSampleSizes<T>.has(kSamples))
        return &interleaved_tile<T, W, kRows, kSamples, (I / (R * S) > 0)>;
      else
        return InterleavedTile<T, W>{};
    }()...};
  }
  (std::make_integer_sequence<int, 2 * kInterleavedRows * kInterleavedSamples<T>>{});
  const Index i =
      ((partial ? kInterleavedRows : 0) + rows - 1) * kInterleavedSamples<T> + samples - 1;
  return kTiles[static_cast<std::size_t>(i)];
}

/// Rows that one sample takes together through weights packed for the transposed factor: their
/// weights are neighbours and the next γ's lie a page away, so a tall tile reads longer runs.
template <class T>
inline constexpr int kTallRows = kRegisters / 2 / kParts<T>;

/// Range of γ after which the sums wait in y until all rows are as far: a tile's x, one cache line
/// per γ and sample, then stays in L1 (128 x 128 blocks: 191 -> 216 GFLOP/s).
inline constexpr Index kInnerChunk = 64;

/// One tile of rows and samples whose sums are long.
template <class T, class W>
void interleaved_long_sum(InterleavedTile<T, W> tile, InterleavedCall<T, W> call) {
  constexpr auto kTile = static_cast<std::size_t>(kInterleavedRows * kInterleavedSamples<T>);
  alignas(kLaneAlignment<T>) T sums[kTile * static_cast<std::size_t>(kSumSize<T>)];
  const Index inner = call.inner, last_lanes = call.last_lanes;
  const Index terms = inner + (last_lanes > 0 ? 1 : 0);
  call.sums = sums;
  for (Index first = 0; first < terms; first += kTermsPerSum) {
    call.suspend = first + kTermsPerSum < terms;
    call.inner = std::min(kTermsPerSum, inner - first);
    call.last_lanes = call.suspend ? 0 : last_lanes;
    tile(call);
    call.add = true;
    call.w += kTermsPerSum * call.w_gamma;
    call.x += kTermsPerSum * call.x_gamma;
  }
}

/// The same for `rows` rows.
template <class T, class W>
void interleaved_long_sums(InterleavedCall<T, W> call, Index rows, Index samples, bool partial) {
  call.tiles = 1;
  while (rows > 0) {
    const Index count = kRowSizes.at_most(std::min(rows, Index{kInterleavedRows}));
    interleaved_long_sum(interleaved_tile_for<T, W>(partial, count, samples), call);
    call.w += count * call.w_row;
    call.y += count * call.y_row;
    rows -= count;
  }
}

/// One tile of `size` samples through `rows` rows of a group of lanes. The call is changed on the
/// way and left as it was: a copy would wait for what was just written to it (40 ns for one
/// sample).
template <class T, class W>
void interleaved_samples(InterleavedCall<T, W>& call, Index rows, Index size, Index chunk,
                         bool partial) {
  constexpr Index R = kInterleavedRows;
  const Index inner = call.inner, last_lanes = call.last_lanes;
  const W* const w = call.w;
  const T* const x = call.x;
  T* const y = call.y;
  for (Index gamma = 0; gamma == 0 || gamma < inner; gamma += chunk) {
    call.w = w + gamma * call.w_gamma;
    call.x = x + gamma * call.x_gamma;
    call.inner = std::min(chunk, inner - gamma);
    call.last_lanes = gamma + chunk < inner ? 0 : last_lanes;
    call.resume = gamma > 0;
    for (Index left = rows; left > 0;) {
      const Index count = left >= R ? R : kRowSizes.at_most(left);
      call.tiles = left / count;  // of less than R rows one: the rest is less than half of them
      interleaved_tile_for<T, W>(partial, count, size)(call);
      const Index done = call.tiles * count;
      call.w += done * call.w_row;
      call.y += done * call.y_row;
      left -= done;
    }
    call.y = y;
  }
  call.w = w;
  call.x = x;
  call.inner = inner;
  call.last_lanes = last_lanes;
}

/// `rows` rows of one group of lanes on any number of samples. `gathered`, if not null, is where
/// gather_samples() put their x. The call is left as it was.
template <class T, class W>
void interleaved_rows(InterleavedCall<T, W>& call, Index rows, Index samples, bool partial,
                      const T* gathered) {
  constexpr Index L = kLanes<T>;
  const W* const w = call.w;
  const T* const x = call.x;
  T* const all_y = call.y;
  const Index x_gamma = call.x_gamma, x_sample = call.x_sample;
  const bool is_long = call.inner + (call.last_lanes > 0 ? 1 : 0) > kTermsPerSum;
  if (samples == 1 && call.w_row < call.w_gamma && !partial && !is_long && rows >= kTallRows<T>) {
    call.tiles = rows / kTallRows<T>;
    call.resume = false;
    interleaved_tile<T, W, kTallRows<T>, 1, false>(call);
    rows -= call.tiles * kTallRows<T>;
    call.w += call.tiles * kTallRows<T> * call.w_row;
    call.y += call.tiles * kTallRows<T> * call.y_row;
  }
  // A sum can wait in y where y takes whole vectors as they are.
  const bool can_pause =
      kWaitsInY<T> && !partial && call.scaling.plain && call.y_lane == 1 && call.y_lanes == L;
  const Index chunk = can_pause && samples > 1 ? kInnerChunk : std::max(call.inner, Index{1});
  T* const y = call.y;
  for_each_tile(samples, kInterleavedSamples<T>, kSampleSizes<T>, [&](Index first, Index size) {
    if (gathered != nullptr) {
      call.x = gathered + first * L * call.inner;
      call.x_gamma = size * L;
      call.x_sample = L;
    } else {
      call.x = x + first * x_sample;
    }
    call.y = y + first * call.y_sample;
    if (is_long)
      interleaved_long_sums(call, rows, size, partial);
    else
      interleaved_samples(call, rows, size, chunk, partial);
  });
  call.w = w;
  call.x = x;
  call.y = all_y;
  call.x_gamma = x_gamma;
  call.x_sample = x_sample;
}

/// Whether neighbouring samples fall into the same set of an L1 cache (64 sets of 64 bytes).
template <class T>
bool samples_collide(Index x_col) {
  return x_col * Index{sizeof(T)} % 1024 == 0;
}

/// Whether a group's x is gathered: one load and one store per vector of x, for as many
/// multiply-adds as there are rows. It pays where samples collide (b = 128: 133 -> 203 GFLOP/s) and
/// where a group's x would come from L3 line by line (256 x 256 blocks of n = 65536: 137 -> 157);
/// in scratch that is laid out well it costs 6 % at b = 64.
template <class T>
bool should_gather(const FactorShape& f, Index x_col) {
  return f.b >= 32 && (f.c >= 192 || samples_collide<T>(x_col));
}

/// Copies the x of a group of lanes in the order in which the tiles of interleaved_rows() take it,
/// [tile][γ][sample of the tile][lanes], and asks for the next group's, the lines behind. In place
/// they lie so far apart that they share a few sets of L1, and that no processor foresees them.
template <class T, class W>
void gather_samples(const InterleavedCall<T, W>& call, Index samples, T* to) {
  constexpr Index L = kLanes<T>;
  for_each_tile(samples, kInterleavedSamples<T>, kSampleSizes<T>, [&](Index first, Index size) {
    for (Index s = 0; s < size; ++s) {
      const T* const from = call.x + (first + s) * call.x_sample;
      T* const column = to + (first * call.inner + s) * L;
      for (Index gamma = 0; gamma < call.inner; ++gamma) {
        prefetch<false>(from + gamma * call.x_gamma + L);
        store(column + gamma * size * L, load(from + gamma * call.x_gamma));
      }
    }
  });
}

/// Elements that gather_samples() writes at most.
template <class T>
Index gathered_size(const FactorShape& f, Index samples) {
  return f.b < 32 ? 0 : samples * f.c * kLanes<T>;
}

/// Bytes of weights that all tiles of samples visit before the next ones are read: they stay in L2
/// beside the samples. Everything at once where it fits (64 x 64 blocks: 256 KiB) measured best;
/// 128 x 128 blocks gained 10 %, 256 x 256 20 % over weights that come from L3 once per tile of
/// samples. 16 KiB to 128 KiB were slower: x is then reread from L2 more often.
inline constexpr Index kGroupBytes = 256 * 1024;

/// A whole factor in interleaved layout on `samples` samples. x has unit stride along features;
/// `scratch` holds gathered_size() elements.
template <class T, class W>
void interleaved_factor(const PackedFactor<W>& factor, Index samples, const T* x, Index x_col, T* y,
                        Index y_row, Index y_col, const Scaling<T>& scaling, T* scratch) {
  const FactorShape& f = factor.shape;
  constexpr Index L = kLanes<T>;
  const Index bytes_per_row = f.c * L * Index{sizeof(W)};
  const Index together =
      std::max(Index{1}, kGroupBytes / bytes_per_row / kInterleavedRows) * kInterleavedRows;
  for (Index alpha = 0; alpha < f.a; ++alpha) {
    for (Index delta = 0; delta < f.d; delta += L) {
      const Index lanes = std::min(L, f.d - delta);
      // The last lane has the fewest inputs and outputs, the first at most one more.
      const Index inner = inner_size(f, alpha, delta + lanes - 1);
      const Index rows = row_count(f, alpha, delta + lanes - 1);
      const bool cut_inner = inner_size(f, alpha, delta) > inner;
      const bool cut_rows = row_count(f, alpha, delta) > rows;
      const bool partial = lanes < L || cut_inner;
      const Index x_first = alpha * f.x_alpha + delta, y_first = alpha * f.y_alpha + delta;
      InterleavedCall<T, W> call{.w = factor.weights + (alpha * f.d + delta) * f.b * f.c,
                                 .w_row = (factor.transposed ? 1 : f.c) * lanes,
                                 .w_gamma = (factor.transposed ? f.b : 1) * lanes,
                                 .x = x + x_first,
                                 .x_gamma = f.x_gamma,
                                 .x_sample = x_col,
                                 .y = y + y_first * y_row,
                                 .y_row = f.y_beta * y_row,
                                 .y_lane = y_row,
                                 .y_sample = y_col,
                                 .x_lanes = lanes,
                                 .y_lanes = lanes,
                                 .inner = inner,
                                 .last_lanes = cut_inner ? f.cols - x_first - inner * f.x_gamma : 0,
                                 .tiles = 1,
                                 .scaling = scaling};
      const bool gather = samples > 1 && !partial && should_gather<T>(f, x_col);
      if (gather) gather_samples(call, samples, scratch);
      const T* const gathered = gather ? scratch : nullptr;
      for (Index row = 0; row < rows;) {
        const Index count = std::min(rows - row, together);
        interleaved_rows(call, count, samples, partial, gathered);
        call.w += count * call.w_row;
        call.y += count * call.y_row;
        row += count;
      }
      if (cut_rows) {
        call.y_lanes = f.rows - y_first - rows * f.y_beta;
        interleaved_rows<T, W>(call, Index{1}, samples, partial, static_cast<const T*>(nullptr));
      }
    }
  }
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
