// The run-time choice between the instruction sets that the library was built with.
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "isa_table.hpp"
#include "strum/core/error.hpp"
#include "strum/core/isa.hpp"

namespace strum::inline STRUM_ABI {
namespace {

struct Candidate {
  const kernels::IsaTable* table;
  bool available;
};

/// Best first. The compiler's run-time support is asked because it also asks the operating system
/// whether it saves the wide registers; xsimd 8.1's own detection does not.
auto candidates() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return std::array<Candidate, 3>{
      {{&kernels::table_avx512,
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma")},
       {&kernels::table_avx2, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
       {&kernels::table_sse2, true}}};
#elif defined(__aarch64__)
  return std::array<Candidate, 1>{{{&kernels::table_neon64, true}}};
#else
#error "the compiled library has no kernels for this architecture; see cmake/Library.cmake"
#endif
}

const kernels::IsaTable& choose() {
  const auto all = candidates();
  const char* const wanted = std::getenv("STRUM_ISA");
  std::string names;
  for (const Candidate& candidate : all) {
    if (!candidate.available) continue;
    if (wanted == nullptr || *wanted == '\0' ||
        std::string_view(wanted) == candidate.table->f32.isa)
      return *candidate.table;
    names += (names.empty() ? "" : ", ") + std::string(candidate.table->f32.isa);
  }
  detail::fail<ValueError>("STRUM_ISA: '", wanted,
                           "' is unknown or not to be had here; this machine has ", names);
}

const kernels::IsaTable& active_table() {
  static const kernels::IsaTable& table = choose();
  return table;
}

}  // namespace

template <>
const kernels::KernelTable<float, float>& kernels::table<float, float>() {
  return active_table().f32;
}

template <>
const kernels::KernelTable<double, double>& kernels::table<double, double>() {
  return active_table().f64;
}

template <>
const kernels::KernelTable<float, bfloat16>& kernels::table<float, bfloat16>() {
  return active_table().bf16;
}

template <>
const kernels::KernelTable<std::complex<float>, std::complex<float>>&
kernels::table<std::complex<float>, std::complex<float>>() {
  return active_table().complex->c32;
}

template <>
const kernels::KernelTable<std::complex<double>, std::complex<double>>&
kernels::table<std::complex<double>, std::complex<double>>() {
  return active_table().complex->c64;
}

template <>
const kernels::SignalTable<float>& kernels::signals<float>() {
  return active_table().signals->f32;
}

template <>
const kernels::SignalTable<double>& kernels::signals<double>() {
  return active_table().signals->f64;
}

const char* active_isa() { return active_table().f32.isa; }

}  // namespace strum::inline STRUM_ABI
