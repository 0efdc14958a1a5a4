// The fastest plan for every class of block heights and batches.
#pragma once

#include <string>

#include "kernels.hpp"

namespace bench::tune {

/// One entry of the table. Rates are geometric means over the class, in GFLOP/s.
struct Choice {
  PanelPlan plan;
  double rate, default_rate;
  bool is_default;
};

struct Choices {
  Choice choices[PanelPlans::kHeights][PanelPlans::kBatches];
};

/// "1", "5 to 7", "more than 8"; "2 to 15", "64 and more".
[[nodiscard]] const char* height_name(Index height);
[[nodiscard]] const char* batch_name(Index batch);

/// Measures all candidates; says on stderr where it is.
template <class S>
[[nodiscard]] Choices measure(const PanelKernels<S>& kernels, const std::string& title);

/// Seconds that choosing a plan takes, the call through a pointer included.
template <class S>
[[nodiscard]] double selection_seconds(const PanelKernels<S>& kernels);

}  // namespace bench::tune
