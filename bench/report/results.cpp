#include "results.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace report {
namespace {

using nlohmann::json;

/// All passes of one library in one cell.
struct Samples {
  std::vector<double> gflops, gbytes, seconds, bandwidth;
  std::string way;
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Takes a name apart: `BlockDiagonal@libxsmm/f32/n:4096/block:8/batch:16/ld:4112`.
std::pair<Cell, std::string> parse_name(const std::string& name) {
  Cell cell;
  std::istringstream parts(name);
  std::string part, library;
  std::getline(parts, cell.op, '/');
  std::getline(parts, cell.scalar, '/');
  if (const std::size_t at = cell.op.find('@'); at != std::string::npos) {
    library = cell.op.substr(at + 1);
    cell.op.resize(at);
  }
  while (std::getline(parts, part, '/')) {
    const std::size_t colon = part.find(':');
    const std::string key = part.substr(0, colon);
    const auto number = [&] { return std::stol(part.substr(colon + 1)); };
    if (key == "n")
      cell.n = number();
    else if (key == "m")
      cell.m = number();
    else if (key == "block")
      cell.block = number();
    else if (key == "batch")
      cell.batch = number();
    else
      cell.variant += (cell.variant.empty() ? "" : " ") + part;
  }
  if (cell.m == 0) cell.m = cell.n;
  return {cell, library};
}

double unit_seconds(const std::string& unit) {
  return unit == "ns" ? 1e-9 : unit == "us" ? 1e-6 : unit == "ms" ? 1e-3 : 1;
}

std::string without_library(const std::string& name) {
  const std::size_t at = name.find('@');
  const std::size_t slash = name.find('/');
  return at < slash ? name.substr(0, at) + name.substr(slash) : name;
}

/// 0 where there is nothing to divide.
double quotient(double a, double b) { return b == 0 ? 0 : a / b; }

/// Puts the benchmarks of a run together by cell and library.
class Collector {
 public:
  void add(const json& entry) {
    const std::string name = entry.at("name");
    auto [cell, library] = parse_name(name);
    const auto [found, added] = index_.emplace(without_library(name), cells_.size());
    if (added) {
      cells_.push_back(cell);
      samples_.emplace_back();
    }
    Cell& known = cells_[found->second];
    Samples& s = samples_[found->second][library];
    const double gflops = entry.at("GFLOPS");
    s.gflops.push_back(gflops);
    s.gbytes.push_back(entry.at("GBps"));
    s.seconds.push_back(entry.at("cpu_time").get<double>() * unit_seconds(entry.at("time_unit")));
    s.way = entry.value("label", "");
    known.limit = std::max(known.limit, quotient(gflops, entry.at("limit")));
    known.peak = std::max(known.peak, quotient(gflops, entry.at("peak")));
    if (!is_family(entry)) return;
    s.bandwidth.push_back(entry.at("bandwidth"));
    known.work = entry.at("work");
    known.level = static_cast<int>(entry.at("level").get<double>());
  }

  [[nodiscard]] static bool is_family(const json& entry) { return entry.contains("bandwidth"); }

  [[nodiscard]] std::vector<Cell> take() {
    for (std::size_t i = 0; i < samples_.size(); ++i)
      for (const auto& [library, s] : samples_[i]) {
        const double gflops = median(s.gflops);
        cells_[i].libraries[library] = {gflops,
                                        median(s.gbytes),
                                        median(s.seconds),
                                        quotient(gflops, cells_[i].limit),
                                        median(s.bandwidth),
                                        s.way};
      }
    return std::move(cells_);
  }

 private:
  std::map<std::string, std::size_t> index_;
  std::vector<Cell> cells_;
  std::vector<std::map<std::string, Samples>> samples_;
};

}  // namespace

const Measurement* Cell::find(const std::string& library) const {
  const auto found = libraries.find(library);
  return found == libraries.end() ? nullptr : &found->second;
}

std::pair<std::string, const Measurement*> Cell::best_peer(bool tiled) const {
  std::pair<std::string, const Measurement*> best{"", nullptr};
  for (const auto& [library, measurement] : libraries) {
    if (library.empty() || (library == "libxsmm-tiled") != tiled) continue;
    if (best.second == nullptr || measurement.gflops > best.second->gflops)
      best = {library, &measurement};
  }
  return best;
}

double Cell::ratio(bool tiled) const {
  const Measurement* const peer = best_peer(tiled).second;
  return peer == nullptr || strum() == nullptr ? 0 : strum()->gflops / peer->gflops;
}

std::string Cell::text() const {
  std::string text = op + (scalar == "f32" ? "" : " " + scalar) + " n " + std::to_string(n);
  if (block != 0) text += ", block " + std::to_string(block);
  text += ", batch " + std::to_string(batch);
  return variant.empty() ? text : text + ", " + variant;
}

Results read_results(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  Results results;
  try {
    const json run = json::parse(file);
    for (const auto& [key, value] : run.at("context").items())
      if (value.is_string()) results.context.emplace_back(key, value.get<std::string>());
    Collector products, family;
    for (const json& entry : run.at("benchmarks")) {
      if (entry.value("error_occurred", false))
        results.errors.push_back(entry.at("name").get<std::string>() + ": " +
                                 entry.value("error_message", ""));
      else
        (Collector::is_family(entry) ? family : products).add(entry);
    }
    results.cells = products.take();
    results.family = family.take();
  } catch (const json::exception& error) {
    throw std::runtime_error(path + ": not a run of strum_bench: " + error.what());
  }
  return results;
}

double geometric_mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

}  // namespace report
