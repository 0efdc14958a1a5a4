// What the user asked for.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "strum/core/config.hpp"

namespace compress {

/// The structures that are fitted.
enum class Structure { low_rank, block_diagonal, monarch };

struct Options {
  std::string input;     ///< FILE or FILE:TENSOR; empty: the built-in matrices
  double budget = 0.25;  ///< parameters as a fraction of the dense matrix's, in (0, 1]
  std::vector<Structure> structures;
  std::string out;  ///< where to write the best operator; empty: nowhere
  std::vector<strum::Index> batches = {1, 16, 128};
};

/// A command line that cannot be understood.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Empty if help was asked for (and printed). Throws UsageError.
std::optional<Options> parse_options(int argc, const char* const* argv);

}  // namespace compress
