// All matrices of a model, one after the other.
#pragma once

#include "options.hpp"

namespace compress {

/// Replaces what has a structure of an error that is small enough, reports, and writes the file
/// that was asked for, going on where an earlier run was interrupted. Returns the exit status.
/// Throws InputError and strum::Error for files that cannot be read or written.
int compress_model(const Options& options);

}  // namespace compress
