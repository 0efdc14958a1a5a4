// Clocks, and the choice between ways of doing the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <time.h>

namespace bench {

[[nodiscard]] inline double clock_seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Of the wall. The shortest of many measurements is right even on a busy machine.
[[nodiscard]] inline double wall_seconds() { return clock_seconds(CLOCK_MONOTONIC); }

/// CPU time of the calling thread: what others run on the machine is not in it. Now and then a few
/// microseconds are missing (virtual machine), so that the shortest of many short measurements
/// comes out too short.
[[nodiscard]] inline double thread_seconds() { return clock_seconds(CLOCK_THREAD_CPUTIME_ID); }

/// CPU time of all threads of this program.
[[nodiscard]] inline double process_seconds() { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

/// Seconds by `clock` of the fastest of `runs` calls of f, each repeated until it takes at least
/// `least` seconds.
template <class F>
[[nodiscard]] double fewest_seconds(double (*clock)(), F&& f, int runs, double least) {
  int repetitions = 1;
  double best = std::numeric_limits<double>::infinity();
  for (int run = 0; run < runs;) {
    const double begin = clock();
    for (int i = 0; i < repetitions; ++i) f();
    const double seconds = clock() - begin;
    if (seconds < least) {
      repetitions *= 2;
      continue;
    }
    best = std::min(best, seconds / repetitions);
    ++run;
  }
  return best;
}

/// The index of the fastest of several ways: time(i) is called once for each and returns seconds.
template <class Ways, class Time>
[[nodiscard]] std::size_t fastest(const Ways& ways, Time&& time) {
  std::vector<double> seconds;
  for (const auto& way : ways) seconds.push_back(time(way));
  return static_cast<std::size_t>(std::min_element(seconds.begin(), seconds.end()) -
                                  seconds.begin());
}

}  // namespace bench
