#include "table.hpp"

#include <algorithm>
#include <set>

#include "family.hpp"

namespace report {
namespace {

constexpr const char* kTiled = "libxsmm-tiled";

std::string context_table(const Results& results) {
  static const std::set<std::string> kLeftOut = {"host_name", "executable", "library_build_type"};
  std::string text = "| | |\n|---|---|\n";
  for (const auto& [key, value] : results.context)
    if (kLeftOut.count(key) == 0) text += "| " + key + " | " + value + " |\n";
  return text;
}

/// Libraries of the cells beside strum, tiled libxsmm last.
std::vector<std::string> peers_of(const std::vector<const Cell*>& cells) {
  std::set<std::string> found;
  for (const Cell* cell : cells)
    for (const auto& library : cell->libraries) found.insert(library.first);
  const bool tiled = found.erase(kTiled) != 0;
  found.erase("");
  std::vector<std::string> peers(found.begin(), found.end());
  if (tiled) peers.push_back(kTiled);
  return peers;
}

std::string rate(const Measurement* measurement) {
  return measurement == nullptr ? "" : fixed(measurement->gflops, 1);
}

std::string ratio(double value) { return value == 0 ? "" : fixed(value, 2); }

std::string row(const Cell& cell, const std::vector<std::string>& peers) {
  std::string text = "| " + std::to_string(cell.n);
  if (cell.m != cell.n) text += " → " + std::to_string(cell.m);
  text += " | " + (cell.block == 0 ? "" : std::to_string(cell.block)) + " | " +
          std::to_string(cell.batch) + " | **" + rate(cell.strum()) + "** | " +
          fixed(100 * cell.strum()->fraction, 0) + " % | " + fixed(cell.limit, 1) + " | ";
  for (const std::string& peer : peers) text += rate(cell.find(peer)) + " | ";
  return text + ratio(cell.ratio(false)) + " | " + ratio(cell.ratio(true)) + " |\n";
}

std::string table(const std::vector<const Cell*>& cells) {
  const std::vector<std::string> peers = peers_of(cells);
  std::string text = "| n | block | batch | strum | of limit | limit | ";
  for (const std::string& peer : peers) text += peer + " | ";
  text += "÷ best loop | ÷ tiled |\n|---|---|---|---|---|---|";
  for (std::size_t i = 0; i < peers.size(); ++i) text += "---|";
  text += "---|---|\n";
  std::vector<double> fractions, loop, tiled;
  for (const Cell* cell : cells) {
    text += row(*cell, peers);
    fractions.push_back(cell->strum()->fraction);
    if (cell->ratio(false) > 0) loop.push_back(cell->ratio(false));
    if (cell->ratio(true) > 0) tiled.push_back(cell->ratio(true));
  }
  text += "| geometric mean | | | | " + fixed(100 * geometric_mean(fractions), 0) + " % | | ";
  for (std::size_t i = 0; i < peers.size(); ++i) text += "| ";
  return text + ratio(geometric_mean(loop)) + " | " + ratio(geometric_mean(tiled)) + " |\n";
}

std::string speed_up_table(const Results& results) {
  std::string text;
  for (const Cell& cell : results.cells) {
    if (!cell.is_plain_monarch()) continue;
    const double fastest = speed_up(results, cell, "");
    if (fastest == 0) continue;
    text += "| " + std::to_string(cell.n) + " | " + std::to_string(cell.block) + " | " +
            std::to_string(cell.batch) + " | " + fixed(1e6 * cell.strum()->seconds, 1) + " | " +
            fixed(fastest, 1) + " | " + ratio(speed_up(results, cell, "Eigen")) + " |\n";
  }
  if (text.empty()) return "";
  return "\n## Monarch against a dense matrix\n\nTimes a Monarch product is faster than the "
         "fastest "
         "dense product of a peer, and than Eigen's.\n\n"
         "| n | block | batch | µs | ÷ fastest dense | ÷ Eigen's dense "
         "|\n|---|---|---|---|---|---|\n" +
         text;
}

}  // namespace

double speed_up(const Results& results, const Cell& cell, const std::string& library) {
  if (cell.strum() == nullptr) return 0;
  for (const Cell& dense : results.cells) {
    if (dense.op != "Dense" || dense.scalar != cell.scalar || dense.n != cell.n ||
        dense.m != cell.m || dense.batch != cell.batch || dense.variant != cell.variant)
      continue;
    const Measurement* const peer =
        library.empty() ? dense.best_peer(false).second : dense.find(library);
    return peer == nullptr ? 0 : peer->seconds / cell.strum()->seconds;
  }
  return 0;
}

std::string tables(const Results& results) {
  std::string text =
      "Rates are GFLOP/s of one thread, medians over the passes. The limit of a cell is the lower "
      "of "
      "the FMA peak and the rate at which reading the weights, or copying x to y, alone could go. "
      "\"Loop\" are the libraries called once per block (or once); \"tiled\" is libxsmm called "
      "over "
      "tiles of samples, the best of several.\n\n" +
      context_table(results);
  std::vector<std::string> headings;
  std::map<std::string, std::vector<const Cell*>> groups;
  for (const Cell& cell : results.cells) {
    if (cell.strum() == nullptr) continue;
    const std::string heading = cell.op + " " + cell.scalar + " " + cell.variant;
    if (groups.count(heading) == 0) headings.push_back(heading);
    groups[heading].push_back(&cell);
  }
  for (const std::string& heading : headings)
    text += "\n## " + heading + "\n\n" + table(groups[heading]);
  return text + speed_up_table(results) + family_table(results);
}

}  // namespace report
