// What became of one tensor of a model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "strum/core/tensor.hpp"

namespace compress {

enum class Status { replaced, dense, left_alone };

struct Outcome {
  std::string tensor, dtype;
  strum::Shape shape;
  Status status = Status::left_alone;
  std::string reason = {};                ///< why there is no structure; empty if there is one
  std::string structure = {}, form = {};  ///< the best found, which has replaced the tensor or not
  strum::Index parameter_count = 0;
  double relative_error = 0;
  double dense_microseconds = 0, microseconds = 0;  ///< per sample
  std::uint64_t checksum = 0;                       ///< of the tensor's values

  [[nodiscard]] bool searched() const { return !structure.empty(); }
  [[nodiscard]] strum::Index entries() const {
    strum::Index count = 1;
    for (const strum::Index extent : shape) count *= extent;
    return count;
  }
};

/// Of a model before and after.
struct Totals {
  strum::Index replaced = 0, dense = 0, left_alone = 0;
  strum::Index parameters_before = 0, parameters_after = 0;  ///< of all tensors
  double microseconds_before = 0, microseconds_after = 0;    ///< of those that were searched
};

inline Totals totals_of(const std::vector<Outcome>& outcomes) {
  Totals totals;
  for (const Outcome& outcome : outcomes) {
    const bool replaced = outcome.status == Status::replaced;
    (replaced                          ? totals.replaced
     : outcome.status == Status::dense ? totals.dense
                                       : totals.left_alone) += 1;
    totals.parameters_before += outcome.entries();
    totals.parameters_after += replaced ? outcome.parameter_count : outcome.entries();
    totals.microseconds_before += outcome.dense_microseconds;
    totals.microseconds_after += replaced ? outcome.microseconds : outcome.dense_microseconds;
  }
  return totals;
}

}  // namespace compress
