// Products with matrices that are constant along their diagonals, as corners of a circulant.
#pragma once

#include <vector>

#include "strum/transforms/cyclic_convolution.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Which of the two is cheaper where nothing wraps, see CyclicConvolution.
template <class Scalar>
inline constexpr Wrap kCheaperWrap = kIsComplex<Scalar> ? Wrap::cyclic : Wrap::negacyclic;

/// y_i = Σ_j t[i − j]·x_j, 0 <= i < rows, 0 <= j < cols, by a convolution of N numbers: N = rows =
/// cols where the matrix itself is (nega)circulant and N is a good length, else any N >= rows +
/// cols − 1. Nothing is gained by transforms of length rows where that is none: they are themselves
/// convolutions of twice the length.
template <class Scalar>
class ToeplitzConvolution {
  using R = Real<Scalar>;
  using Plan = CyclicConvolution<Scalar>;

 public:
  ToeplitzConvolution() = default;

  /// Of any t.
  ToeplitzConvolution(Index rows, Index cols)
      : plan_(Plan::good_length(rows + cols - 1), kCheaperWrap<Scalar>), rows_(rows), cols_(cols) {}

  /// Of a t with t[i − n] = corner·t[i], n x n.
  ToeplitzConvolution(Index n, Scalar corner) : rows_(n), cols_(n) {
    const bool good = Plan::good_length(n) == n;
    if (good && corner == Scalar(1))
      plan_ = Plan(n);
    else if (good && corner == Scalar(-1))
      plan_ = Plan(n, Wrap::negacyclic);
    else
      plan_ = Plan(Plan::good_length(2 * n - 1), kCheaperWrap<Scalar>);
  }

  [[nodiscard]] const Plan& plan() const { return plan_; }
  /// N.
  [[nodiscard]] Index length() const { return plan_.length(); }
  /// Whether the matrix is all of the (nega)circulant.
  [[nodiscard]] bool whole() const { return length() == rows_ && length() == cols_; }
  [[nodiscard]] Index spectrum_size() const { return plan_.spectrum_size(); }
  /// Of run().
  [[nodiscard]] Index flops() const {
    return length() == 0 ? 0 : 2 * plan_.transform_flops() + plan_.multiply_flops();
  }
  /// Of run().
  [[nodiscard]] std::size_t run_bytes() const { return plan_.workspace_bytes(); }

  /// The spectrum of the filter with t(d), −cols < d < rows.
  template <class T>
  void transform_filter(const T& t, R* spectrum, Workspace& workspace) const {
    std::vector<Scalar> filter(static_cast<std::size_t>(length()));
    for (Index d = 0; d < rows_; ++d) filter[static_cast<std::size_t>(d)] = t(d);
    for (Index s = 1; s < cols_ && !whole(); ++s)  // these come back at the end
      filter[static_cast<std::size_t>(length() - s)] =
          plan_.wrap() == Wrap::cyclic ? Scalar(t(-s)) : Scalar(-t(-s));
    plan_.transform(filter.data(), length(), spectrum, workspace);
  }

  /// One product in any mode.
  void run(Mode mode, const R* filter, const Scalar* x, Scalar* y, Workspace& workspace) const {
    const bool t = transposes(mode);
    plan_.convolve(mode, filter, x, t ? rows_ : cols_, y, 0, t ? cols_ : rows_, workspace);
  }

 private:
  Plan plan_;
  Index rows_ = 0, cols_ = 0;
};

/// The gradient of a filter: t̄[d] = Σ_{i−j=d} dy_i·conj(x_j), summed over samples in the spectrum.
/// The convolution's wrap folds it as it folds the matrix.
template <class Scalar>
class DiagonalSums {
  using R = Real<Scalar>;

 public:
  explicit DiagonalSums(const CyclicConvolution<Scalar>& plan)
      : plan_(plan),
        sum_(size(plan)),
        x_(size(plan)),
        y_(size(plan)),
        sums_(static_cast<std::size_t>(plan.length())) {}

  /// Conjugated: of the conjugates of x and dy.
  void add(const Scalar* x, Index count_x, const Scalar* dy, Index count_y, Workspace& workspace,
           bool conjugated = false) {
    plan_.transform(x, count_x, x_.data(), workspace, conjugated);
    plan_.transform(dy, count_y, y_.data(), workspace, conjugated);
    plan_.multiply_add(x_.data(), y_.data(), sum_.data(), true);
  }

  /// After the last sample.
  void finish(Workspace& workspace) { finish(sum_.data(), workspace); }
  /// From a spectrum that was summed elsewhere.
  void finish(const R* spectrum, Workspace& workspace) {
    plan_.inverse(spectrum, sums_.data(), 0, plan_.length(), workspace);
  }
  [[nodiscard]] Scalar operator()(Index d) const {
    if (d >= 0) return sums_[static_cast<std::size_t>(d)];
    const Scalar& sum = sums_[static_cast<std::size_t>(d + plan_.length())];
    return plan_.wrap() == Wrap::cyclic ? sum : -sum;
  }

 private:
  static std::size_t size(const CyclicConvolution<Scalar>& plan) {
    return static_cast<std::size_t>(plan.spectrum_size());
  }

  const CyclicConvolution<Scalar>& plan_;
  std::vector<R> sum_, x_, y_;
  std::vector<Scalar> sums_;
};

}  // namespace strum::inline STRUM_ABI::detail
