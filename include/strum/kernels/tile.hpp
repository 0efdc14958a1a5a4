// What all register-tile kernels share: how large the tiles are and how they leave the registers.
#pragma once

#include <algorithm>
#include <array>
#include <bit>

#include "strum/kernels/extent.hpp"
#include "strum/simd/complex.hpp"

namespace strum::inline STRUM_ABI::STRUM_KERNELS {

using namespace kernels;

/// Most samples that run through a chain together.
inline constexpr Index kSampleTile = 128;

/// Vectors of rows in a weight panel: 4 rows of accumulators times 6 samples leave registers for
/// the weights where there are 32; with 16 registers 2 x 4 does.
inline constexpr int kPanelVectors = kRegisters == 32 ? 4 : 2;

/// Most samples in a tile of 1, 2, ... vectors of rows: as many as the registers hold beside the
/// weights and one broadcast. Eight independent chains hide the FMA latency (4 cycles, two a
/// cycle). A higher tile never has more than a lower one, which takes the last rows of its blocks.
/// With 16 registers, two vectors by six leave one for a shuffle and beat two by five (AVX2, float,
/// 4 vectors of rows: 110 -> 118 GFLOP/s); twelve samples of one vector brought nothing over ten.
/// Half as many where a sum takes two registers.
inline constexpr auto kPanelSamplesOf =
    kRegisters == 32 ? std::array{12, 12, 8, 6} : std::array{10, 6, 0, 0};
template <class T, int V>
inline constexpr int kPanelSamples = kPanelSamplesOf[V - 1] / kParts<T>;

/// Rows and samples of an interleaved tile: R·S accumulators and S vectors of x, all of them pairs
/// of vectors where numbers are complex.
inline constexpr int kInterleavedRows = kRegisters == 32 ? 4 : 2;
template <class T>
inline constexpr int kInterleavedSamples = (kRegisters == 32 ? 6 : 4) / kParts<T>;

/// Terms of a sum that are added one after the other. A longer sum is cut into pieces of so many,
/// each summed by itself from γ = 0 on and then added, in order: in every kernel and at every
/// batch, so that the bits do not tell them apart. One sample thereby has independent chains of
/// multiply-adds where a factor has few rows (rank 16, n = 4096: eight), and a batch rereads a
/// piece of a panel from L2. The error of a long sum shrinks with it.
inline constexpr Index kTermsPerSum = 512;

/// The numbers of samples, or of rows, for which there are tiles: n if bit n is set.
struct TileSizes {
  unsigned bits;

  STRUM_ALWAYS_INLINE constexpr bool has(Index size) const { return (bits >> size & 1) != 0; }
  STRUM_ALWAYS_INLINE constexpr Index at_least(Index size) const {
    return size + std::countr_zero(bits >> size);
  }
  STRUM_ALWAYS_INLINE constexpr Index at_most(Index size) const {
    return std::bit_width(bits & ((2U << size) - 1)) - 1;
  }
};

/// Whether there is a tile of every size. Not header-only, where the compiler of every file pays
/// for each of them: there are few beside the full ones, and what is left of a batch may take one
/// more of them (5 samples: 3 + 2). No result changes: the sums are those of an output alone.
#if defined(STRUM_HEADER_ONLY)
inline constexpr bool kEveryTile = false;
#else
inline constexpr bool kEveryTile = true;
#endif

/// Tiles of at most `most`, among them all powers of two; header-only also those of 3 if `three`.
consteval TileSizes tile_sizes(int most, bool three) {
  const unsigned all = (2U << most) - 2;
  const unsigned few = 1U << 1 | 1U << 2 | (three ? 1U << 3 : 0) | 1U << 4 | 1U << 8 | 1U << most;
  return {kEveryTile ? all : all & few};
}

/// Calls f(first, size) for tiles of samples whose sizes, as far as there are such tiles, differ by
/// one at most. `most` is one of the sizes.
template <class F>
STRUM_ALWAYS_INLINE void for_each_tile(Index samples, Index most, TileSizes sizes, F&& f) {
  Index first = 0;
  for (Index tiles = (samples + most - 1) / most; first < samples; --tiles) {
    const Index left = samples - first;
    Index size = tiles > 1 ? (left + tiles - 1) / tiles : left;
    if constexpr (!kEveryTile) {
      // The last tile may have to be two: half of it, rounded up to a power of two, fits.
      if (sizes.at_least(size) > left) size = (left + 1) / 2;
      size = sizes.at_least(size);
    }
    f(first, size);
    first += size;
  }
}

/// y = alpha · value + beta · y, the value a sum whose weights may be conjugated.
template <class T>
struct Scaling {
  T alpha, beta;
  bool plain;  // alpha = 1 and beta = 0
  bool conjugate = false;
};

/// Where a tile goes. Element (i, s) is y[i·lane + s·other]: i runs along the lanes.
template <class T>
struct TileTarget {
  T* y;
  Index lane, other;
  Scaling<T> scaling;
};

/// The way out of the registers that covers every stride and scaling: from a tile spilled to memory
/// (lanes contiguous, leading dimension ld), scaled by the same vector operations for every layout.
template <class T>
STRUM_NEVER_INLINE void store_spilled(const T* tile, Index ld, Index lanes, Index others,
                                      const TileTarget<T>& to) {
  constexpr Index L = kLanes<T>;
  const Parts<T> alpha = broadcast(to.scaling.alpha), beta = broadcast(to.scaling.beta);
  const bool read_y = to.scaling.beta != T(0);
  const auto read = [&](const T* y, Index count) {
    if (to.lane != 1) return load_strided(y, to.lane, count);
    return count == L ? load(y) : load_partial(y, count);
  };
  const auto write = [&](T* y, const Vec<Real<T>>& value, Index count) {
    if (to.lane != 1)
      store_strided(y, to.lane, value, count);
    else if (count == L)
      store(y, value);
    else
      store_partial(y, value, count);
  };
  for (Index s = 0; s < others; ++s) {
    T* const y = to.y + s * to.other;
    for (Index i = 0; i < lanes; i += L) {
      const Index count = std::min(L, lanes - i);
      Vec<Real<T>> value = load(tile + s * ld + i);
      if (!to.scaling.plain) value = value * alpha;
      if (read_y) value = fma(beta, read(y + i * to.lane, count), value);
      write(y + i * to.lane, value, count);
    }
  }
}

/// Writes a register tile acc[v][s], v along the lanes, that is not whole vectors to be stored as
/// they are: some lanes do not exist, or there is a stride or a scaling.
template <class T, int V, int S, Apart apart = Apart::x>
STRUM_ALWAYS_INLINE void store_odd_tile(const Parts<T> (&acc)[V][S], Index lanes,
                                        const TileTarget<T>& to) {
  constexpr Index L = kLanes<T>;
  const Finish<T, apart> finish(to.scaling.conjugate);
  if (lanes < V * L && to.scaling.plain && to.lane == 1) {
    unrolled<S>([&](int s) {
      unrolled<V - 1>([&](int v) { store(to.y + s * to.other + v * L, finish(acc[v][s])); });
      store_partial(to.y + s * to.other + (V - 1) * L, finish(acc[V - 1][s]), lanes - (V - 1) * L);
    });
    return;
  }
  alignas(kLaneAlignment<T>) T tile[static_cast<std::size_t>(V * S * L)];
  unrolled<S>([&](int s) {
    unrolled<V>([&](int v) { store(tile + (s * V + v) * L, finish(acc[v][s])); });
  });
  store_spilled(tile, V * L, lanes, Index{S}, to);
}

/// Writes a register tile acc[v][s], v along the lanes. `lanes` of its V vectors' lanes exist.
template <class T, int V, int S, Apart apart = Apart::x>
STRUM_ALWAYS_INLINE void store_tile(const Parts<T> (&acc)[V][S], Index lanes,
                                    const TileTarget<T>& to) {
  constexpr Index L = kLanes<T>;
  if (!to.scaling.plain || to.lane != 1 || lanes < V * L)
    return store_odd_tile<T, V, S, apart>(acc, lanes, to);
  const Finish<T, apart> finish(to.scaling.conjugate);
  unrolled<S>([&](int s) {
    unrolled<V>([&](int v) { store(to.y + s * to.other + v * L, finish(acc[v][s])); });
  });
}

}  // namespace strum::inline STRUM_ABI::STRUM_KERNELS
