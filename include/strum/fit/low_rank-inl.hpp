// The bodies of fit::low_rank: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/leading_triples.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/panel_matrix.hpp"
#include "strum/fit/panels.hpp"
#include "strum/fit/random_range.hpp"
#include "strum/fit/scaling.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Triples of W restricted to the range of (W·Wᵀ)^power_iterations·W·(random vectors).
[[nodiscard]] inline Triples<double> random_triples(const PanelMatrix& w, Index rank,
                                                    const fit::LowRankOptions& options) {
  using Matrix = Eigen::MatrixXd;
  const Index m = w.rows(), n = w.cols();
  if (rank == 0) return {};
  const Index width = rank + std::min(options.oversampling, std::min(m, n) - rank);
  const Matrix range =
      power_range(w, gaussian_matrix<Matrix>(n, width, options.seed), options.power_iterations);
  const Matrix inside = transposed_product_in_panels(w, range);  // n x width
  Triples<double> triples =
      leading_triples(MatrixView<const double>(inside.data(), n, width).transposed(), rank);
  const Matrix left = range * Eigen::Map<const Matrix>(triples.left.data(), width, triples.count);
  triples.left.assign(left.data(), left.data() + left.size());
  return triples;
}

/// ‖W − U·V‖²_F and ‖W‖²_F.
struct SquaredNorms {
  double error = 0, matrix = 0;
};

[[nodiscard]] inline SquaredNorms squared_norms(const PanelMatrix& w, const Eigen::MatrixXd& u,
                                                const Eigen::Ref<const Eigen::MatrixXd>& v) {
  const Index m = w.rows(), n = w.cols();
  const Dense<double> left(MatrixView<const double>(u.data(), m, u.cols()));
  std::vector<SquaredNorms> parts(static_cast<std::size_t>(panel_count(n)));
  for_panels(n, [&](Index j, Index count) {
    Eigen::MatrixXd rest = w.block(0, j, m, count);
    SquaredNorms& part = parts[static_cast<std::size_t>(j / kFitPanel)];
    part.matrix = rest.squaredNorm();
    left.apply(-1.0,
               MatrixView<const double>(v.data() + j * v.outerStride(), v.rows(), count, 1,
                                        v.outerStride()),
               1.0, MatrixView<double>(rest.data(), m, count));
    part.error = rest.squaredNorm();
  });
  SquaredNorms sum;
  for (const SquaredNorms& part : parts) {
    sum.error += part.error;
    sum.matrix += part.matrix;
  }
  return sum;
}

inline void check_low_rank(Index m, Index n, Index rank, const fit::LowRankOptions& options) {
  if (rank < 0 || rank > std::min(m, n))
    fail<ValueError>("fit::low_rank: rank ", rank, " is outside [0, ", std::min(m, n), "] of a ", m,
                     " x ", n, " matrix");
  if (options.oversampling < 0 || options.power_iterations < 0)
    fail<ValueError>("fit::low_rank: oversampling ", options.oversampling, ", power iterations ",
                     options.power_iterations);
}

[[nodiscard]] inline Triples<double> low_rank_triples(const PanelMatrix& scaled, Index rank,
                                                      const fit::LowRankOptions& options) {
  if (options.method == fit::SvdMethod::randomized) return random_triples(scaled, rank, options);
  return leading_triples_of(scaled.whole(), rank);
}

/// The fit by the first `rank` triples, with zeros for those that there are not.
template <class Scalar>
[[nodiscard]] fit::Fit<LowRank<Scalar>> low_rank_of(const PanelMatrix& scaled,
                                                    const Scaling& scaling,
                                                    const Triples<double>& triples, Index rank) {
  using Stored = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using Side = Eigen::Map<const Eigen::MatrixXd>;
  const Index m = scaled.rows(), n = scaled.cols(), count = std::min(rank, triples.count);
  Stored u = Stored::Zero(m, rank), v = Stored::Zero(rank, n);
  u.leftCols(count) =
      (Side(triples.left.data(), m, count) * scaling.factor()).template cast<Scalar>();
  v.topRows(count) =
      (Side(triples.right.data(), n, count).transpose() * scaling.factor()).template cast<Scalar>();

  const Eigen::MatrixXd stored_u = u.template cast<double>() * scaling.inverse_factor();
  const Eigen::MatrixXd stored_v = v.template cast<double>() * scaling.inverse_factor();
  const SquaredNorms norms = squared_norms(scaled, stored_u, stored_v);
  LowRank<Scalar> op(MatrixView<const Scalar>(u.data(), m, rank),
                     MatrixView<const Scalar>(v.data(), rank, n));
  const Index parameters = op.parameter_count();
  return {std::move(op), relative_error(norms.error, norms.matrix), parameters};
}

/// How many triples it takes until what they leave of W is at most `allowed`, a squared norm; −1 if
/// all are too few. What is left of W is what the triples do not reach together, and orthogonal to
/// it the triples that are dropped: added from the smallest on, lest small numbers drown.
[[nodiscard]] inline Index rank_within(const PanelMatrix& scaled, const Triples<double>& triples,
                                       double allowed) {
  using Side = Eigen::Map<const Eigen::MatrixXd>;
  const Index count = triples.count;
  const Side left(triples.left.data(), scaled.rows(), count);
  const Side right(triples.right.data(), scaled.cols(), count);
  double missed = squared_norms(scaled, left, right.transpose()).error;
  if (missed > allowed) return -1;
  Index rank = count;
  for (; rank > 0; --rank) {
    const double sigma = left.col(rank - 1).squaredNorm();
    missed += sigma * sigma;
    if (missed > allowed) break;
  }
  return rank;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<LowRank<Scalar>> low_rank(MatrixView<const Scalar> w, Index rank,
                              const LowRankOptions& options) {
  strum::detail::check_low_rank(w.rows(), w.cols(), rank, options);
  const strum::detail::Scaling scaling(w, "fit::low_rank");
  const strum::detail::PanelMatrix scaled(w, scaling);
  return strum::detail::low_rank_of<Scalar>(
      scaled, scaling, strum::detail::low_rank_triples(scaled, rank, options), rank);
}

template <class Scalar>
Fit<LowRank<Scalar>> low_rank_to_error(MatrixView<const Scalar> w, double relative_error,
                                       const LowRankOptions& options) {
  if (!(relative_error >= 0))
    strum::detail::fail<ValueError>("fit::low_rank_to_error: a relative error of ", relative_error);
  const Index most = std::min(w.rows(), w.cols());
  strum::detail::check_low_rank(w.rows(), w.cols(), 0, options);
  const strum::detail::Scaling scaling(w, "fit::low_rank_to_error");
  const strum::detail::PanelMatrix scaled(w, scaling);
  const Eigen::MatrixXd none_u(w.rows(), 0), none_v(0, w.cols());
  const double allowed =
      relative_error * relative_error * strum::detail::squared_norms(scaled, none_u, none_v).matrix;
  // The whole spectrum, or as much of it as is needed, which random vectors tell for little.
  constexpr Index kFirst = 16;
  const bool random = options.method == SvdMethod::randomized;
  for (Index tried = random ? std::min(kFirst, most) : most;; tried = std::min(2 * tried, most)) {
    const auto triples = strum::detail::low_rank_triples(scaled, tried, options);
    Index rank = strum::detail::rank_within(scaled, triples, allowed);
    if (rank < 0 && (triples.count < tried || tried == most)) rank = triples.count;
    if (rank >= 0) return strum::detail::low_rank_of<Scalar>(scaled, scaling, triples, rank);
  }
}

}  // namespace strum::inline STRUM_ABI::fit
