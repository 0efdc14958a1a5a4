// strum_bench_report: a run of strum_bench as Markdown and SVG.
//
//     strum_bench --grid --family --passes=3 --benchmark_out=run.json   (either, or both)
//     strum_bench_report run.json [directory]
//
// Writes report.md, roofline.svg and speedup.svg to the directory (without one: that of the run).
// Fails, after writing, if a benchmark failed or came out beyond the limit of the machine, which
// was then measured badly.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "aims.hpp"
#include "plots.hpp"
#include "results.hpp"
#include "table.hpp"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error(path.string() + ": cannot be written");
  std::printf("%s\n", path.c_str());
}

std::string list(const std::string& heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = "## " + heading + "\n\n";
  for (const std::string& line : lines) text += "- " + line + "\n";
  return text + "\n";
}

int report_run(const std::string& run, const std::filesystem::path& folder) {
  const report::Results results = report::read_results(run);
  const auto beyond = report::beyond_limit(results);
  const std::string problems =
      list("Failed", results.errors) + list("Beyond the limit: measured badly, run again", beyond);
  const std::string aims = report::aims(results);
  std::string pictures;
  if (const std::string svg = report::roofline(results); !svg.empty()) {
    write(folder / "roofline.svg", svg);
    pictures += "\n![Roofline](roofline.svg)\n";
  }
  if (const std::string svg = report::speed_up_plot(results); !svg.empty()) {
    write(folder / "speedup.svg", svg);
    pictures += "\n![Speed-up over dense](speedup.svg)\n";
  }
  write(folder / "report.md", "# strum's speed\n\n" + problems + report::tables(results) +
                                  (aims.empty() ? "" : "\n## Aims\n\n" + aims) + pictures);
  std::fputs((problems + aims).c_str(), stdout);
  return problems.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: strum_bench_report run.json [directory]\n");
    return 2;
  }
  try {
    const std::string run = argv[1];
    const std::filesystem::path folder =
        argc == 3 ? std::filesystem::path(argv[2]) : std::filesystem::path(run).parent_path();
    return report_run(run, folder);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "strum_bench_report: %s\n", error.what());
    return 2;
  }
}
