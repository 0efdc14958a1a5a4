// Calibration: what a fit needs to know of the inputs that a layer sees.
//
//     strum::fit::Calibration calibration(features);
//     for (const auto& batch : batches) calibration.add(batch);  // features x samples
//     auto fit = strum::fit::low_rank(w, 64, calibration);       // fit/calibrated.hpp
#pragma once

#include <type_traits>
#include <vector>

#include "strum/fit/fit.hpp"

namespace strum::inline STRUM_ABI::fit {

/// Second moments X·Xᵀ, sum and number of samples X (features x samples), added batch by batch. Of
/// the samples themselves nothing is kept: features² + features numbers in double.
class STRUM_API Calibration {
 public:
  /// Of no samples yet. Throws ShapeError for a negative size.
  explicit Calibration(Index features);

  /// Adds the columns of x. In batches as at once, but for the order of the sums; the same bits on
  /// any number of threads. Throws ShapeError unless x has features() rows, and ValueError if an
  /// entry is NaN, infinite or beyond 1e130, whose squares would not add up in double; after an
  /// exception the calibration is what it was.
  void add(MatrixView<const float> x);
  void add(MatrixView<const double> x);

  /// The same for any view or dense Eigen object of float or double.
  template <strum::detail::FitInput X>
  void add(const X& x) {
    strum::detail::fit_view(x, [&](auto view) { add(view); });
  }

  /// Adds the samples of another calibration. Throws ShapeError for another number of features.
  void merge(const Calibration& other);

  [[nodiscard]] Index features() const { return static_cast<Index>(sum_.size()); }
  [[nodiscard]] Index samples() const { return samples_; }

  /// X·Xᵀ, both triangles.
  [[nodiscard]] MatrixView<const double> second_moments() const {
    return {moments_.data(), features(), features()};
  }
  /// Σ of the samples, one column.
  [[nodiscard]] MatrixView<const double> sum() const { return {sum_.data(), features(), 1}; }

  /// ‖A·X‖²_F of an A with features() columns. Throws ShapeError for another number.
  [[nodiscard]] double squared_norm(MatrixView<const double> a) const;

 private:
  template <class Scalar>
  void add_samples(const MatrixView<const Scalar>& x);

  Index samples_ = 0;
  std::vector<double> sum_;
  std::vector<double> moments_;  // column-major
};

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/calibration-inl.hpp"
#endif
