// The machine that the benchmarks run on, and its limits.
#pragma once

#include <string>

namespace bench {

/// What the operating system calls the CPU, with family and model where it says them: names alone
/// can be as short as "AMD EPYC".
[[nodiscard]] std::string cpu_name();

[[nodiscard]] std::string compiler_name();

/// Most floating-point operations per second of one core in strum's instruction set; a multiply-add
/// is two.
struct Peak {
  double f32, f64;
};

/// Measured once, at the first call (0.1 s).
[[nodiscard]] const Peak& peak();

}  // namespace bench
