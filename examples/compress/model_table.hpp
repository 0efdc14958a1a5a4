// What the user reads about a model.
#pragma once

#include <iosfwd>
#include <vector>

#include "format.hpp"
#include "outcome.hpp"

namespace compress {

/// A table that grows by a line for each tensor.
class ModelTable {
 public:
  /// Knows from the tensors how wide its columns are. `batch` is that of the times.
  ModelTable(std::ostream& out, const std::vector<Outcome>& tensors, strum::Index batch);

  void print_head();
  void print(const Outcome& outcome);
  void print_summary(const std::vector<Outcome>& outcomes, double most_error);

 private:
  std::ostream& out_;
  std::vector<std::size_t> width_;
  strum::Index batch_;
};

}  // namespace compress
