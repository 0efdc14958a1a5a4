// What strum aims at, and which cells fall short.
#pragma once

#include <string>

#include "results.hpp"

namespace report {

/// A Markdown list: every aim that the run can tell about, met or with the cells that fall short.
[[nodiscard]] std::string aims(const Results& results);

/// Cells with a fraction above 1.03: their limit was measured badly, and the run does not count.
[[nodiscard]] std::vector<std::string> beyond_limit(const Results& results);

}  // namespace report
