// What a search found for one matrix, for the reports: without the operators.
#pragma once

#include <string>
#include <vector>

#include "strum/core/config.hpp"

namespace compress {

/// Microseconds per sample at every batch size asked for.
using Times = std::vector<double>;

struct DenseProduct {
  std::string about;  ///< such as "strum::Dense (avx512)"
  Times times;
};

struct Finding {
  std::string structure, shape;
  strum::Index parameter_count;
  double relative_error;  ///< ‖W - op‖ / ‖W‖, Frobenius
  double error;  ///< that counts: ‖(W - op)·X‖ / ‖W·X‖ if there are inputs X, else that
  Times times;
  bool on_front;  ///< of parameters, error and time
};

struct Findings {
  std::string about;  ///< the matrix
  strum::Index rows = 0, cols = 0;
  std::string scalar;  ///< "float" or "double"
  std::vector<strum::Index> batches;
  bool calibrated = false;  ///< there are inputs
  std::vector<DenseProduct> dense;
  std::vector<Finding> all;   ///< that were fitted, by parameters
  strum::Index proposed = 0;  ///< of which those are the promising ones
  std::size_t best = 0;       ///< of `all`
  bool reached = true;        ///< the best has the error that was asked for
};

/// Parameters as a fraction of the dense matrix's.
double fraction(const Findings& findings, const Finding& finding);

/// The time of the faster dense product at each batch size.
Times fastest_dense(const Findings& findings);

/// How many times faster than the faster dense product, as a mean (geometric) over the batch sizes.
double mean_speed_up(const Findings& findings, const Times& times);

}  // namespace compress
