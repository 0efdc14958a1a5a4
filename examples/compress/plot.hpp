// The picture.
#pragma once

#include <string>
#include <vector>

#include "findings.hpp"
#include "options.hpp"

namespace compress {

/// SVG text: for every matrix, one below the other, relative error over parameters, both axes
/// logarithmic, a mark for each candidate and a step line along the front of the two.
std::string plot_of(const std::vector<Findings>& findings, const Options& options);

}  // namespace compress
