// The bodies of fit::Calibration: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include <Eigen/Core>

#include "strum/fit/calibration.hpp"
#include "strum/fit/panels.hpp"

namespace strum::inline STRUM_ABI::fit {

STRUM_INLINE Calibration::Calibration(Index features)
    : moments_(static_cast<std::size_t>(
          strum::detail::checked_product(features, features, "fit::Calibration"))) {
  sum_.resize(static_cast<std::size_t>(features));
}

template <class Scalar>
void Calibration::add_samples(const MatrixView<const Scalar>& x) {
  constexpr double kLargest = 1e130;
  constexpr Index kSamples = 512;  // converted at a time: 16 MB for 4096 features
  const Index n = features();
  if (x.rows() != n)
    strum::detail::fail<ShapeError>("fit::Calibration::add: x has ", x.rows(),
                                    " rows, the calibration ", n, " features");
  for (Index s = 0; s < x.cols(); ++s)
    for (Index i = 0; i < n; ++i)
      if (!(std::abs(static_cast<double>(x(i, s))) <= kLargest))
        strum::detail::fail<ValueError>("fit::Calibration::add: entry (", i, ", ", s,
                                        ") is NaN, infinite or beyond 1e130");

  Eigen::MatrixXd batch(n, std::min(kSamples, x.cols()));
  Eigen::Map<Eigen::MatrixXd> moments(moments_.data(), n, n);
  Eigen::Map<Eigen::VectorXd> sum(sum_.data(), n);
  for (Index first = 0; first < x.cols(); first += kSamples) {
    const Index count = std::min(kSamples, x.cols() - first);
    for (Index s = 0; s < count; ++s)
      for (Index i = 0; i < n; ++i) batch(i, s) = static_cast<double>(x(i, first + s));
    const auto samples = batch.leftCols(count);
    strum::detail::for_panels(n, [&](Index j, Index width) {
      moments.block(j, j, n - j, width).noalias() +=
          samples.bottomRows(n - j) * samples.middleRows(j, width).transpose();
      sum.segment(j, width) += samples.middleRows(j, width).rowwise().sum();
    });
  }
  strum::detail::for_panels(n, [&](Index j, Index width) {
    for (Index i = j; i < j + width; ++i) moments.col(i).head(i) = moments.row(i).head(i);
  });
  samples_ += x.cols();
}

STRUM_INLINE void Calibration::add(MatrixView<const float> x) { add_samples(x); }
STRUM_INLINE void Calibration::add(MatrixView<const double> x) { add_samples(x); }

STRUM_INLINE void Calibration::merge(const Calibration& other) {
  if (other.features() != features())
    strum::detail::fail<ShapeError>("fit::Calibration::merge: ", features(), " features and ",
                                    other.features());
  const auto add = [](std::vector<double>& to, const std::vector<double>& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
  };
  add(moments_, other.moments_);
  add(sum_, other.sum_);
  samples_ += other.samples_;
}

STRUM_INLINE double Calibration::squared_norm(MatrixView<const double> a) const {
  using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const Index n = features();
  if (a.cols() != n)
    strum::detail::fail<ShapeError>("fit::Calibration::squared_norm: the matrix has ", a.cols(),
                                    " columns, the calibration ", n, " features");
  const Eigen::MatrixXd matrix = Eigen::Map<const Eigen::MatrixXd, 0, Strides>(
      a.data(), a.rows(), n, Strides(a.col_stride(), a.row_stride()));
  const Eigen::Map<const Eigen::MatrixXd> moments(moments_.data(), n, n);
  std::vector<double> parts(static_cast<std::size_t>(strum::detail::panel_count(n)));
  // tr(A·C·Aᵀ), what lies below the diagonal panels counted twice
  strum::detail::for_panels(n, [&](Index j, Index width) {
    const Index below = n - j - width;
    Eigen::MatrixXd product(matrix.rows(), width);
    product.noalias() = 2 * matrix.rightCols(below) * moments.block(j + width, j, below, width);
    product.noalias() += matrix.middleCols(j, width) * moments.block(j, j, width, width);
    parts[static_cast<std::size_t>(j / strum::detail::kFitPanel)] =
        product.cwiseProduct(matrix.middleCols(j, width)).sum();
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return std::max(sum, 0.0);  // below 0 by rounding, where A·X = 0
}

}  // namespace strum::inline STRUM_ABI::fit
