// Results for other programs.
#pragma once

#include <string>
#include <vector>

#include "findings.hpp"
#include "options.hpp"

namespace compress {

/// JSON text: options, and for every matrix all candidates that were fitted.
std::string json_of(const std::vector<Findings>& findings, const Options& options);

}  // namespace compress
