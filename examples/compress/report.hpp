// The table.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "measure.hpp"

namespace compress {

/// One line of it.
struct Row {
  std::string structure, shape;
  strum::Index parameter_count;
  double relative_error;
  Times times;
};

/// What the rows are compared with.
struct Setting {
  strum::Index rows, cols;
  std::vector<strum::Index> batches;
  Measurement measurement;
};

/// Two rows for the dense products, then the others, the best one marked.
void print_table(std::ostream& out, const Setting& setting, const std::vector<Row>& rows,
                 std::size_t best);

}  // namespace compress
