// The files that the user asked for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "strum/core/any_linear_op.hpp"

namespace compress {

template <class S>
using Operators = std::map<std::string, strum::AnyLinearOp<S>>;

/// Throws InputError if a file cannot be written at `path`, or if that is the file `input`. For the
/// start of the program: a minute's work should not end with this.
void check_writable(const std::string& path, const std::string& input);

/// Replaces a file by `text`, or leaves what was there. Throws InputError if it cannot be written.
void write_text(const std::string& path, const std::string& text);

/// Reads operators of a file and compares what they and these do to random batches of these sizes,
/// bit by bit. Throws InputError if they differ, strum::FileError if a file error occurs.
template <class S>
void compare_with_file(const std::string& path, const Operators<S>& operators,
                       const std::vector<strum::Index>& batches);

/// Writes the operators, reads them back and compares.
template <class S>
void save_and_compare(const std::string& path, const Operators<S>& operators,
                      const std::vector<strum::Index>& batches);

}  // namespace compress
