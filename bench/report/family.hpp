// The family's part of the report.
#pragma once

#include <string>

#include "results.hpp"

namespace report {

/// A row for each operator: 16 samples against Eigen's dense product, and one sample of every size
/// against the fastest dense product of a peer. Empty if the run has none of them.
[[nodiscard]] std::string family_table(const Results& results);

}  // namespace report
