// The report's pictures, as SVG.
#pragma once

#include <string>

#include "results.hpp"

namespace report {

/// strum's rate by operations per byte of weights, x and y, under the FMA peak and the read
/// bandwidths of the caches and the memory.
[[nodiscard]] std::string roofline(const Results& results);

/// Monarch's speed-up over the fastest dense product by size, a line for each batch.
[[nodiscard]] std::string speed_up_plot(const Results& results);

}  // namespace report
