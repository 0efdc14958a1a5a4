#include "family.hpp"

#include <set>

#include "table.hpp"

namespace report {
namespace {

/// The cells of one operator.
struct Row {
  std::string op, setting;
  std::map<std::pair<long, long>, const Cell*> cells;  // by batch and n

  [[nodiscard]] const Cell* find(long batch, long n) const {
    const auto found = cells.find({batch, n});
    return found == cells.end() ? nullptr : found->second;
  }
};

/// The dense products first, to read the others beside.
std::vector<Row> rows_of(const Results& results) {
  std::vector<Row> rows{{"Dense", "", {}}};
  std::set<std::pair<long, long>> wanted;
  for (const Cell& cell : results.family) {
    if (rows.back().op != cell.op) rows.push_back({cell.op, cell.strum()->way, {}});
    rows.back().cells[{cell.batch, cell.n}] = &cell;
    wanted.insert({cell.batch, cell.n});
  }
  for (const Cell& cell : results.cells)
    if (cell.op == "Dense" && cell.scalar == "f32" && cell.strum() != nullptr &&
        cell.variant == results.family[0].variant && wanted.count({cell.batch, cell.n}) != 0)
      rows[0].cells[{cell.batch, cell.n}] = &cell;
  return rows;
}

using Columns = std::vector<std::string>;

std::string line(const Columns& columns) {
  std::string text = "|";
  for (const std::string& column : columns) text.append(" ").append(column).append(" |");
  return text + "\n";
}

std::string percent(double share) { return fixed(100 * share, share < 0.1 ? 1 : 0) + " %"; }

std::string times(double ratio) { return ratio == 0 ? "" : fixed(ratio, ratio < 10 ? 2 : 1) + "x"; }

std::string microseconds(const Cell& cell) {
  const double value = 1e6 * cell.strum()->seconds;
  return fixed(value, value < 10 ? 2 : 1);
}

/// What the row says of several samples.
Columns batch_columns(const Results& results, const Cell* cell) {
  if (cell == nullptr) return Columns(4);
  const double gflops = cell->strum()->gflops;
  Columns columns = {percent(cell->op == "Dense" ? 1 : cell->work), "", "",
                     times(speed_up(results, *cell, "Eigen"))};
  if (gflops > 0) {
    columns[1] = fixed(gflops, 1);
    columns[2] = percent(gflops / cell->peak);
  }
  return columns;
}

/// Of one sample.
Columns sample_columns(const Results& results, const Cell* cell) {
  if (cell == nullptr) return Columns(2);
  return {microseconds(*cell), times(speed_up(results, *cell, ""))};
}

/// Of the bandwidth where the weights are read from beyond L2.
std::string bandwidth(const Cell* cell) {
  if (cell == nullptr || cell->op == "Dense" || cell->level == 1 || cell->level == 2) return "";
  return percent(cell->strum()->bandwidth) + " of " +
         (cell->level == 0 ? "DRAM" : "L" + std::to_string(cell->level));
}

/// The dense product that each size is compared with.
std::string fastest_dense(const Row& dense, long n) {
  const Cell* const cell = dense.find(1, n);
  if (cell == nullptr) return "";
  const auto [library, measurement] = cell->best_peer(false);
  if (measurement == nullptr) return "";
  return "n = " + std::to_string(n) + ": " + fixed(1e6 * measurement->seconds, 1) + " µs, " +
         library;
}

}  // namespace

std::string family_table(const Results& results) {
  if (results.family.empty()) return "";
  const std::vector<Row> rows = rows_of(results);
  std::set<long> sizes;
  long batch = 1, batch_size = 0;
  for (const Cell& cell : results.family) {
    if (cell.batch == 1) sizes.insert(cell.n);
    if (cell.batch > batch) batch = cell.batch, batch_size = cell.n;
  }
  const std::string samples = std::to_string(batch) + " samples, n = " + std::to_string(batch_size);
  std::string text = "\n## The family\n\nEvery operator, n x n in f32. " + samples +
                     ": multiply-adds as a share of a dense product's, GFLOP/s, the share of the "
                     "FMA peak, and times faster than Eigen's dense product. One sample: µs, and "
                     "times faster than the fastest dense product of a peer. Bandwidth: the rate "
                     "at which the weights are read, as a share of the read bandwidth of the level "
                     "they fit in, if that is not L1 or L2, at the largest n.\n\nFastest dense "
                     "products of one sample: ";
  std::string separator;
  for (const long n : sizes)
    if (const std::string fastest = fastest_dense(rows[0], n); !fastest.empty()) {
      text += separator + fastest;
      separator = "; ";
    }
  Columns head = {"operator", "sizes", "work", "GFLOP/s", "of peak", "÷ Eigen's dense"};
  for (const long n : sizes) {
    head.push_back("n = " + std::to_string(n) + ", µs");
    head.emplace_back("÷ dense");
  }
  head.emplace_back("bandwidth");
  text += ".\n\n" + line(head) + line(Columns(head.size(), "---"));
  for (const Row& row : rows) {
    Columns columns = batch_columns(results, row.find(batch, batch_size));
    columns.insert(columns.begin(), {row.op, row.setting});
    for (const long n : sizes)
      for (const std::string& column : sample_columns(results, row.find(1, n)))
        columns.push_back(column);
    columns.push_back(bandwidth(row.find(1, sizes.empty() ? 0 : *sizes.rbegin())));
    text += line(columns);
  }
  return text;
}

}  // namespace report
