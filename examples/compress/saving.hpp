// The file for --out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "strum/core/any_linear_op.hpp"

namespace compress {

/// Throws InputError if a file cannot be written at `path`, or if that is the file `input`. For the
/// start of the program: a minute's work should not end with this.
void check_writable(const std::string& path, const std::string& input);

/// Writes the operators, reads them back, and compares what both do to random batches of these
/// sizes, bit by bit. Throws InputError if they differ, strum::FileError if a file error occurs.
template <class S>
void save_and_compare(const std::string& path,
                      const std::map<std::string, strum::AnyLinearOp<S>>& operators,
                      const std::vector<strum::Index>& batches);

}  // namespace compress
