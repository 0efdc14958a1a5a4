#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <ostream>

#include <Eigen/Core>

#include "strum/core/isa.hpp"
#include "timing.hpp"

namespace compress {
namespace {

using strum::Index;
using Line = std::vector<std::string>;

// Mark, structure and shape are words; what follows are numbers, set flush right.
constexpr std::size_t kWordColumns = 3;

std::string formatted(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// Three significant digits.
std::string microseconds(double value) {
  int decimals = 2;
  for (double limit = 10; value >= limit && decimals > 0; limit *= 10) --decimals;
  for (double limit = 1; value < limit && decimals < 6; limit /= 10) ++decimals;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string ratio(double value) { return formatted(value < 10 ? "%.2fx" : "%.1fx", value); }

/// Two lines: a batch size stands above its two columns.
std::vector<Line> head(const std::vector<Index>& batches) {
  Line above = {"", "", "", "", ""}, below = {"", "structure", "shape", "params", "error"};
  for (const Index batch : batches) {
    above.insert(above.end(), {"batch", std::to_string(batch)});
    below.insert(below.end(), {"us", "ratio"});
  }
  return {above, below};
}

Line line_of(const Row& row, const Setting& setting, bool marked) {
  const double all = static_cast<double>(setting.rows) * static_cast<double>(setting.cols);
  Line line = {marked ? "*" : "", row.structure, row.shape,
               formatted("%.1f %%", 100 * static_cast<double>(row.parameter_count) / all),
               row.relative_error == 0 ? "0" : formatted("%.1e", row.relative_error)};
  const Times dense = fastest_dense(setting.measurement);
  for (std::size_t b = 0; b < row.times.size(); ++b) {
    line.push_back(microseconds(row.times[b]));
    line.push_back(ratio(dense[b] / row.times[b]));
  }
  return line;
}

void print_aligned(std::ostream& out, const std::vector<Line>& lines) {
  std::vector<std::size_t> width(lines[0].size(), 0);
  for (const Line& line : lines)
    for (std::size_t c = 0; c < line.size(); ++c) width[c] = std::max(width[c], line[c].size());
  for (const Line& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c)
      out << (c == 0 ? "" : "  ") << (c < kWordColumns ? std::left : std::right)
          << std::setw(static_cast<int>(width[c])) << line[c];
    out << '\n';
  }
}

std::vector<Row> dense_rows(const Setting& setting) {
  const Index all = setting.rows * setting.cols;
  const std::string eigen = "Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." +
                            std::to_string(EIGEN_MAJOR_VERSION) + " (" +
                            Eigen::SimdInstructionSetsInUse() + ")";
  const std::string own = std::string("strum::Dense (") + strum::active_isa() + ")";
  return {{"dense", eigen, all, 0, setting.measurement.eigen},
          {"dense", own, all, 0, setting.measurement.dense}};
}

}  // namespace

void print_table(std::ostream& out, const Setting& setting, const std::vector<Row>& rows,
                 std::size_t best) {
  std::vector<Line> lines = head(setting.batches);
  for (const Row& row : dense_rows(setting)) lines.push_back(line_of(row, setting, false));
  for (std::size_t i = 0; i < rows.size(); ++i)
    lines.push_back(line_of(rows[i], setting, i == best));
  print_aligned(out, lines);
  out << "params: % of dense; error: |W - structure| / |W|, Frobenius; us: microseconds per "
         "sample\n"
         "of one thread's processor time, median of "
      << kRepeats
      << " runs in turns; ratio: faster dense product / this.\n"
         "* best: the smallest error; of those within 1 % of it, or exact but for rounding, the "
         "fastest.\n";
}

}  // namespace compress
