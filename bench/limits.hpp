// What one core of this machine can do at most, measured in the same process as the benchmarks.
#pragma once

#include <string>
#include <vector>

#include "strum/core/config.hpp"

namespace bench {

using strum::Index;

/// Most floating-point operations per second in strum's instruction set; a multiply-add is two.
template <class S>
[[nodiscard]] double peak();

/// A cache or the main memory, and its bandwidth in bytes per second. Copied bytes count once where
/// they are read and once where they are written.
struct Level {
  std::string name;
  Index bytes;  // capacity; 0 for main memory
  double read, copy;
};

/// L1, L2, ... and the main memory.
[[nodiscard]] const std::vector<Level>& levels();

/// The nearest one that easily holds so many bytes, three quarters of it.
[[nodiscard]] const Level& level_of(Index bytes);

/// Fewest seconds in which `bytes` bytes are read, over and over, from the nearest level that holds
/// them; or half of them copied to the other half. Of all measurements so far the best counts:
/// every call adds a few, so that a disturbed one does not lower the limit.
[[nodiscard]] double read_seconds(Index bytes);
[[nodiscard]] double copy_seconds(Index bytes);

/// The least time for a product of `flops` operations with weights of `weight_bytes` from an x to a
/// y of `vector_bytes` together: what its multiply-adds need at the peak, reading its weights
/// alone, or copying x to y alone, whichever takes longest.
template <class S>
[[nodiscard]] double least_seconds(double flops, Index weight_bytes, Index vector_bytes);

}  // namespace bench
