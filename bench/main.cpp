// strum_bench: every operator of strum, and the peers found, under Google Benchmark.
//
//     strum_bench --benchmark_filter='^Monarch(@Eigen)?/f32/n:4096/block:64/'
//     strum_bench --benchmark_filter='^(Linear:gelu|SwiGLU)/'    layers, see layers.hpp
//     strum_bench --grid --passes=3 --benchmark_out=run.json    what strum_bench_report takes
//     strum_bench --family --passes=3 --benchmark_out=run.json  every operator, see family.hpp
//
// Names are those of case.hpp. --grid leaves only the cases of in_grid(), --family those of
// family_cases() and in_family(). --passes=P goes through all cases P times, so that a disturbance
// of the machine spoils one of P measurements of a case.
// --threads=T measures strum's own products on T threads, by the wall clock; names then end in
// `/threads:`. Without it everything is held to one thread, as the peers are.
// The environment variable STRUM_ISA chooses another instruction set than the best; names then end
// in `/isa:`.
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "case.hpp"
#include "family.hpp"
#include "layers.hpp"
#include "limits.hpp"
#include "machine.hpp"
#include "peers.hpp"
#include "run.hpp"
#include "strum/core/isa.hpp"
#include "strum/core/parallel.hpp"

namespace {

struct Options {
  bool grid = false, family = false;
  int passes = 1;
  int threads = 1;
};

/// Whether `argument` is this option with a number of 1 or more, which goes to `value`.
bool take_number(std::string_view argument, std::string_view option, int& value) {
  if (argument.substr(0, option.size()) != option) return false;
  int number = 0;
  const char* const end = argument.data() + argument.size();
  const auto parsed = std::from_chars(argument.data() + option.size(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < 1) return false;
  value = number;
  return true;
}

/// Takes its own options out of argv. Those that it does not know are left.
Options take_options(int& argc, char** argv) {
  Options options;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--grid")
      options.grid = true;
    else if (argument == "--family")
      options.family = true;
    else if (!take_number(argument, "--passes=", options.passes) &&
             !take_number(argument, "--threads=", options.threads))
      argv[kept++] = argv[i];
  }
  argc = kept;
  return options;
}

std::string giga(double rate, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof(text), "%.1f %s", 1e-9 * rate, unit);
  return text;
}

void add_context() {
  using benchmark::AddCustomContext;
  AddCustomContext("cpu", bench::cpu_name());
  AddCustomContext("isa", strum::active_isa());
  AddCustomContext("peak_f32", giga(bench::peak<float>(), "GFLOPS"));
  AddCustomContext("peak_f64", giga(bench::peak<double>(), "GFLOPS"));
  for (const bench::Level& level : bench::levels()) {
    const std::string size =
        level.bytes == 0 ? "" : ", " + std::to_string(level.bytes >> 10) + " KiB";
    AddCustomContext("level_" + level.name,
                     giga(level.read, "GB/s read, ") + giga(level.copy, "GB/s copied") + size);
  }
  AddCustomContext("compiler", bench::compiler_name());
  AddCustomContext("strum", std::to_string(STRUM_VERSION_MAJOR) + "." +
                                std::to_string(STRUM_VERSION_MINOR) + "." +
                                std::to_string(STRUM_VERSION_PATCH));
  for (const bench::Peer& peer : bench::peers())
    AddCustomContext("peer_" + std::string(peer.name), peer.version());
}

/// The instruction set for the names: empty unless the user chose it.
std::string chosen_isa() {
  const char* const chosen = std::getenv("STRUM_ISA");
  return chosen == nullptr || *chosen == '\0' ? "" : strum::active_isa();
}

bool wanted(const Options& options, const bench::Case& c) {
  if (c.threads > 1 && !c.peer.empty()) return false;  // peers have one thread
  if (!options.grid && !options.family) return true;
  return (options.grid && bench::in_grid(c)) || (options.family && bench::in_family(c));
}

void register_products(const Options& options) {
  for (bench::Case c : bench::all_cases(chosen_isa())) {
    c.threads = options.threads;
    if (!wanted(options, c)) continue;
    auto* const registered = benchmark::RegisterBenchmark(bench::name(c).c_str(), bench::run, c);
    if (c.threads > 1) registered->UseRealTime();
  }
}

void register_family() {
  for (const bench::FamilyCase& c : bench::family_cases(chosen_isa()))
    benchmark::RegisterBenchmark(bench::name(c).c_str(), bench::run_family, c);
}

void register_cases(const Options& options) {
  for (int pass = 0; pass < options.passes; ++pass) {
    register_products(options);
    if (options.threads == 1 && (options.family || !options.grid)) register_family();
  }
  if (options.grid || options.family || options.threads > 1) return;
  for (const bench::LayerCase& c : bench::layer_cases(chosen_isa()))
    benchmark::RegisterBenchmark(bench::name(c).c_str(), bench::run_layer, c);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = take_options(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    strum::set_num_threads(options.threads);
    register_cases(options);
    add_context();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strum_bench: %s\n", error.what());
    return 1;
  }
}
