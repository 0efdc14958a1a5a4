#include "machine.hpp"

#include <fstream>

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

}  // namespace bench
