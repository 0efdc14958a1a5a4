// How the panel kernel cuts blocks and samples into tiles: the types of the measured tables in
// tuned.hpp, and the rule where there is none.
#pragma once

#include "strum/kernels/tile.hpp"

namespace strum::inline STRUM_ABI {
namespace kernels {

/// Whether each tile of samples visits all blocks before the next does, or each block all samples.
enum class PanelOrder : short { samples_outermost, blocks_outermost };

/// A tile of `vectors` vectors of rows by `samples` samples, and the order in which tiles run. It
/// changes no result: the sums are those of an output alone.
struct PanelPlan {
  short vectors, samples;
  PanelOrder order;
};

/// Plans by the height of a block and the number of samples.
struct PanelPlans {
  static constexpr Index kHeights = 7;  // 1, 2, 3, 4, 5 to 7, 8, more vectors of rows
  static constexpr Index kBatches = 4;  // 1, 2 to 15, 16 to 63, at least 64 samples
  PanelPlan plans[kHeights][kBatches];
};

}  // namespace kernels

namespace STRUM_KERNELS {

/// What was measured for this instruction set (tuned.hpp); all zeros if nothing.
template <class T>
inline constexpr PanelPlans kPanelPlans = {};

/// Samples in a tile of 1, 2, ... vectors, unless measured otherwise. Where they lie a power of two
/// apart, more than eight do not find room in the eight ways of many L1 caches; a tile of two
/// vectors gains more by twelve than it loses there.
template <class T>
inline constexpr auto kDefaultSamples = [] {
  if (kIsComplex<T>)
    return kRegisters == 32 ? std::array<short, 4>{6, 6, 4, 3} : std::array<short, 4>{5, 3, 0, 0};
  return kRegisters == 32 ? std::array<short, 4>{8, 12, 8, 6} : std::array<short, 4>{8, 5, 0, 0};
}();

/// The plan without measurements. Low blocks: tiles of two vectors and up to twelve samples, each
/// of which visits all blocks before the next does: x and y are walked in order, and the weights
/// come from L2 or L3 once per tile (b = 64, 16 samples: 0.91 of the peak, against 0.87 in tiles of
/// four vectors and block by block). Tall ones: four vectors by six, block by block (b = 128: 0.93,
/// against 0.80 and less).
template <class T>
STRUM_ALWAYS_INLINE constexpr PanelPlan default_panel_plan(Index vectors, Index samples) {
  constexpr Index kAll = kPanelVectors;
  const auto tile = [](Index height, PanelOrder order) STRUM_ALWAYS_INLINE_LAMBDA {
    return PanelPlan{static_cast<short>(height), kDefaultSamples<T>[height - 1], order};
  };
  if (samples == 1)
    return {static_cast<short>(std::min(vectors, kAll)), 1, PanelOrder::samples_outermost};
  if (vectors >= 8 || (kAll < 4 && vectors > 4)) return tile(kAll, PanelOrder::blocks_outermost);
  if (kAll >= 4 && vectors == 3) return tile(3, PanelOrder::samples_outermost);
  return tile(std::min(vectors, Index{2}), PanelOrder::samples_outermost);
}

/// The samples of a tile: any that a plan names, and those beside them.
template <class T>
inline constexpr TileSizes kPanelSizes = [] {
  TileSizes sizes = tile_sizes(kPanelSamples<T, 1>, true);
  for (const short samples : kDefaultSamples<T>) sizes.bits |= 1U << samples;
  for (const auto& height : kPanelPlans<T>.plans)
    for (const PanelPlan& plan : height) sizes.bits |= 1U << plan.samples;
  return sizes;
}();

/// Whether the kernel has the tiles of these plans, and all that their last rows need.
consteval bool has_tiles(const PanelPlans& table) {
  for (const auto& height : table.plans)
    for (const PanelPlan& plan : height)
      if (plan.vectors < 1 || plan.vectors > kPanelVectors || plan.samples < 1 ||
          plan.samples > kPanelSamplesOf[plan.vectors - 1])
        return false;
  return true;
}

}  // namespace STRUM_KERNELS
}  // namespace strum::inline STRUM_ABI
