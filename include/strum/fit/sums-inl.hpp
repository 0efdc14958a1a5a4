// The bodies of the fits of sums: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "strum/fit/alternating_sum.hpp"
#include "strum/fit/block_diagonal.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/monarch.hpp"
#include "strum/fit/random_range.hpp"
#include "strum/fit/sums.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A matrix of low rank near another one, by a step of subspace iteration from the rows of the last
/// one: no farther than that from the new matrix, since Q = range(R·V) holds the best matrix with
/// rows in V, and Q·Qᵀ·R is the best with columns in Q. Recovers as many planted sums in as many
/// steps as singular value decompositions do, which cost 0.7 s at 1024 x 1024.
class LowRankSummand {
 public:
  LowRankSummand(Index rank, std::uint64_t seed) : rank_(rank), seed_(seed) {}

  [[nodiscard]] Eigen::MatrixXd operator()(const Eigen::MatrixXd& rest) {
    if (rank_ == 0) return Eigen::MatrixXd::Zero(rest.rows(), rest.cols());
    Index iterations = 0;
    if (rows_.size() == 0) {
      rows_ = gaussian_matrix<Eigen::MatrixXd>(rest.cols(), rank_, seed_);
      iterations = 3;
    }
    const Eigen::MatrixXd columns = power_range(PanelMatrix(rest), rows_, iterations);
    const Eigen::MatrixXd right = transposed_product_in_panels(rest, columns);
    rows_ = orthonormal_columns(right);
    return product_in_panels(columns, right.transpose());
  }

 private:
  Index rank_;
  std::uint64_t seed_;
  Eigen::MatrixXd rows_;  // orthonormal basis of the last one's
};

/// The magnitude of the entry that has `count` others before it in order of magnitude; 0 if there
/// are no more than these.
[[nodiscard]] inline double magnitude_after(const Eigen::MatrixXd& a, Index count) {
  if (count >= a.size()) return 0;
  std::vector<double> sizes(static_cast<std::size_t>(a.size()));
  for (Index i = 0; i < a.size(); ++i) sizes[static_cast<std::size_t>(i)] = std::abs(a.data()[i]);
  const auto nth = sizes.begin() + count;
  std::nth_element(sizes.begin(), nth, sizes.end(), std::greater<>());
  return *nth;
}

/// The `count` entries of the largest magnitudes, of equals the first ones by columns.
[[nodiscard]] inline Eigen::MatrixXd largest_entries(const Eigen::MatrixXd& a, Index count) {
  const double least = magnitude_after(a, count);
  Eigen::MatrixXd kept = Eigen::MatrixXd::Zero(a.rows(), a.cols());
  for (Index i = 0; i < a.size(); ++i)
    if (std::abs(a.data()[i]) > least) {
      kept.data()[i] = a.data()[i];
      --count;
    }
  for (Index i = 0; i < a.size() && count > 0; ++i)
    if (std::abs(a.data()[i]) == least && least > 0) {
      kept.data()[i] = a.data()[i];
      --count;
    }
  return kept;
}

/// A sparse matrix to begin with, entries beyond `nonzeros` among its own: see
/// low_rank_plus_sparse. Of the entries that neither L nor S need, 30 % are S's at first, fewer by
/// the square of the steps left; 60 % did not find more, and 60 steps 1 or 2 in 100.
[[nodiscard]] inline Eigen::MatrixXd robust_start(const Eigen::MatrixXd& w, LowRankSummand low_rank,
                                                  Index rank, Index nonzeros) {
  constexpr int kSteps = 30;
  if (rank == 0 || nonzeros == 0) return largest_entries(w, nonzeros);
  const auto spare = static_cast<double>(
      std::max<Index>(0, w.size() - nonzeros - rank * (w.rows() + w.cols() - rank)));
  Eigen::MatrixXd rest = w;
  for (int step = 0;; ++step) {
    const double left = 1 - static_cast<double>(step) / kSteps;
    const auto count = nonzeros + static_cast<Index>(0.3 * left * left * spare);
    const double least = magnitude_after(rest, count);
    Eigen::MatrixXd shrunk = rest.unaryExpr([least](double x) {
      return x > least ? x - least : x < -least ? x + least : 0;
    });
    if (step == kSteps) return shrunk;
    rest = w - low_rank(w - shrunk);
  }
}

/// The entries on the diagonal blocks of a shape.
[[nodiscard]] inline Eigen::MatrixXd diagonal_blocks(const Eigen::MatrixXd& a,
                                                     const BlockDiagonalShape& shape) {
  Eigen::MatrixXd kept = Eigen::MatrixXd::Zero(a.rows(), a.cols());
  for (Index block = 0; block < shape.blocks; ++block) {
    const Index row = std::min(block * shape.block_rows, a.rows());
    const Index col = std::min(block * shape.block_cols, a.cols());
    const Index rows = std::min(shape.block_rows, a.rows() - row);
    const Index cols = std::min(shape.block_cols, a.cols() - col);
    kept.block(row, col, rows, cols) = a.block(row, col, rows, cols);
  }
  return kept;
}

/// W scaled, and the way back from a fit of it by two operators of double to one of W.
template <class Scalar>
class SumFit {
 public:
  SumFit(const MatrixView<const Scalar>& w, Index rank, std::string_view where)
      : w_(w), scaling_(w, where), scaled_(scaled_matrix(w, scaling_)), rank_(rank) {
    const Index most = std::min(w.rows(), w.cols());
    if (rank < 0 || rank > most)
      fail<ValueError>(where, ": rank ", rank, " is outside [0, ", most, "] of a ", w.rows(), " x ",
                       w.cols(), " matrix");
  }

  [[nodiscard]] const Eigen::MatrixXd& scaled() const { return scaled_; }

  /// The second matrix of the sum, by alternation from `start`.
  template <class Second>
  [[nodiscard]] Eigen::MatrixXd second(Eigen::MatrixXd start, const Second& nearest,
                                       const fit::AlternatingOptions& options) const {
    AlternatingSum sum(scaled_, LowRankSummand(rank_, options.seed), nearest);
    return sum.run(std::move(start), options);
  }

  /// The low-rank matrix nearest to what a second one leaves.
  [[nodiscard]] LowRank<double> low_rank_beside(const Eigen::MatrixXd& second) const {
    return fit::low_rank(Eigen::MatrixXd(scaled_ - second), rank_).op;
  }

  /// The sum of two operators of double, whose types for Scalar are A and B.
  template <class A, class B, class ExactA, class ExactB>
  [[nodiscard]] fit::Fit<AnyLinearOp<Scalar>> sum(const ExactA& a, const ExactB& b) const {
    A first = stored<A>(a);
    B second = stored<B>(b);
    const auto exact = rescaled<ExactA>(first, 1) + rescaled<ExactB>(second, 1);
    return measured(w_, scaling_, AnyLinearOp<Scalar>(std::move(first) + std::move(second)), exact);
  }

 private:
  /// Of W: an operator of one parameter is proportional to that, of two to the product of both.
  template <class Op, class From>
  [[nodiscard]] Op stored(const From& op) const {
    return rescaled<Op>(op,
                        op.parameters().size() == 1 ? 1 / scaling_.matrix() : scaling_.factor());
  }

  /// The same operator with every parameter times `factor`, in another type.
  template <class To, class From>
  [[nodiscard]] static To rescaled(const From& op, double factor) {
    using S = typename To::Scalar;
    Parameters<S> parameters;
    for (const ParameterInfo& info : op.parameters()) {
      const auto from = op.get(info.name);
      Tensor<S> to(info.shape);
      for (Index i = 0; i < to.size(); ++i)
        to[i] = static_cast<S>(static_cast<double>(from[i]) * factor);
      parameters.emplace(info.name, std::move(to));
    }
    return To::restore(op.describe(), parameters);
  }

  MatrixView<const Scalar> w_;
  Scaling scaling_;
  Eigen::MatrixXd scaled_;
  Index rank_;
};

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<AnyLinearOp<Scalar>> low_rank_plus_sparse(MatrixView<const Scalar> w, Index rank,
                                              Index nonzeros, const AlternatingOptions& options) {
  const char* const where = "fit::low_rank_plus_sparse";
  if (nonzeros < 0 || nonzeros > w.size())
    strum::detail::fail<ValueError>(where, ": ", nonzeros, " non-zero entries of a ", w.rows(),
                                    " x ", w.cols(), " matrix");
  const strum::detail::SumFit<Scalar> fit(w, rank, where);
  const Eigen::MatrixXd start = strum::detail::robust_start(
      fit.scaled(), strum::detail::LowRankSummand(rank, options.seed), rank, nonzeros);
  const Eigen::MatrixXd sparse = fit.second(
      start, [=](const Eigen::MatrixXd& a) { return strum::detail::largest_entries(a, nonzeros); },
      options);
  return fit.template sum<LowRank<Scalar>, Sparse<Scalar>>(fit.low_rank_beside(sparse),
                                                           Sparse<double>(sparse));
}

template <class Scalar>
Fit<AnyLinearOp<Scalar>> low_rank_plus_block_diagonal(MatrixView<const Scalar> w, Index rank,
                                                      Index blocks,
                                                      const AlternatingOptions& options) {
  const auto shape = BlockDiagonalShape::layer(w.rows(), w.cols(), blocks);
  const strum::detail::SumFit<Scalar> fit(w, rank, "fit::low_rank_plus_block_diagonal");
  const auto nearest = [&](const Eigen::MatrixXd& a) {
    return strum::detail::diagonal_blocks(a, shape);
  };
  const Eigen::MatrixXd on_blocks = fit.second(nearest(fit.scaled()), nearest, options);
  return fit.template sum<LowRank<Scalar>, BlockDiagonal<Scalar>>(
      fit.low_rank_beside(on_blocks), block_diagonal(on_blocks, blocks).op);
}

template <class Scalar>
Fit<AnyLinearOp<Scalar>> diagonal_plus_low_rank(MatrixView<const Scalar> w, Index rank,
                                                const AlternatingOptions& options) {
  const char* const where = "fit::diagonal_plus_low_rank";
  if (w.rows() != w.cols())
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                                    ", needs to be square");
  const strum::detail::SumFit<Scalar> fit(w, rank, where);
  const auto nearest = [](const Eigen::MatrixXd& a) -> Eigen::MatrixXd {
    return a.diagonal().asDiagonal();
  };
  const Eigen::MatrixXd on_diagonal = fit.second(nearest(fit.scaled()), nearest, options);
  Tensor<double> entries({w.rows()});
  for (Index i = 0; i < w.rows(); ++i) entries[i] = on_diagonal(i, i);
  return fit.template sum<Diagonal<Scalar>, LowRank<Scalar>>(Diagonal<double>(entries),
                                                             fit.low_rank_beside(on_diagonal));
}

template <class Scalar>
Fit<AnyLinearOp<Scalar>> monarch_plus_low_rank(MatrixView<const Scalar> w,
                                               const MonarchShape& shape, Index rank,
                                               const AlternatingOptions& options) {
  const char* const where = "fit::monarch_plus_low_rank";
  if (w.rows() != shape.second().rows || w.cols() != shape.first().cols)
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                                    ", the shape ", shape.rows, " x ", shape.cols);
  const strum::detail::SumFit<Scalar> fit(w, rank, where);
  const auto nearest = [&](const Eigen::MatrixXd& a) { return monarch(a, shape).op.to_dense(); };
  const Eigen::MatrixXd in_blocks =
      fit.second(Eigen::MatrixXd::Zero(w.rows(), w.cols()), nearest, options);
  return fit.template sum<Monarch<Scalar>, LowRank<Scalar>>(monarch(in_blocks, shape).op,
                                                            fit.low_rank_beside(in_blocks));
}

}  // namespace strum::inline STRUM_ABI::fit
