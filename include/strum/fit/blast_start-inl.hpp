// Where fit::blast starts from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>

#include "strum/fit/blast_factors-inl.hpp"
#include "strum/fit/low_rank-inl.hpp"
#include "strum/fit/measure.hpp"

namespace strum::inline STRUM_ABI::detail {

/// U, s and V by turns, each the least-squares solution for the others as they are.
class BlastTurns {
 public:
  using Matrix = Eigen::MatrixXd;

  BlastTurns(const BlastProblem& problem, BlastFactors& x) : problem_(problem), x_(x) {}

  void update_u() {
    for_blocks(x_.block_rows(), work(problem_.height(), problem_.matrix().cols()), [&](Index i) {
      Matrix gram = Matrix::Zero(x_.rank(), x_.rank()),
             right = Matrix::Zero(x_.rank(), problem_.height());
      for (Index j = 0; j < x_.block_cols(); ++j) {
        const Matrix other = x_.v_of(j) * x_.s_of(i, j).asDiagonal();
        gram.noalias() += other.transpose() * other;
        right.noalias() += other.transpose() * problem_.block(problem_.matrix(), i, j).transpose();
      }
      x_.u_of(i) = solve_near(gram, right, x_.u_of(i).transpose()).transpose();
    });
  }
  void update_v() {
    for_blocks(x_.block_cols(), work(problem_.width(), problem_.matrix().rows()), [&](Index j) {
      Matrix gram = Matrix::Zero(x_.rank(), x_.rank()),
             right = Matrix::Zero(x_.rank(), problem_.width());
      for (Index i = 0; i < x_.block_rows(); ++i) {
        const Matrix other = x_.u_of(i) * x_.s_of(i, j).asDiagonal();
        gram.noalias() += other.transpose() * other;
        right.noalias() += other.transpose() * problem_.block(problem_.matrix(), i, j);
      }
      x_.v_of(j) = solve_near(gram, right, x_.v_of(j).transpose()).transpose();
    });
  }
  void update_s() {
    for_blocks(x_.s.cols(), work(problem_.height(), problem_.width()), [&](Index ij) {
      const Index i = ij / x_.block_cols(), j = ij % x_.block_cols();
      const Matrix& u = x_.u_of(i);
      const Matrix& v = x_.v_of(j);
      const Matrix w_v = problem_.block(problem_.matrix(), i, j) * v;
      const Matrix right = u.cwiseProduct(w_v).colwise().sum().transpose();
      const Matrix gram = (u.transpose() * u).cwiseProduct(v.transpose() * v);
      x_.s.col(ij) = solve_near(gram, right, x_.s.col(ij));
    });
  }

 private:
  [[nodiscard]] Index work(Index rows, Index cols) const {
    return (rows + x_.rank()) * cols * x_.rank();
  }

  /// (G + δ)·X = R + δ·old: no worse than old, whatever G's rank.
  static Matrix solve_near(Matrix gram, const Matrix& right, const Matrix& old) {
    const double damping = 1e-12 * gram.diagonal().maxCoeff();
    if (!(damping > 0)) return old;
    gram.diagonal().array() += damping;
    return Eigen::LLT<Matrix>(gram).solve(right + damping * old);
  }

  const BlastProblem& problem_;
  BlastFactors& x_;
};

/// The best approximation of rank r of all of W, s_ij = 1. A triple that W does not have is random
/// with s_ij = 0: with zeros for U and V as well no step could make anything of it.
[[nodiscard]] inline BlastFactors low_rank_start(const BlastProblem& problem, Index block_rows,
                                                 Index block_cols, Index rank, std::uint64_t seed) {
  using Matrix = Eigen::MatrixXd;
  const Matrix& w = problem.matrix();
  const Triples<double> triples = leading_triples_of(w, rank);
  const Index known = triples.count;
  Matrix u = gaussian_matrix<Matrix>(w.rows(), rank, seed);
  Matrix v = gaussian_matrix<Matrix>(w.cols(), rank, seed + 1);
  u.leftCols(known) = Eigen::Map<const Matrix>(triples.left.data(), w.rows(), known);
  v.leftCols(known) = Eigen::Map<const Matrix>(triples.right.data(), w.cols(), known);
  BlastFactors x;
  for (Index i = 0; i < block_rows; ++i)
    x.u.push_back(u.middleRows(i * problem.height(), problem.height()));
  for (Index j = 0; j < block_cols; ++j)
    x.v.push_back(v.middleRows(j * problem.width(), problem.width()));
  x.s = Matrix::Zero(rank, block_rows * block_cols);
  x.s.topRows(known).setOnes();
  return x;
}

/// Of W_ij = U_i·diag(s_ij)·V_j with r <= the sizes of blocks. In orthonormal bases of every block
/// row's columns and every block column's rows it is C_ij = X_i·D_ij·Y_j, all r x r, and
///
///     (C_10·C_00⁻¹)⁻¹·(C_11·C_01⁻¹) = X_0·(diagonal)·X_0⁻¹,
///
/// whose eigenvectors are X_0. Then C_0j gives Y_j, and C_i0 the other X_i. Of a W that is no such
/// matrix eigenvalues may be complex: the pair's plane is spanned by real and imaginary part.
class CommonEigenvectors {
 public:
  using Matrix = Eigen::MatrixXd;

  CommonEigenvectors(const BlastProblem& problem, Index block_rows, Index block_cols, Index rank)
      : problem_(problem), rank_(rank) {
    const Matrix& w = problem.matrix();
    left_.resize(static_cast<std::size_t>(block_rows));
    right_.resize(static_cast<std::size_t>(block_cols));
    for_blocks(block_rows, problem_.height() * w.cols() * rank, [&](Index i) {
      const Matrix rows = w.middleRows(i * problem_.height(), problem_.height());
      const auto triples = leading_triples_of(rows, rank_);
      entry_of(left_, i) = basis(triples.left, problem_.height());
    });
    for_blocks(block_cols, problem_.width() * w.rows() * rank, [&](Index j) {
      const Matrix cols = w.middleCols(j * problem_.width(), problem_.width());
      const auto triples = leading_triples_of(cols, rank_);
      entry_of(right_, j) = basis(triples.right, problem_.width());
    });
  }

  /// Nothing where W has a block row or column of smaller rank.
  [[nodiscard]] std::optional<BlastFactors> start() const {
    for (const auto* bases : {&left_, &right_})
      for (const Matrix& q : *bases)
        if (q.cols() < rank_) return std::nullopt;
    const Matrix x_0 = eigenvectors((core(1, 0) * core(0, 0).inverse()).inverse() * core(1, 1) *
                                    core(0, 1).inverse());
    const Matrix x_inverse = x_0.inverse();
    BlastFactors x;
    for (Index j = 0; j < static_cast<Index>(right_.size()); ++j)
      x.v.push_back(entry_of(right_, j) * (x_inverse * core(0, j)).transpose());
    const Matrix y_inverse = (x_inverse * core(0, 0)).inverse();
    x.u.push_back(left_[0] * x_0);
    for (Index i = 1; i < static_cast<Index>(left_.size()); ++i)
      x.u.push_back(entry_of(left_, i) * core(i, 0) * y_inverse);
    x.s = Matrix::Ones(rank_, x.block_rows() * x.block_cols());
    x.balance();
    if (!std::isfinite(x.dot(x))) return std::nullopt;
    return x;
  }

 private:
  /// Orthonormal columns from a side of triples.
  static Matrix basis(const std::vector<double>& side, Index rows) {
    return Eigen::Map<const Matrix>(side.data(), rows, static_cast<Index>(side.size()) / rows)
        .colwise()
        .normalized();
  }

  /// C_ij.
  [[nodiscard]] Matrix core(Index i, Index j) const {
    return entry_of(left_, i).transpose() * problem_.block(problem_.matrix(), i, j) *
           entry_of(right_, j);
  }

  static Matrix eigenvectors(const Matrix& a) {
    const OneThread one_thread;
    const Index r = a.rows();
    if (!a.allFinite()) return Matrix::Constant(r, r, std::nan(""));
    const Eigen::EigenSolver<Matrix> solver(a);
    if (solver.info() != Eigen::Success) return Matrix::Constant(r, r, std::nan(""));
    // Real and imaginary parts of a pair are neighbours already.
    return solver.pseudoEigenvectors();
  }

  const BlastProblem& problem_;
  Index rank_;
  std::vector<Matrix> left_, right_;
};

}  // namespace strum::inline STRUM_ABI::detail
