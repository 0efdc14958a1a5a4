// The bodies of the fits by averages: compiled once in the library, inline header-only.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "strum/fit/diagonals.hpp"
#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The averages of W over classes of entries, rounded to Scalar, and the error that they make.
/// Entry (i, j) is of class f(i, j), 0 <= f < classes.
template <class Scalar>
class ClassAverages {
 public:
  template <class F>
  ClassAverages(const MatrixView<const Scalar>& w, Index classes, std::string_view where,
                const F& f) {
    if (w.size() == 0)
      fail<ShapeError>(where, ": W is ", w.rows(), " x ", w.cols(), ", without entries");
    const Scaling scaling(w, where);
    std::vector<double> sums(static_cast<std::size_t>(classes));
    std::vector<Index> counts(sums.size());
    for_entries(w, scaling, f, [&](std::size_t k, double entry) {
      sums[k] += entry;
      ++counts[k];
    });
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const double average = counts[k] == 0 ? 0 : sums[k] / static_cast<double>(counts[k]);
      values.push_back(static_cast<Scalar>(average * scaling.factor() * scaling.factor()));
    }
    double error = 0, norm = 0;
    for_entries(w, scaling, f, [&](std::size_t k, double entry) {
      const double missed = entry - static_cast<double>(values[k]) * scaling.matrix();
      error += missed * missed;
      norm += entry * entry;
    });
    relative_error = detail::relative_error(error, norm);
  }

  [[nodiscard]] Tensor<Scalar> tensor(Index first, Index count) const {
    const auto begin = values.begin() + first;
    return Tensor<Scalar>({count}, {begin, begin + count});
  }

  std::vector<Scalar> values;
  double relative_error = 0;

 private:
  template <class F, class G>
  static void for_entries(const MatrixView<const Scalar>& w, const Scaling& scaling, const F& f,
                          const G& g) {
    const double scale = scaling.matrix();
    for (Index j = 0; j < w.cols(); ++j)
      for (Index i = 0; i < w.rows(); ++i)
        g(static_cast<std::size_t>(f(i, j)), static_cast<double>(w(i, j)) * scale);
  }
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<Circulant<Scalar>> circulant(MatrixView<const Scalar> w) {
  const Index n = w.cols();
  if (w.rows() != n)
    strum::detail::fail<ShapeError>("fit::circulant: W is ", w.rows(), " x ", n, ", not square");
  const strum::detail::ClassAverages<Scalar> averages(
      w, n, "fit::circulant", [n](Index i, Index j) { return i >= j ? i - j : i - j + n; });
  return {Circulant<Scalar>(averages.tensor(0, n)), averages.relative_error, n};
}

template <class Scalar>
Fit<Toeplitz<Scalar>> toeplitz(MatrixView<const Scalar> w) {
  const Index m = w.rows(), n = w.cols();
  const strum::detail::ClassAverages<Scalar> averages(
      w, m + n, "fit::toeplitz", [m](Index i, Index j) { return i >= j ? i - j : m + j - i; });
  Tensor<Scalar> row = averages.tensor(m, n);
  row[0] = averages.values[0];
  return {Toeplitz<Scalar>(averages.tensor(0, m), row), averages.relative_error, m + n - 1};
}

template <class Scalar>
Fit<Hankel<Scalar>> hankel(MatrixView<const Scalar> w) {
  const Index m = w.rows(), count = m + w.cols() - 1;
  const strum::detail::ClassAverages<Scalar> averages(w, count, "fit::hankel",
                                                      [](Index i, Index j) { return i + j; });
  return {Hankel<Scalar>(m, averages.tensor(0, count)), averages.relative_error, count};
}

}  // namespace strum::inline STRUM_ABI::fit
