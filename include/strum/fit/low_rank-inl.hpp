// The bodies of fit::low_rank: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/fit/leading_triples.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/one_thread.hpp"
#include "strum/fit/panels.hpp"
#include "strum/fit/scaling.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Standard normal numbers by the polar method; std::normal_distribution differs from one standard
/// library to the next.
template <class Matrix>
Matrix gaussian_matrix(Index rows, Index cols, std::uint64_t seed) {
  using Real = typename Matrix::Scalar;
  std::mt19937_64 generator(seed);
  const auto uniform = [&] {  // in (-1, 1)
    return static_cast<Real>(generator() >> 11) * Real(0x1p-52) - 1;
  };
  Matrix result(rows, cols);
  for (Index i = 0; i < result.size(); i += 2) {
    Real x = 0, y = 0, s = 0;
    do {
      x = uniform();
      y = uniform();
      s = x * x + y * y;
    } while (s >= 1 || s == 0);
    const Real factor = std::sqrt(-2 * std::log(s) / s);
    result.data()[i] = factor * x;
    if (i + 1 < result.size()) result.data()[i + 1] = factor * y;
  }
  return result;
}

template <class Matrix>
Matrix orthonormal_columns(const Matrix& y) {
  const OneThread one_thread;
  const Eigen::HouseholderQR<Matrix> qr(y);
  return qr.householderQ() * Matrix::Identity(y.rows(), y.cols());
}

/// Triples of W restricted to the range of (W·Wᵀ)^power_iterations·W·(random vectors).
template <class Matrix, class Real = typename Matrix::Scalar>
Triples<Real> random_triples(const Matrix& w, Index rank, const fit::LowRankOptions& options) {
  const Index m = w.rows(), n = w.cols();
  if (rank == 0) return {};
  const Index width = rank + std::min(options.oversampling, std::min(m, n) - rank);
  const auto times = [&](const Matrix& x) {
    Matrix y(m, x.cols());
    for_panels(m, [&](Index i, Index count) {
      y.middleRows(i, count).noalias() = w.middleRows(i, count) * x;
    });
    return y;
  };
  const auto transpose_times = [&](const Matrix& y) {
    Matrix x(n, y.cols());
    for_panels(n, [&](Index j, Index count) {
      x.middleRows(j, count).noalias() = w.middleCols(j, count).transpose() * y;
    });
    return x;
  };
  Matrix range = orthonormal_columns(times(gaussian_matrix<Matrix>(n, width, options.seed)));
  for (Index i = 0; i < options.power_iterations; ++i)
    range = orthonormal_columns(times(orthonormal_columns(transpose_times(range))));

  const Matrix inside = transpose_times(range);  // n x width
  Triples<Real> triples =
      leading_triples(MatrixView<const Real>(inside.data(), n, width).transposed(), rank);
  const Matrix left = range * Eigen::Map<const Matrix>(triples.left.data(), width, triples.count);
  triples.left.assign(left.data(), left.data() + left.size());
  return triples;
}

/// ‖W − U·V‖²_F.
template <class Matrix, class Factor>
typename Matrix::Scalar squared_error(const Matrix& w, const Factor& u, const Factor& v) {
  const Index n = w.cols();
  std::vector<typename Matrix::Scalar> parts(static_cast<std::size_t>(n / kFitPanel + 1));
  for_panels(n, [&](Index j, Index count) {
    Matrix rest = w.middleCols(j, count);
    rest.noalias() -= u * v.middleCols(j, count);
    parts[static_cast<std::size_t>(j / kFitPanel)] = rest.squaredNorm();
  });
  typename Matrix::Scalar sum = 0;
  for (const auto part : parts) sum += part;
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

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<LowRank<Scalar>> low_rank(MatrixView<const Scalar> w, Index rank,
                              const LowRankOptions& options) {
  using Matrix = Eigen::MatrixXd;
  const Index m = w.rows(), n = w.cols();
  strum::detail::check_low_rank(m, n, rank, options);
  const strum::detail::Scaling scaling(w, "fit::low_rank");

  Matrix scaled(m, n);
  for (Index j = 0; j < n; ++j)
    for (Index i = 0; i < m; ++i) scaled(i, j) = static_cast<double>(w(i, j)) * scaling.matrix();
  const strum::detail::Triples<double> triples =
      options.method == SvdMethod::randomized
          ? strum::detail::random_triples(scaled, rank, options)
          : strum::detail::leading_triples(MatrixView<const double>(scaled.data(), m, n), rank);

  using Stored = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  Stored u = Stored::Zero(m, rank), v = Stored::Zero(rank, n);
  const Index count = triples.count;
  u.leftCols(count) = (Eigen::Map<const Matrix>(triples.left.data(), m, count) * scaling.factor())
                          .template cast<Scalar>();
  v.topRows(count) =
      (Eigen::Map<const Matrix>(triples.right.data(), n, count).transpose() * scaling.factor())
          .template cast<Scalar>();

  const Matrix stored_u = u.template cast<double>() * scaling.inverse_factor();
  const Matrix stored_v = v.template cast<double>() * scaling.inverse_factor();
  const double error = strum::detail::squared_error(scaled, stored_u, stored_v);
  LowRank<Scalar> op(MatrixView<const Scalar>(u.data(), m, rank),
                     MatrixView<const Scalar>(v.data(), rank, n));
  const Index parameters = op.parameter_count();
  return {std::move(op), strum::detail::relative_error(error, scaled.squaredNorm()), parameters};
}

}  // namespace strum::inline STRUM_ABI::fit
