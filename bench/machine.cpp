#include "machine.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>

#include "isa.hpp"

namespace bench {
namespace {

/// The value of the first line of /proc/cpuinfo that begins with `key`, or "".
std::string cpu_info(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1) == key)
      return line.substr(colon + 2);
  }
  return "";
}

/// The best of many short runs: an interruption spoils one run, not the result, and the first ones
/// see a clock that has not yet risen.
template <class S>
double measure_peak() {
  constexpr Index kIterations = 50'000;  // 0.1 ms
  constexpr int kRuns = 400;
  const IsaKernels<S>& kernels = active_kernels<S>();
  S operands[kChains + 2];
  for (int i = 0; i < kChains; ++i) operands[i] = S(i + 1);
  operands[kChains] = operands[kChains + 1] = S(0.5);  // every chain tends to 1
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    volatile S result = kernels.multiply_adds(kIterations, operands);
    (void)result;
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    const auto flops = static_cast<double>(kIterations * kernels.flops_per_iteration);
    best = std::max(best, flops / time.count());
  }
  return best;
}

}  // namespace

std::string cpu_name() {
  const std::string name = cpu_info("model name"), family = cpu_info("cpu family");
  if (name.empty()) return "unknown";
  return family.empty() ? name : name + " (family " + family + ", model " + cpu_info("model") + ")";
}

std::string compiler_name() {
#if defined(__clang__)
  return __VERSION__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "unknown";
#endif
}

const Peak& peak() {
  static const Peak measured = {measure_peak<float>(), measure_peak<double>()};
  return measured;
}

}  // namespace bench
