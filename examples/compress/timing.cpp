#include "timing.hpp"

#include <time.h>

#include <algorithm>
#include <array>

namespace compress {
namespace {

// Long against reading the clock (a microsecond) and the cost of a cold cache at the first call,
// short enough for all rounds of a dozen functions to be over in a second.
constexpr double kSecondsPerTurn = 2e-3;

// Processor time of this thread: on a machine with other work to do, time on the clock counts that
// as well (with eight busy processes on two cores, ratios came out wrong by up to ten).
double now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds(const std::function<void()>& function, long calls) {
  const double begin = now();
  for (long i = 0; i < calls; ++i) function();
  return now() - begin;
}

/// Calls that take about kSecondsPerTurn. Also the warm-up: scratch memory is allocated here.
long calls_per_turn(const std::function<void()>& function) {
  long calls = 1;
  double taken = seconds(function, calls);
  while (taken < kSecondsPerTurn / 4) {
    calls *= 2;
    taken = seconds(function, calls);
  }
  return std::max(1L, static_cast<long>(static_cast<double>(calls) * kSecondsPerTurn / taken));
}

}  // namespace

std::vector<double> median_seconds(const std::vector<std::function<void()>>& functions) {
  std::vector<long> calls;
  for (const auto& function : functions) calls.push_back(calls_per_turn(function));
  std::vector<std::array<double, kRepeats>> taken(functions.size());
  for (std::size_t repeat = 0; repeat < kRepeats; ++repeat)
    for (std::size_t f = 0; f < functions.size(); ++f)
      taken[f][repeat] = seconds(functions[f], calls[f]) / static_cast<double>(calls[f]);
  std::vector<double> medians;
  for (auto& times : taken) {
    std::nth_element(times.begin(), times.begin() + kRepeats / 2, times.end());
    medians.push_back(times[kRepeats / 2]);
  }
  return medians;
}

}  // namespace compress
