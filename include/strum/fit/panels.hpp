// Big dense products in panels, one task each.
#pragma once

#include <algorithm>

#include "strum/core/parallel.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Rows or columns per task. Fixed, so that sums have one order whatever the number of threads.
inline constexpr Index kFitPanel = 128;

/// Panels of [0, size).
[[nodiscard]] inline Index panel_count(Index size) { return (size + kFitPanel - 1) / kFitPanel; }

/// Calls body(first, count) for every panel of [0, size), in parallel.
template <class Body>
void for_panels(Index size, const Body& body) {
  parallel_for(panel_count(size), [&](Index i) {
    const OneThread one_thread;
    body(i * kFitPanel, std::min(kFitPanel, size - i * kFitPanel));
  });
}

}  // namespace strum::inline STRUM_ABI::detail
