// strum_tune: measures the panel kernel's tiles and writes include/strum/kernels/tuned.hpp.
//
//     taskset -c 1 strum_tune --out include/strum/kernels/tuned.hpp
//
// A minute and a half for each instruction set of AVX-512 and AVX2 that the machine has, or for the
// one that the environment variable STRUM_ISA names. Tables that FILE has of others stay; without
// --out the header goes to the standard output.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "header.hpp"
#include "strum/core/error.hpp"
#include "strum/core/isa.hpp"

namespace bench::tune {
namespace {

struct Candidate {
  const Kernels* kernels;
  bool wanted;
};

/// SSE2 only if asked for: what it has is the default.
std::vector<Candidate> candidates() {
  const char* const chosen = std::getenv("STRUM_ISA");
  if (chosen != nullptr && *chosen != '\0') {
    const std::string_view isa = strum::active_isa();  // checks it
    return {{&panel_avx512, isa == "avx512"},
            {&panel_avx2, isa == "avx2"},
            {&panel_sse2, isa == "sse2"}};
  }
  const std::string_view best = strum::active_isa();
  return {{&panel_avx512, best == "avx512"},
          {&panel_avx2, best == "avx512" || best == "avx2"},
          {&panel_sse2, false}};
}

template <class S>
Choices tune(const Kernels& kernels, const PanelKernels<S>& panel, const char* scalar) {
  const std::string title = std::string(kernels.isa) + ", " + scalar;
  std::fprintf(stderr, "%s: choosing takes %.1f ns\n", title.c_str(),
               1e9 * selection_seconds(panel));
  return measure(panel, title);
}

std::string contents(const std::string& file) {
  std::ostringstream text;
  if (std::ifstream in(file); in) text << in.rdbuf();
  return text.str();
}

void run(const std::string& out) {
  std::vector<std::string> isas, measured;
  for (const Candidate& candidate : candidates()) {
    const Kernels& kernels = *candidate.kernels;
    isas.emplace_back(kernels.isa);
    measured.emplace_back();
    if (!candidate.wanted) continue;
    const Choices f32 = tune(kernels, kernels.f32, "float");
    measured.back() = section(kernels.isa, f32, tune(kernels, kernels.f64, "double"));
  }
  const std::string text = header(isas, measured, out.empty() ? "" : contents(out));
  if (out.empty()) {
    std::cout << text;
    return;
  }
  std::ofstream file(out);
  if (!(file << text << std::flush))
    strum::detail::fail<strum::ValueError>("strum_tune: cannot write ", out);
}

}  // namespace
}  // namespace bench::tune

int main(int argc, char** argv) {
  try {
    if (argc == 1)
      bench::tune::run("");
    else if (argc == 3 && std::string_view(argv[1]) == "--out")
      bench::tune::run(argv[2]);
    else
      strum::detail::fail<strum::ValueError>("usage: strum_tune [--out FILE]");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
