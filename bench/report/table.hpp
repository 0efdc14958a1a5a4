// The report as Markdown.
#pragma once

#include <string>

#include "results.hpp"

namespace report {

/// The machine, a table for each operator and layout (rates, fractions of the limit, ratios to the
/// peers, their geometric means), Monarch's speed-up over dense products, and the family.
[[nodiscard]] std::string tables(const Results& results);

/// How often strum does the cell's product in the time of a dense one of the same size and batch by
/// `library`, or by the fastest one beside strum if that is empty. 0 where it was not measured.
[[nodiscard]] double speed_up(const Results& results, const Cell& cell, const std::string& library);

}  // namespace report
