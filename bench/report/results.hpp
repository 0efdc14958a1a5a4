// What a run of strum_bench found, by cell: one product at one size, batch and layout, by every
// library.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace report {

/// Medians over the passes.
struct Measurement {
  double gflops = 0, gbytes = 0;  // per second; weights, x and y counted once each
  double seconds = 0;             // of one product
  double fraction = 0;            // of the cell's limit
  double bandwidth = 0;           // family only: of the read bandwidth where the weights lie
  std::string way;                // the fastest way to call the library, where it has several
};

/// A product, as the benchmark's name says it.
struct Cell {
  std::string op, scalar;
  long n = 0, m = 0, block = 0, batch = 0;
  std::string variant;  // what is not the default: "ld:4112", "layout:row op:transpose", ...
  double limit = 0;     // GFLOP/s: the highest that a pass found
  double peak = 0;      // likewise
  double work = 0;      // family only: multiply-adds as a fraction of a dense product's
  int level = 0;        // family only: the cache that the weights fit in, 0 for the main memory
  std::map<std::string, Measurement> libraries;  // strum is ""

  /// Null unless the library took part.
  [[nodiscard]] const Measurement* find(const std::string& library) const;
  [[nodiscard]] const Measurement* strum() const { return find(""); }

  /// The fastest library beside strum: "libxsmm-tiled" or, if `tiled` is false, one of the others.
  [[nodiscard]] std::pair<std::string, const Measurement*> best_peer(bool tiled) const;

  /// strum's rate over that of best_peer(tiled); 0 where one of them is missing.
  [[nodiscard]] double ratio(bool tiled) const;

  /// What is compared with dense products: a Monarch product without a variant.
  [[nodiscard]] bool is_plain_monarch() const { return op == "Monarch" && variant.empty(); }

  /// `block 16, batch 128, ld:4112`.
  [[nodiscard]] std::string text() const;
};

struct Results {
  std::vector<std::pair<std::string, std::string>> context;
  std::vector<Cell> cells;          // in the order of the run
  std::vector<Cell> family;         // every operator at the same sizes, by strum alone
  std::vector<std::string> errors;  // benchmarks that failed, with the reason
};

/// Throws std::runtime_error for a file that is not such a run.
[[nodiscard]] Results read_results(const std::string& path);

/// 0 for none.
[[nodiscard]] double geometric_mean(const std::vector<double>& values);

/// With `digits` behind the point.
[[nodiscard]] std::string fixed(double value, int digits);

}  // namespace report
