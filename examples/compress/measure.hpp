// What a product costs, structured and dense.
#pragma once

#include <vector>

#include "candidates.hpp"

namespace compress {

/// Microseconds per sample at every batch size asked for.
using Times = std::vector<double>;

struct Measurement {
  Times eigen, dense;             ///< Eigen's W·X and strum::Dense
  std::vector<Times> candidates;  ///< in the order of the candidates
};

/// One thread, all of them in turns.
template <class S>
Measurement measure(const strum::MatrixView<const S>& w,
                    const std::vector<Candidate<S>>& candidates,
                    const std::vector<strum::Index>& batches, Progress& progress);

/// The time of the faster dense product at each batch size.
Times fastest_dense(const Measurement& measurement);

/// How many times faster than the faster dense product, as a mean (geometric) over the batch sizes.
double mean_speed_up(const Measurement& measurement, const Times& times);

/// The index of the best candidate: the smallest error, and of equally good ones the fastest.
template <class S>
std::size_t best_of(const std::vector<Candidate<S>>& candidates, const Measurement& measurement);

}  // namespace compress
