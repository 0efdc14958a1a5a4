// How many samples run through a chain together.
#pragma once

#include <algorithm>

#include "strum/core/cache.hpp"
#include "strum/kernels/factor.hpp"

namespace strum::inline STRUM_ABI::detail {

inline constexpr Index kSmallSampleTile = 64, kLargeSampleTile = 128;

/// A compromise: the weights are read once per tile, from the nearest cache that holds them, and
/// the intermediate of the tile wants to stay near too. Weights that L2 holds are cheap to read
/// again; where they come from farther the larger tile pays, though the intermediate leaves L2
/// (Monarch, n = 4096 + 2 %, 16384 + 3 %, 65536 + 10 %; 32 samples lost 3 % at n = 4096). Where L2
/// is too small for the intermediate beside its weights the tile shrinks.
template <class Scalar, class Weight>
[[nodiscard]] Index sample_tile(const kernels::PackedFactor<Weight>* factors, Index count) {
  const Index cache = second_level_cache_bytes();
  Index weights = 0, widest = 1;
  for (Index i = 0; i < count; ++i) {
    const kernels::FactorShape& f = factors[i].shape;
    weights += f.a * f.b * f.c * f.d * Index{sizeof(Weight)};
    if (i + 1 < count) widest = std::max(widest, f.rows);
  }
  if (weights > cache) return kLargeSampleTile;
  Index tile = kSmallSampleTile;
  while (tile > 16 && tile * widest * Index{sizeof(Scalar)} > cache) tile /= 2;
  return tile;
}

}  // namespace strum::inline STRUM_ABI::detail
