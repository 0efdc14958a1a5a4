#include "progress.hpp"

#include <unistd.h>

#include <cstdio>

namespace compress {
namespace {

// A line that wraps could not be replaced; no terminal is narrower than this.
constexpr int kWidth = 79;

}  // namespace

std::string text(const strum::fit::SearchProgress& step) {
  if (step.of <= 1) return step.doing;
  return step.doing + " (" + std::to_string(step.done + 1) + " of " + std::to_string(step.of) + ")";
}

Progress::Progress() : terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { wipe(); }

void Progress::show(const std::string& line) {
  if (!terminal_) return;
  std::fprintf(stderr, "\r%-*.*s", kWidth, kWidth, line.c_str());
  std::fflush(stderr);
}

void Progress::wipe() {
  if (!terminal_) return;
  std::fprintf(stderr, "\r%*s\r", kWidth, "");
  std::fflush(stderr);
}

}  // namespace compress
