// The machine that the benchmarks run on, and the compiler that made them.
#pragma once

#include <string>

namespace bench {

/// What the operating system calls the CPU, with family and model where it says them: names alone
/// can be as short as "AMD EPYC".
[[nodiscard]] std::string cpu_name();

[[nodiscard]] std::string compiler_name();

}  // namespace bench
