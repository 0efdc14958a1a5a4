// What the fits of matrices that are taken as a whole share: W in double, and the error of the
// result.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/core/tensor.hpp"
#include "strum/fit/fit.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::detail {

/// W·scaling.matrix() in double. Takes the entries that f(row, column) counts to the place that it
/// returns, {row, column} of a rows x cols matrix.
template <class Scalar, class F>
[[nodiscard]] Eigen::MatrixXd rearranged(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                         Index rows, Index cols, const F& f) {
  Eigen::MatrixXd result(rows, cols);
  for (Index j = 0; j < w.cols(); ++j)
    for (Index i = 0; i < w.rows(); ++i) {
      const std::pair<Index, Index> to = f(i, j);
      result(to.first, to.second) = static_cast<double>(w(i, j)) * scaling.matrix();
    }
  return result;
}

/// W at the rows and columns of these indices, scaled, in double.
template <class Scalar>
[[nodiscard]] Eigen::MatrixXd sub_matrix(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                         const std::vector<Index>& rows,
                                         const std::vector<Index>& cols) {
  Eigen::MatrixXd sub(static_cast<Index>(rows.size()), static_cast<Index>(cols.size()));
  for (Index j = 0; j < sub.cols(); ++j)
    for (Index i = 0; i < sub.rows(); ++i)
      sub(i, j) = static_cast<double>(
                      w(rows[static_cast<std::size_t>(i)], cols[static_cast<std::size_t>(j)])) *
                  scaling.matrix();
  return sub;
}

/// W·scaling.matrix() in double.
template <class Scalar>
[[nodiscard]] Eigen::MatrixXd scaled_matrix(const MatrixView<const Scalar>& w,
                                            const Scaling& scaling) {
  return rearranged(w, scaling, w.rows(), w.cols(),
                    [](Index i, Index j) { return std::pair<Index, Index>(i, j); });
}

[[nodiscard]] inline Triples<double> leading_triples_of(const Eigen::MatrixXd& a, Index rank) {
  return leading_triples(MatrixView<const double>(a.data(), a.rows(), a.cols()), rank);
}

/// Entry i of a side of W's triples, as a factor of the unscaled W stores it.
template <class Scalar>
[[nodiscard]] Scalar stored_entry(const std::vector<double>& side, Index i,
                                  const Scaling& scaling) {
  return static_cast<Scalar>(side[static_cast<std::size_t>(i)] * scaling.factor());
}

template <class Scalar>
[[nodiscard]] std::vector<Tensor<double>> in_double(const std::vector<Tensor<Scalar>>& tensors) {
  std::vector<Tensor<double>> result;
  for (const Tensor<Scalar>& tensor : tensors) result.push_back(tensor.template cast<double>());
  return result;
}

/// A fit of W by `op`, whose error is that of `exact`: the same weights as they are stored, in an
/// operator of double. W and the operator are compared a few columns at a time.
template <class Scalar, class Op, class Exact>
[[nodiscard]] fit::Fit<Op> measured(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                    Op op, const Exact& exact) {
  constexpr Index kColumns = 64;
  double error = 0, norm = 0;
  for (Index first = 0; first < w.cols(); first += kColumns) {
    const Index count = std::min(kColumns, w.cols() - first);
    Eigen::MatrixXd unit = Eigen::MatrixXd::Zero(w.cols(), count), columns(w.rows(), count);
    unit.middleRows(first, count).setIdentity();
    exact.apply(unit, columns);
    for (Index j = 0; j < count; ++j)
      for (Index i = 0; i < w.rows(); ++i) {
        const double entry = static_cast<double>(w(i, first + j)) * scaling.matrix();
        const double missed = entry - columns(i, j) * scaling.matrix();
        error += missed * missed;
        norm += entry * entry;
      }
  }
  const Index parameters = op.parameter_count();
  return {std::move(op), relative_error(error, norm), parameters};
}

}  // namespace strum::inline STRUM_ABI::detail
