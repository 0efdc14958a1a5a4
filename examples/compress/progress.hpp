// A line on the terminal that says what is going on, and goes away.
#pragma once

#include <string>

#include "strum/fit/search.hpp"

namespace compress {

/// "fitting LowRank, rank 64 (3 of 12)".
std::string text(const strum::fit::SearchProgress& step);

/// Writes to stderr if that is a terminal, else nothing. Each line replaces the one before; the
/// last is wiped when the object goes.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const std::string& line);
  /// Makes room for other output.
  void wipe();

 private:
  const bool terminal_;
};

}  // namespace compress
