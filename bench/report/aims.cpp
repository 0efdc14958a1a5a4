#include "aims.hpp"

#include <algorithm>

#include "table.hpp"

namespace report {
namespace {

constexpr double kMeasuredBadly = 1.03;

/// Collects what fell short of one aim.
class Aim {
 public:
  explicit Aim(std::string text) : text_(std::move(text)) {}

  /// value >= least, for the cell or mean that `what` names.
  void check(const std::string& what, double value, double least, int digits = 2) {
    ++checked_;
    if (value < least) short_.push_back(what + ": " + fixed(value, digits));
  }

  [[nodiscard]] std::string markdown() const {
    if (checked_ == 0) return "";
    std::string text = "- " + text_ + ": ";
    if (short_.empty()) return text + "**met** (" + std::to_string(checked_) + ")\n";
    text +=
        "**short** in " + std::to_string(short_.size()) + " of " + std::to_string(checked_) + "\n";
    for (const std::string& line : short_) text += "  - " + line + "\n";
    return text;
  }

 private:
  std::string text_;
  int checked_ = 0;
  std::vector<std::string> short_;
};

/// The operators whose weights are those of a dense matrix.
bool is_dense(const Cell& cell) { return cell.work > 0.99; }

std::string family_aims(const Results& results) {
  Aim batch("Every operator, n = 1024, 16 samples: faster than Eigen's dense product");
  Aim one("Every operator, one sample: faster than the fastest dense product");
  Aim deep("Butterfly and MonarchChain, n = 1024, one sample: 4 times the fastest dense product");
  for (const Cell& cell : results.family) {
    const std::string name = cell.text();
    if (is_dense(cell)) continue;
    if (const double ratio = speed_up(results, cell, "Eigen"); cell.batch > 1 && ratio > 0)
      batch.check(name, ratio, 1);
    const double ratio = speed_up(results, cell, "");
    if (cell.batch != 1 || ratio == 0) continue;
    one.check(name, ratio, 1);
    if (cell.n == 1024 && (cell.op.rfind("Butterfly:", 0) == 0 || cell.op == "MonarchChain"))
      deep.check(name, ratio, 4);
  }
  return batch.markdown() + one.markdown() + deep.markdown();
}

double least_fraction(const Cell& cell) {
  if (cell.op == "Dense") return cell.batch == 1 && cell.n >= 512 ? 0.9 : 0;
  if (cell.op != "BlockDiagonal" || cell.batch < 16) return 0;
  return cell.block >= 32 ? 0.9 : cell.block == 16 ? 0.85 : cell.block == 8 ? 0.65 : 0;
}

}  // namespace

std::string aims(const Results& results) {
  Aim every("At least 0.95 times the best peer in every block-diagonal cell");
  Aim loop("Geometric mean at least 1.25 times the best peer in a loop");
  Aim tiled("Geometric mean at least 1.05 times libxsmm tiled");
  Aim fraction(
      "Of the limit at least 90 % for blocks of 32 and more, 85 % for 16, 65 % for 8, at "
      "16 samples and more; 90 % for one sample of Dense");
  Aim dense("Dense, 16 samples and more, at least 0.9 times oneDNN");
  Aim eigen("Monarch, n = 4096, one sample: 100 times Eigen's dense product");
  Aim fastest("Monarch, n = 4096, one sample: 60 times the fastest dense product");
  std::vector<double> loop_ratios, tiled_ratios;
  for (const Cell& cell : results.cells) {
    const Measurement* const strum = cell.strum();
    if (strum == nullptr) continue;
    const std::string name = cell.text();
    if (least_fraction(cell) > 0) fraction.check(name, strum->fraction, least_fraction(cell));
    if (cell.op == "BlockDiagonal" && cell.ratio(false) > 0) {
      loop_ratios.push_back(cell.ratio(false));
      if (cell.ratio(true) > 0) tiled_ratios.push_back(cell.ratio(true));
      const double worst =
          cell.ratio(true) > 0 ? std::min(cell.ratio(false), cell.ratio(true)) : cell.ratio(false);
      every.check(name, worst, 0.95);
    }
    if (const Measurement* const peer = cell.find("oneDNN");
        peer != nullptr && cell.op == "Dense" && cell.batch >= 16)
      dense.check(name, strum->gflops / peer->gflops, 0.9);
    if (cell.is_plain_monarch() && cell.n == 4096 && cell.batch == 1 &&
        speed_up(results, cell, "") > 0) {
      eigen.check(name, speed_up(results, cell, "Eigen"), 100, 1);
      fastest.check(name, speed_up(results, cell, ""), 60, 1);
    }
  }
  if (!loop_ratios.empty()) loop.check("mean", geometric_mean(loop_ratios), 1.25);
  if (!tiled_ratios.empty()) tiled.check("mean", geometric_mean(tiled_ratios), 1.05);
  std::string text;
  for (const Aim* aim : {&every, &loop, &tiled, &fraction, &dense, &eigen, &fastest})
    text += aim->markdown();
  return text + family_aims(results);
}

std::vector<std::string> beyond_limit(const Results& results) {
  std::vector<std::string> found;
  for (const auto* cells : {&results.cells, &results.family})
    for (const Cell& cell : *cells)
      for (const auto& [library, measurement] : cell.libraries)
        if (measurement.fraction > kMeasuredBadly)
          found.push_back(cell.text() + (library.empty() ? " (strum)" : " (" + library + ")") +
                          ": " + fixed(measurement.fraction, 2) + " of the limit");
  return found;
}

}  // namespace report
