// How long things take, measured side by side.
#pragma once

#include <functional>
#include <vector>

namespace compress {

/// Times each is measured; the median is reported.
inline constexpr int kRepeats = 11;

/// Median seconds of processor time of one call of each function, on this thread. The functions
/// take turns, so that a machine that slows down for a while slows down all of them.
std::vector<double> median_seconds(const std::vector<std::function<void()>>& functions);

}  // namespace compress
