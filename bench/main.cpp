// strum_bench: every operator of strum, and the peers found, under Google Benchmark.
//
//     strum_bench --benchmark_filter='^Monarch(@Eigen)?/f32/n:4096/block:64/'
//
// Names are those of case.hpp. The environment variable STRUM_ISA chooses another instruction set
// than the best; names then end in `/isa:`.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include <benchmark/benchmark.h>
#include <Eigen/Core>

#include "case.hpp"
#include "machine.hpp"
#include "run.hpp"
#include "strum/kernels/table.hpp"

namespace {

std::string version(int major, int minor, int patch) {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

std::string gflops(double flops) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f GFLOPS", 1e-9 * flops);
  return text;
}

void add_context() {
  using benchmark::AddCustomContext;
  AddCustomContext("cpu", bench::cpu_name());
  AddCustomContext("isa", strum::active_isa());
  AddCustomContext("peak_f32", gflops(bench::peak().f32));
  AddCustomContext("peak_f64", gflops(bench::peak().f64));
  AddCustomContext("compiler", bench::compiler_name());
  AddCustomContext("strum", version(STRUM_VERSION_MAJOR, STRUM_VERSION_MINOR, STRUM_VERSION_PATCH));
  AddCustomContext("eigen", version(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION));
}

/// The instruction set for the names: empty unless the user chose it.
std::string chosen_isa() {
  const char* const chosen = std::getenv("STRUM_ISA");
  return chosen == nullptr || *chosen == '\0' ? "" : strum::active_isa();
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    for (const bench::Case& c : bench::all_cases(chosen_isa()))
      benchmark::RegisterBenchmark(bench::name(c).c_str(), bench::run, c);
    add_context();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strum_bench: %s\n", error.what());
    return 1;
  }
}
