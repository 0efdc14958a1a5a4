// What the user reads about one matrix.
#pragma once

#include <iosfwd>

#include "findings.hpp"
#include "options.hpp"

namespace compress {

/// A heading, a table of the dense products and the front with the best marked, and a conclusion.
void print_findings(std::ostream& out, const Findings& findings, const Options& options);

}  // namespace compress
