#include "findings.hpp"

#include <algorithm>
#include <cmath>

namespace compress {

double fraction(const Findings& findings, const Finding& finding) {
  return static_cast<double>(finding.parameter_count) /
         (static_cast<double>(findings.rows) * static_cast<double>(findings.cols));
}

Times fastest_dense(const Findings& findings) {
  Times fastest = findings.dense[0].times;
  for (const DenseProduct& product : findings.dense)
    for (std::size_t b = 0; b < fastest.size(); ++b)
      fastest[b] = std::min(fastest[b], product.times[b]);
  return fastest;
}

double mean_speed_up(const Findings& findings, const Times& times) {
  const Times dense = fastest_dense(findings);
  double sum = 0;
  for (std::size_t b = 0; b < times.size(); ++b) sum += std::log(dense[b] / times[b]);
  return std::exp(sum / static_cast<double>(times.size()));
}

}  // namespace compress
