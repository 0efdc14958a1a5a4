#include "shapes.hpp"

#include <algorithm>
#include <cmath>

namespace compress {

using strum::Index;
using strum::MonarchInput;
using strum::MonarchShape;

Index parameter_limit(Index m, Index n, double budget) {
  // Without the margin, 29 % of 100 would be 28: 0.29 * 100 is 28.999999999999996 in binary.
  constexpr double kMargin = 1 + 1e-12;
  return static_cast<Index>(budget * static_cast<double>(m) * static_cast<double>(n) * kMargin);
}

Index low_rank_within(Index m, Index n, Index limit) { return std::min({limit / (m + n), m, n}); }

Index blocks_within(Index m, Index n, Index limit) {
  for (Index blocks = 2; blocks <= std::min(m, n); ++blocks)
    if (strum::BlockDiagonalShape::layer(m, n, blocks).parameter_count() <= limit) return blocks;
  return 0;
}

std::vector<MonarchShape> monarchs_within(Index m, Index n, Index limit) {
  std::vector<MonarchShape> shapes;
  for (Index k = 2; k <= n / 2; k *= 2) {
    for (Index l = std::max<Index>(2, k / 2); l <= std::min(2 * k, m / 2); l *= 2) {
      const Index per_rank = n * l + m * k;
      const Index full = std::min((m + l - 1) / l, (n + k - 1) / k);
      const Index rank = std::min(limit / per_rank, full);
      if (rank < 1) continue;
      for (const MonarchInput input : {MonarchInput::in_order, MonarchInput::strided})
        shapes.push_back(MonarchShape::of_rank(m, n, k, l, rank, input));
    }
  }
  return shapes;
}

}  // namespace compress
