// Rows and columns of a matrix that belong together: fit::ragged_block_diagonal's blocks.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/measure.hpp"
#include "strum/fit/panels.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The block of every row and column; −1: none, it is left out.
struct CoClusters {
  Index count = 0;
  std::vector<Index> rows, cols;

  [[nodiscard]] static std::vector<Index> sizes(const std::vector<Index>& labels, Index count) {
    std::vector<Index> result(static_cast<std::size_t>(count));
    for (const Index k : labels)
      if (k >= 0) ++result[static_cast<std::size_t>(k)];
    return result;
  }
  [[nodiscard]] Index parameter_count() const {
    const std::vector<Index> r = sizes(rows, count), c = sizes(cols, count);
    return std::inner_product(r.begin(), r.end(), c.begin(), Index{0});
  }
  /// Sum of the entries of `energy` inside of blocks.
  [[nodiscard]] double kept(const Eigen::MatrixXd& energy) const {
    double sum = 0;
    for (Index j = 0; j < energy.cols(); ++j)
      for (Index i = 0; i < energy.rows(); ++i) {
        const Index k = rows[static_cast<std::size_t>(i)];
        if (k >= 0 && k == cols[static_cast<std::size_t>(j)]) sum += energy(i, j);
      }
    return sum;
  }
};

/// A block for every connected component of the entries that are not 0. A row or column of zeros is
/// left out.
[[nodiscard]] inline CoClusters connected_components(const Eigen::MatrixXd& energy) {
  const Index m = energy.rows(), n = energy.cols();
  std::vector<Index> parent(static_cast<std::size_t>(m + n));
  std::iota(parent.begin(), parent.end(), Index{0});
  const auto root = [&](Index i) {
    while (parent[static_cast<std::size_t>(i)] != i) {
      Index& up = parent[static_cast<std::size_t>(i)];
      up = parent[static_cast<std::size_t>(up)];
      i = up;
    }
    return i;
  };
  std::vector<bool> used(parent.size());
  for (Index j = 0; j < n; ++j)
    for (Index i = 0; i < m; ++i)
      if (energy(i, j) != 0) {
        parent[static_cast<std::size_t>(root(m + j))] = root(i);
        used[static_cast<std::size_t>(i)] = used[static_cast<std::size_t>(m + j)] = true;
      }
  CoClusters clusters;
  std::vector<Index> label(parent.size(), -1);  // of roots
  for (Index i = 0; i < m + n; ++i) {
    Index k = -1;
    if (used[static_cast<std::size_t>(i)]) {
      Index& of_root = label[static_cast<std::size_t>(root(i))];
      if (of_root < 0) of_root = clusters.count++;
      k = of_root;
    }
    (i < m ? clusters.rows : clusters.cols).push_back(k);
  }
  return clusters;
}

/// Lloyd's k-means of the rows of `points`, started from points that lie as far from those before
/// as can be.
[[nodiscard]] inline std::vector<Index> k_means(const Eigen::MatrixXd& points, Index count) {
  const Index n = points.rows();
  std::vector<Index> labels(static_cast<std::size_t>(n));
  Eigen::MatrixXd centres(count, points.cols());
  Eigen::VectorXd distance = points.rowwise().squaredNorm();  // the first: the longest
  for (Index k = 0; k < count; ++k) {
    Index furthest = 0;
    distance.maxCoeff(&furthest);
    centres.row(k) = points.row(furthest);
    const Eigen::VectorXd to_centre = (points.rowwise() - centres.row(k)).rowwise().squaredNorm();
    distance = k == 0 ? to_centre : Eigen::VectorXd(distance.cwiseMin(to_centre));
  }
  constexpr int kMostPasses = 100;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    bool moved = pass == 0;
    for (Index i = 0; i < n; ++i) {
      Index nearest = 0;
      (centres.rowwise() - points.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
      Index& label = labels[static_cast<std::size_t>(i)];
      moved = moved || label != nearest;
      label = nearest;
    }
    if (!moved) break;
    const std::vector<Index> sizes = CoClusters::sizes(labels, count);
    for (Index k = 0; k < count; ++k)
      if (sizes[static_cast<std::size_t>(k)] > 0) centres.row(k).setZero();
    for (Index i = 0; i < n; ++i) {
      const Index k = labels[static_cast<std::size_t>(i)];
      centres.row(k) += points.row(i) / static_cast<double>(sizes[static_cast<std::size_t>(k)]);
    }
  }
  return labels;
}

/// `count` blocks by spectral clustering. Rows of one exact block have the same coordinates but for
/// their length, which is taken off.
[[nodiscard]] inline CoClusters spectral_clusters(const Eigen::MatrixXd& energy, Index count) {
  const Index m = energy.rows(), n = energy.cols();
  const auto inverse_root = [](double sum) { return sum > 0 ? 1 / std::sqrt(sum) : 0; };
  const Eigen::VectorXd rows = energy.rowwise().sum().unaryExpr(inverse_root);
  const Eigen::VectorXd cols = energy.colwise().sum().transpose().unaryExpr(inverse_root);
  const Eigen::MatrixXd normalised = rows.asDiagonal() * energy * cols.asDiagonal();
  const auto triples = leading_triples_of(normalised, count);
  if (triples.count == 0)  // all zeros
    return {count, std::vector<Index>(static_cast<std::size_t>(m)),
            std::vector<Index>(static_cast<std::size_t>(n))};
  Eigen::MatrixXd points(m + n, triples.count);
  points.topRows(m) = Eigen::Map<const Eigen::MatrixXd>(triples.left.data(), m, triples.count);
  points.bottomRows(n) = Eigen::Map<const Eigen::MatrixXd>(triples.right.data(), n, triples.count);
  for (Index i = 0; i < m + n; ++i)
    if (const double length = points.row(i).norm(); length > 0) points.row(i) /= length;
  const std::vector<Index> labels = k_means(points, count);
  return {count, {labels.begin(), labels.begin() + m}, {labels.begin() + m, labels.end()}};
}

/// Puts every row where Σ_{its columns} (energy − price) is largest, or nowhere if that is below 0
/// and `may_drop`; true if one moved.
[[nodiscard]] inline bool assign_rows(const Eigen::MatrixXd& energy, double price, Index count,
                                      const std::vector<Index>& cols, bool may_drop,
                                      std::vector<Index>& rows) {
  const std::vector<Index> sizes = CoClusters::sizes(cols, count);
  std::vector<char> moved(rows.size());
  for_panels(energy.rows(), [&](Index first, Index size) {
    Eigen::MatrixXd gain = Eigen::MatrixXd::Zero(size, count);
    for (Index j = 0; j < energy.cols(); ++j)
      if (const Index k = cols[static_cast<std::size_t>(j)]; k >= 0)
        gain.col(k) += energy.col(j).segment(first, size);
    for (Index k = 0; k < count; ++k)
      gain.col(k).array() -= price * static_cast<double>(sizes[static_cast<std::size_t>(k)]);
    for (Index i = 0; i < size; ++i) {
      Index& label = rows[static_cast<std::size_t>(first + i)];
      Index best = label;  // stays unless another is better
      double most = label >= 0 ? gain(i, label) : 0;
      if (label < 0 && !may_drop) most = -std::numeric_limits<double>::infinity();
      for (Index k = 0; k < count; ++k)
        if (gain(i, k) > most) {
          most = gain(i, k);
          best = k;
        }
      if (may_drop && most < 0) best = -1;
      moved[static_cast<std::size_t>(first + i)] = best != label ? 1 : 0;
      label = best;
    }
  });
  return std::find(moved.begin(), moved.end(), 1) != moved.end();
}

/// By turns rows and columns, until none moves: kept − price·parameters never falls.
[[nodiscard]] inline CoClusters reassigned(const Eigen::MatrixXd& energy,
                                           const Eigen::MatrixXd& transposed, CoClusters clusters,
                                           double price, bool may_drop) {
  constexpr int kMostPasses = 50;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    const bool rows =
        assign_rows(energy, price, clusters.count, clusters.cols, may_drop, clusters.rows);
    const bool cols =
        assign_rows(transposed, price, clusters.count, clusters.rows, may_drop, clusters.cols);
    if (!rows && !cols) break;
  }
  return clusters;
}

/// The clusters that keep most of the energy within the limit (0: the parameters that `start` has),
/// of those that prices lead to.
[[nodiscard]] inline CoClusters improved(const Eigen::MatrixXd& energy, CoClusters start,
                                         Index limit) {
  if (energy.sum() == 0) return start;
  const Eigen::MatrixXd transposed = energy.transpose();
  const bool fits = limit == 0 || start.parameter_count() <= limit;
  if (limit == 0) limit = start.parameter_count();
  CoClusters best = start;
  if (!fits) {
    std::fill(best.rows.begin(), best.rows.end(), -1);
    std::fill(best.cols.begin(), best.cols.end(), -1);
  }
  double kept = best.kept(energy);
  const auto keep_better = [&](const CoClusters& found) {
    if (const double now = found.kept(energy); now > kept) {
      kept = now;
      best = found;
    }
  };
  if (fits) {  // at this price one block of everything is worth nothing
    const CoClusters found = reassigned(energy, transposed, start, energy.mean(), false);
    if (found.parameter_count() <= limit) keep_better(found);
    return best;
  }
  constexpr int kHalvings = 30;
  double low = 0, high = energy.maxCoeff();
  for (int i = 0; i < kHalvings; ++i) {
    const double price = (low + high) / 2;
    CoClusters found = reassigned(energy, transposed, start, price, true);
    if (found.parameter_count() <= limit) {
      keep_better(found);
      high = price;
    } else {
      start = std::move(found);  // what is too much at this price is less than before
      low = price;
    }
  }
  return best;
}

}  // namespace strum::inline STRUM_ABI::detail
