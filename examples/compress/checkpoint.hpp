// What a run over a model has done so far, kept in files from which the next run goes on.
#pragma once

#include <string>
#include <vector>

#include "options.hpp"
#include "outcome.hpp"
#include "saving.hpp"

namespace compress {

/// FILE.part holds the operators of --out FILE, FILE.part.json the options and what became of the
/// tensors. Each is replaced as a whole, the operators first, so what the second names is in the
/// first whenever a run ends. Without --out nothing is kept.
class Checkpoint {
 public:
  /// Reads what an earlier run has left. Throws InputError if that run had other options, or if
  /// the files cannot be read.
  explicit Checkpoint(const Options& options);

  [[nodiscard]] const std::vector<Outcome>& done() const { return done_; }

  /// What the earlier run found for this tensor, or null. Throws InputError if the tensor was
  /// another one then.
  [[nodiscard]] const Outcome* find(const std::string& tensor, std::uint64_t checksum) const;

  /// `op` is kept if the tensor is replaced by it.
  void keep(const Outcome& outcome, strum::AnyLinearOp<float> op);
  void keep(const Outcome& outcome, strum::AnyLinearOp<double> op);

  /// Reads all operators back, compares them, and gives the file its name.
  void finish();

  [[nodiscard]] const std::string& part() const { return part_; }

 private:
  void load();
  void write();

  const Options& options_;
  std::string part_, text_;  // their names
  Operators<float> floats_;
  Operators<double> doubles_;  // one of the two is empty
  std::vector<Outcome> done_;
};

}  // namespace compress
