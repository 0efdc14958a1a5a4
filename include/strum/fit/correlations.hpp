// Columns that belong together because they are large in the same rows.
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/index_groups.hpp"
#include "strum/fit/one_thread.hpp"
#include "strum/fit/scaling.hpp"
#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Cosines between the columns of |W|, once for groups of any number.
class Correlations {
 public:
  template <class Scalar>
  Correlations(const MatrixView<const Scalar>& w, std::string_view where) {
    const Scaling scaling(w, where);
    const OneThread one_thread;
    Eigen::MatrixXd a(w.rows(), w.cols());
    for (Index j = 0; j < w.cols(); ++j)
      for (Index i = 0; i < w.rows(); ++i)
        a(i, j) = std::abs(static_cast<double>(w(i, j)) * scaling.matrix());
    norms_ = a.colwise().norm();
    a *= norms_.unaryExpr([](double norm) { return norm > 0 ? 1 / norm : 0; }).asDiagonal();
    cosines_.noalias() = a.transpose() * a;
  }

  [[nodiscard]] fit::IndexGroups groups(Index count) const {
    if (count < 1) fail<ShapeError>("fit::correlated_groups: ", count, " groups");
    const Index n = norms_.size(), size = ceil_div(n, count);
    std::vector<bool> taken(static_cast<std::size_t>(n));
    /// The column not taken yet with the greatest value; n if all are.
    const auto best = [&](const Eigen::RowVectorXd& value) {
      Index found = n;
      for (Index j = 0; j < n; ++j)
        if (!taken[static_cast<std::size_t>(j)] && (found == n || value(j) > value(found)))
          found = j;
      return found;
    };
    fit::IndexGroups result(static_cast<std::size_t>(count));
    for (std::vector<Index>& group : result) {
      Eigen::RowVectorXd affinity = norms_;  // of no group yet
      while (static_cast<Index>(group.size()) < size) {
        const Index j = best(affinity);
        if (j == n) break;
        taken[static_cast<std::size_t>(j)] = true;
        if (group.empty()) affinity.setZero();
        group.push_back(j);
        affinity += cosines_.col(j).transpose();
      }
      std::sort(group.begin(), group.end());
    }
    return result;
  }

 private:
  Eigen::RowVectorXd norms_;
  Eigen::MatrixXd cosines_;
};

}  // namespace strum::inline STRUM_ABI::detail
