// The sizes of a butterfly, and how its factors are merged into fewer and larger ones.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a butterfly operator. n positions, the power of the radix R that covers the input, take
/// `block` consecutive entries each; a butterfly of n positions is a product of log_R n factors of
/// stride s = 1, R, R², ... whose matrices T_i couple the R positions
///
///     R·(i − i mod s) + i mod s + v·s,  0 <= v < R.
///
/// `blocks` such products follow one another, every second with its strides the other way round,
/// and as many stacks of them as the output needs are written one after the other. Entries of the
/// input from cols on count as zeros, those of the output from rows on are cut off.
struct ButterflyShape {
  Index rows, cols;
  Index blocks = 1;
  bool increasing_stride = true;
  Index radix = 2;
  Index block = 1;

  /// n >= R, the power of R with n·block >= cols.
  [[nodiscard]] Index positions() const {
    check();
    Index n = radix;
    while (n < detail::ceil_div(cols, block)) n = detail::checked_product(n, radix, "butterfly");
    return n;
  }
  /// log_R n.
  [[nodiscard]] Index levels() const {
    Index count = 0;
    for (Index n = positions(); n > 1; n /= radix) ++count;
    return count;
  }
  /// n·block: the entries that a stack reads and writes, padding included.
  [[nodiscard]] Index entries() const {
    return detail::checked_product(positions(), block, "butterfly");
  }
  /// ⌈rows / entries⌉.
  [[nodiscard]] Index stacks() const { return detail::ceil_div(rows, entries()); }

  /// Level t of every factor, in order of application: it has stride R^t.
  [[nodiscard]] std::vector<Index> order() const {
    const Index count = levels();
    std::vector<Index> list;
    for (Index b = 0; b < blocks; ++b)
      for (Index t = 0; t < count; ++t)
        list.push_back(increasing_stride == (b % 2 == 0) ? t : count - 1 - t);
    return list;
  }

  friend bool operator==(const ButterflyShape&, const ButterflyShape&) = default;

 private:
  void check() const {
    if (rows < 1 || cols < 1 || blocks < 1 || radix < 2 || block < 1)
      detail::fail<ShapeError>("butterfly: ", rows, " x ", cols, ", ", blocks, " blocks, radix ",
                               radix, ", ", block, " entries to a position");
  }
};

namespace detail {

/// Factors [begin, end) of a butterfly, applied as one: KS(n/(r·s), r·b, r·b, s) with s = R^low and
/// r = R^(high − low).
struct ButterflyGroup {
  Index begin, end;
  Index low, high;
};

/// What a group costs per output, in weights read: its r·b, and about 12 for one more pass over the
/// vector (one sample, n = 128 to 65536). A factor of 1 < d < lanes either leaves lanes empty or
/// has its outputs stored one by one, which takes as long as 60 weights.
[[nodiscard]] inline double group_cost(const ButterflyShape& shape, Index low, Index high,
                                       Index lanes) {
  double r = 1, s = 1;
  for (Index t = 0; t < low; ++t) s *= static_cast<double>(shape.radix);
  for (Index t = low; t < high; ++t) r *= static_cast<double>(shape.radix);
  const double cost = r * static_cast<double>(shape.block) + 12;
  const double waste = low == 0 ? 1 : std::max(1.0, static_cast<double>(lanes) / s);
  return std::min(cost * waste, cost + 60);
}

/// The cheapest way to cut the factors into groups of neighbours: n = 1024 in radix 2 becomes
/// 16 · 8 · 8. Radix-2 factors by themselves took 19 times as long (float, one sample, AVX-512).
[[nodiscard]] inline std::vector<ButterflyGroup> merge_butterfly(const ButterflyShape& shape,
                                                                 Index lanes) {
  const std::vector<Index> order = shape.order();
  const auto count = static_cast<Index>(order.size()), levels = shape.levels();
  struct Best {
    double cost = std::numeric_limits<double>::infinity();
    ButterflyGroup last{};
  };
  std::vector<Best> best(order.size() + 1);
  best[0].cost = 0;
  for (Index begin = 0; begin < count; ++begin) {
    Index low = levels, high = 0;
    for (Index end = begin + 1; end <= count; ++end) {
      const Index level = order[static_cast<std::size_t>(end - 1)];
      low = std::min(low, level);
      high = std::max(high, level + 1);
      // Larger positions have their entries put in another order at every group (see
      // MergedButterfly), which must be that of one direction.
      if (shape.block > 1 && end - 1 > begin && (end - 1) % levels == 0) break;
      const double cost =
          best[static_cast<std::size_t>(begin)].cost + group_cost(shape, low, high, lanes);
      Best& to = best[static_cast<std::size_t>(end)];
      if (cost < to.cost) to = {cost, {begin, end, low, high}};
    }
  }
  std::vector<ButterflyGroup> groups;
  for (Index end = count; end > 0; end = groups.back().begin)
    groups.push_back(best[static_cast<std::size_t>(end)].last);
  std::reverse(groups.begin(), groups.end());
  return groups;
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
