// What the user asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "strum/core/config.hpp"

namespace compress {

/// Errors beyond this are noticed in most uses of a matrix: what is saved has a price.
inline constexpr double kFree = 1e-2;

struct Options {
  std::string input;     ///< FILE or FILE:TENSOR; empty: the built-in matrices, or `model`
  std::string model;     ///< a file all of whose matrices are wanted
  double budget = 0.25;  ///< parameters as a fraction of the dense matrix's, in (0, 1]
  double error = 0;      ///< relative, that the fewest parameters are to reach; 0: no such wish
  std::vector<std::string> structures;  ///< names of families of fit::search, in its order
  std::vector<strum::Index> batches = {1, 16, 128};
  std::string calibrate;  ///< FILE or FILE:TENSOR of samples x features; empty: none
  std::uint64_t seed = 0;
  strum::Index least = 4096;  ///< entries of a tensor of a model that is worth a search
  std::string out;            ///< where to write operators; empty: nowhere
  std::string plot;           ///< where to draw; empty: nowhere
  bool json = false;          ///< machine-readable results instead of tables
};

/// A command line that cannot be understood.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Empty if help was asked for (and printed). Throws UsageError.
std::optional<Options> parse_options(int argc, const char* const* argv);

}  // namespace compress
