// Which sizes of each structure fit a parameter budget.
#pragma once

#include <vector>

#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/monarch.hpp"

namespace compress {

/// The parameters that `budget` (a fraction) of an m x n matrix's are.
strum::Index parameter_limit(strum::Index m, strum::Index n, double budget);

/// The largest rank; 0 if even rank 1 is too much.
strum::Index low_rank_within(strum::Index m, strum::Index n, strum::Index limit);

/// The fewest blocks, at least 2; 0 if there is no such number.
strum::Index blocks_within(strum::Index m, strum::Index n, strum::Index limit);

/// Monarchs with k input blocks and l interleaved output sets, both powers of two, a factor of at
/// most 2 apart, each at the largest block rank within the limit; input in order, then strided.
std::vector<strum::MonarchShape> monarchs_within(strum::Index m, strum::Index n,
                                                 strum::Index limit);

}  // namespace compress
