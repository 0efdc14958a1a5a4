// Two ways of doing the same, measured in turn so that what disturbs the machine disturbs both.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "../timing.hpp"

namespace bench {

/// Median seconds of a call.
struct Seconds {
  double strum, peer;
};

/// Medians of nine rounds, in each of which either runs for two milliseconds or more. `peer` may be
/// empty: 0 then.
[[nodiscard]] inline Seconds compare(const std::function<void()>& strum,
                                     const std::function<void()>& peer) {
  constexpr int kRounds = 9;
  constexpr double kLeast = 2e-3;
  std::vector<double> ours, theirs;
  strum();
  if (peer) peer();
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(fewest_seconds(wall_seconds, strum, 1, kLeast));
    theirs.push_back(peer ? fewest_seconds(wall_seconds, peer, 1, kLeast) : 0);
  }
  const auto median = [](std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  };
  return {median(ours), median(theirs)};
}

}  // namespace bench
