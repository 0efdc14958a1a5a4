// Alternating least squares for matrices made of sub-matrices of low rank, on correlated inputs.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/shifted_cholesky.hpp"

namespace strum::inline STRUM_ABI::detail {

/// W ≈ Ŵ of sub-matrices Ŵ[set λ of rows, block κ of columns] = U_λκ·V_λκ of rank R_λκ, rows of W
/// in the order of the sets and columns in that of the blocks.
struct BlocksProblem {
  Eigen::MatrixXd w;
  Eigen::MatrixXd c;                        ///< X·Xᵀ
  Eigen::MatrixXd wc;                       ///< W·C
  std::vector<Index> row_start, col_start;  ///< of every set and block, and the ends
  std::vector<ShiftedCholesky> input;       ///< of C[κ, κ] for every block
  std::vector<std::vector<Index>> rank;     ///< [λ][κ], at most the sub-matrix's sizes

  [[nodiscard]] Index sets() const { return static_cast<Index>(row_start.size()) - 1; }
  [[nodiscard]] Index blocks() const { return static_cast<Index>(col_start.size()) - 1; }
};

/// One set of rows λ: minimises ‖(W_λ − U·H)·X‖², where U holds the U_κ side by side and H the V_κ,
/// each in the columns of its block. Sets have nothing to do with one another.
class BlocksOfRows {
 private:
  using Matrix = Eigen::MatrixXd;

  [[nodiscard]] auto rows_of(const Matrix& matrix) const {
    const Index from = p_->row_start[static_cast<std::size_t>(set_)];
    return matrix.middleRows(from, p_->row_start[static_cast<std::size_t>(set_) + 1] - from);
  }
  [[nodiscard]] auto w() const { return rows_of(p_->w); }
  [[nodiscard]] auto wc() const { return rows_of(p_->wc); }
  [[nodiscard]] Index column(Index k) const { return p_->col_start[static_cast<std::size_t>(k)]; }
  template <class M>
  [[nodiscard]] auto columns(const M& matrix, Index k) const {
    return matrix.middleCols(column(k), column(k + 1) - column(k));
  }
  [[nodiscard]] const ShiftedCholesky& input(Index k) const {
    return p_->input[static_cast<std::size_t>(k)];
  }
  [[nodiscard]] Index first(Index k) const { return rank_start_[static_cast<std::size_t>(k)]; }
  [[nodiscard]] Index rank(Index k) const { return first(k + 1) - first(k); }

 public:
  BlocksOfRows(const BlocksProblem& problem, Index set) : p_(&problem), set_(set) {
    const auto& ranks = p_->rank[static_cast<std::size_t>(set)];
    for (const Index rank : ranks) rank_start_.push_back(rank_start_.back() + rank);
    norm_ = wc().cwiseProduct(w()).sum();
  }

  /// The best sub-matrices one by one: for the inputs of their block, or for W alone.
  void start(bool on_inputs) {
    u_.setZero(w().rows(), rank_start_.back());
    v_.clear();
    for (Index k = 0; k < p_->blocks(); ++k) {
      const Matrix sub = columns(w(), k);
      const Matrix target = on_inputs ? Matrix(sub * input(k).lower()) : sub;
      const auto triples = leading_triples_of(target, rank(k));
      auto u = u_.middleCols(first(k), rank(k));
      u.leftCols(triples.count) =
          Eigen::Map<const Matrix>(triples.left.data(), u.rows(), triples.count);
      u.leftCols(triples.count).colwise().normalize();
      v_.push_back(u.transpose() * sub);  // (U·Σ·Vᵀ)·L⁻¹ = U·Uᵀ·M
    }
    measure();
  }

  /// All U, then every V in its turn. Both add to what there is: a shift where moments are
  /// deficient then holds the step back, but what is made smaller is the error itself.
  void step() {
    const Matrix u_before = u_;
    const std::vector<Matrix> v_before = v_;
    const double before = squared_error_;
    u_ += shifted_cholesky(hidden_).divide(correlated_ - u_ * hidden_);
    for (Index k = 0; k < p_->blocks(); ++k) improve_inputs(k);
    measure();
    if (squared_error_ <= before) return;
    u_ = u_before;  // nothing left to gain but rounding
    v_ = v_before;
    measure();
  }

  [[nodiscard]] double squared_error() const { return squared_error_; }
  [[nodiscard]] double squared_norm() const { return norm_; }
  [[nodiscard]] Matrix u(Index k) const { return u_.middleCols(first(k), rank(k)); }
  [[nodiscard]] const Matrix& v(Index k) const { return v_[static_cast<std::size_t>(k)]; }

 private:
  /// S = H·C·Hᵀ, W·C·Hᵀ and the error ‖W·X‖² − 2·tr(W·C·Hᵀ·Uᵀ) + tr(U·S·Uᵀ).
  void measure() {
    hidden_.resize(u_.cols(), u_.cols());
    correlated_.resize(u_.rows(), u_.cols());
    for (Index k = 0; k < p_->blocks(); ++k) {
      const Index from = column(k);
      const Matrix image = v(k) * p_->c.block(from, from, v(k).cols(), p_->c.cols() - from);
      for (Index next = k; next < p_->blocks(); ++next) {
        auto block = hidden_.block(first(next), first(k), rank(next), rank(k));
        block.noalias() =
            v(next) * image.middleCols(column(next) - from, v(next).cols()).transpose();
        if (next > k) hidden_.block(first(k), first(next), rank(k), rank(next)) = block.transpose();
      }
      correlated_.middleCols(first(k), rank(k)).noalias() = columns(wc(), k) * v(k).transpose();
    }
    squared_error_ = std::max(0.0, norm_ + (u_ * hidden_ - 2 * correlated_).cwiseProduct(u_).sum());
  }

  /// U_κ becomes orthonormal, V_κ the best for it and the other blocks: V_κ + (what U_κᵀ·(W − Ŵ)·C
  /// still has in block κ)·C[κ, κ]⁻¹.
  void improve_inputs(Index k) {
    if (rank(k) == 0) return;
    const Eigen::HouseholderQR<Matrix> qr(u(k));
    const Matrix q = qr.householderQ() * Matrix::Identity(u_.rows(), rank(k));
    const Matrix mixing = q.transpose() * u_;
    Matrix seen(rank(k), p_->c.rows());  // Qᵀ·Ŵ
    for (Index other = 0; other < p_->blocks(); ++other)
      seen.middleCols(column(other), v(other).cols()).noalias() =
          mixing.middleCols(first(other), rank(other)) * v(other);
    const Matrix rest = q.transpose() * columns(wc(), k) - seen * columns(p_->c, k);
    v_[static_cast<std::size_t>(k)] = columns(seen, k) + input(k).divide(rest);
    u_.middleCols(first(k), rank(k)) = q;
  }

  const BlocksProblem* p_;
  Index set_;
  std::vector<Index> rank_start_{0};
  Matrix u_;
  std::vector<Matrix> v_;
  Matrix hidden_, correlated_;  // of the present U and V
  double norm_ = 0, squared_error_ = 0;
};

}  // namespace strum::inline STRUM_ABI::detail
