// How a stream's filter is divided: a head, and parts of growing size.
#pragma once

#include <algorithm>
#include <vector>

#include "strum/transforms/sliced_transform.hpp"

namespace strum::inline STRUM_ABI::detail {

/// `parts` parts of `size` taps each, the first of which begins at lag `offset`; their transforms
/// are cut into `leaves`.
struct StreamGroup {
  Index size, offset, parts, leaves;
};

/// Taps 0 ... block − 1 directly, then the groups, whose sizes grow.
struct StreamPlan {
  Index block = 0;
  std::vector<StreamGroup> groups;
};

/// Pushes of this many samples or more do work in proportion to their size.
inline constexpr Index kStreamPush = 64;

/// Nominal operations per sample: of a tap of the head, of the two transforms of a group, of one of
/// its parts.
inline constexpr Index kTapFlops = 2, kPartFlops = 8;
[[nodiscard]] inline Index group_flops(Index size) { return 2 * transform_flops(size) / size; }

/// Cuts the transforms until the longest steps of all groups together, which may fall into one push
/// on top of its share, take no more than five pushes do on average. That share is up to two
/// pushes' where blocks are twice as long.
inline void cut_transforms(StreamPlan& plan, Index flops_per_sample) {
  const auto longest = [](const StreamGroup& g) {
    return std::max(transform_flops(g.size / g.leaves), kPartFlops * g.size / g.leaves);
  };
  for (;;) {
    Index sum = 0;
    StreamGroup* worst = &plan.groups.front();
    for (StreamGroup& group : plan.groups) {
      sum += longest(group);
      if (longest(group) > longest(*worst)) worst = &group;
    }
    if (sum <= 5 * kStreamPush * flops_per_sample) return;
    worst->leaves *= 2;
  }
}

/// The plan of least cost for a filter of so many taps, given the size of the smallest blocks.
/// Blocks of size S serve lags up to twice the next larger size, 2·S', from where that one has a
/// block's time to do its work in; the smallest begin at lag S, with no time to spare. Least by
/// dynamic programming, the largest size first.
[[nodiscard]] inline StreamPlan divide_stream(Index taps, Index block) {
  struct Choice {
    Index size, cost;
    std::ptrdiff_t next;  // in `choices`; −1: to the end
  };
  std::vector<Choice> choices;  // by falling size
  Index largest = block;
  while (4 * largest < taps) largest *= 2;
  for (Index size = largest; size >= block; size /= 2) {
    const Index offset = size == block ? block : 2 * size;
    const auto cost_to = [&](Index end) {
      return group_flops(size) + kPartFlops * ((end - offset + size - 1) / size);
    };
    Choice best{size, cost_to(taps), -1};
    for (std::size_t i = 0; i < choices.size(); ++i)
      if (const Index cost = cost_to(2 * choices[i].size) + choices[i].cost; cost < best.cost)
        best = {size, cost, static_cast<std::ptrdiff_t>(i)};
    choices.push_back(best);
  }
  StreamPlan plan{.block = block, .groups = {}};
  auto i = static_cast<std::ptrdiff_t>(choices.size()) - 1;
  const Index cost = kTapFlops * block + choices.back().cost;
  for (Index offset = block; i >= 0;) {
    const Choice& choice = choices[static_cast<std::size_t>(i)];
    const Index end =
        choice.next < 0 ? taps : 2 * choices[static_cast<std::size_t>(choice.next)].size;
    plan.groups.push_back({choice.size, offset, (end - offset + choice.size - 1) / choice.size, 1});
    offset = end;
    i = choice.next;
  }
  cut_transforms(plan, cost);
  return plan;
}

/// What a filter of so many taps is divided into. A direct tap takes a tenth of the time that the
/// operations of a short transform do, so a head of 128 taps and not of 64 saves time though not
/// operations: 1000 taps take 6 ns a sample instead of 9, 96000 take 19 instead of 21 (Zen 4,
/// AVX-512). 256 save nothing before 20000 taps, and make pushes more uneven.
[[nodiscard]] inline StreamPlan stream_plan(Index taps) {
  constexpr Index kBlock = 128;
  if (taps <= 2 * kBlock) return {.block = 2 * kBlock, .groups = {}};
  return divide_stream(taps, kBlock);
}

}  // namespace strum::inline STRUM_ABI::detail
