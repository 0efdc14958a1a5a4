#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Core>

#include "strum/core/parallel.hpp"
#include "strum/ops/dense.hpp"
#include "timing.hpp"

namespace compress {

using strum::Index;
using strum::MatrixView;

template <class S>
Measurement measure(const MatrixView<const S>& w, const std::vector<Candidate<S>>& candidates,
                    const std::vector<Index>& batches, Progress& progress) {
  using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
  using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const Matrix eigen = Eigen::Map<const Matrix, 0, Strides>(
      w.data(), w.rows(), w.cols(), Strides(w.col_stride(), w.row_stride()));
  const strum::Dense<S> dense(w);

  Measurement result;
  result.candidates.resize(candidates.size());
  for (const Index batch : batches) {
    progress.show("timing batch " + std::to_string(batch));
    const Matrix x = Matrix::Random(w.cols(), batch);
    Matrix y(w.rows(), batch);
    std::vector<std::function<void()>> products = {[&] { y.noalias() = eigen * x; },
                                                   [&] { dense.apply(x, y); }};
    for (const Candidate<S>& candidate : candidates)
      products.push_back([&] { candidate.op.apply(x, y); });

    strum::set_num_threads(1);  // the clock is that of this thread, and Eigen has no more either
    Times times = median_seconds(products);
    strum::set_num_threads(0);
    for (double& time : times) time *= 1e6 / static_cast<double>(batch);
    result.eigen.push_back(times[0]);
    result.dense.push_back(times[1]);
    for (std::size_t i = 0; i < candidates.size(); ++i)
      result.candidates[i].push_back(times[i + 2]);
  }
  return result;
}

Times fastest_dense(const Measurement& measurement) {
  Times fastest = measurement.eigen;
  for (std::size_t b = 0; b < fastest.size(); ++b)
    fastest[b] = std::min(fastest[b], measurement.dense[b]);
  return fastest;
}

double mean_speed_up(const Measurement& measurement, const Times& times) {
  const Times dense = fastest_dense(measurement);
  double sum = 0;
  for (std::size_t b = 0; b < times.size(); ++b) sum += std::log(dense[b] / times[b]);
  return std::exp(sum / static_cast<double>(times.size()));
}

template <class S>
std::size_t best_of(const std::vector<Candidate<S>>& candidates, const Measurement& measurement) {
  const auto key = [&](std::size_t i) {
    return std::make_pair(error_grade<S>(candidates[i].relative_error),
                          -mean_speed_up(measurement, measurement.candidates[i]));
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < candidates.size(); ++i)
    if (key(i) < key(best)) best = i;
  return best;
}

template Measurement measure(const MatrixView<const float>&, const std::vector<Candidate<float>>&,
                             const std::vector<Index>&, Progress&);
template Measurement measure(const MatrixView<const double>&, const std::vector<Candidate<double>>&,
                             const std::vector<Index>&, Progress&);

template std::size_t best_of(const std::vector<Candidate<float>>&, const Measurement&);
template std::size_t best_of(const std::vector<Candidate<double>>&, const Measurement&);

}  // namespace compress
