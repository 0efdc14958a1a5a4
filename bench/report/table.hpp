// The report as Markdown.
#pragma once

#include <string>

#include "results.hpp"

namespace report {

/// The machine, a table for each operator and layout (rates, fractions of the limit, ratios to the
/// peers, their geometric means), and Monarch's speed-up over dense products.
[[nodiscard]] std::string tables(const Results& results);

/// Monarch's least time over that of a dense product of the same size and batch by `library`, or
/// by the fastest one beside strum if that is empty. 0 where it was not measured.
[[nodiscard]] double speed_up(const Results& results, const Cell& monarch,
                              const std::string& library);

}  // namespace report
