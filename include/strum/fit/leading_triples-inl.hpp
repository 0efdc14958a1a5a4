// How the triples are found: eigenvectors of AᵀA, in as many stages as keep squaring harmless.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "strum/fit/leading_triples.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

// One eigen-decomposition of the small Gram matrix costs 0.2 ms for 64 x 64 and 0.7 s for
// 1024 x 1024; Eigen's JacobiSVD takes 2.4 ms and minutes, its BDCSVD 33 s and 1.1 GB to compile.
// But a Gram matrix knows σ² only to eps·σ_1²: singular values below √eps·σ_1 drown. Hence stages:
// each takes the triples down to kStageRange·σ_1 and removes them from the matrix, so that the next
// one starts with a new, smaller σ_1. U is then the orthonormal basis of A·(eigenvectors), which
// divides what is left of a wrong direction by σ_i/σ_j, and UᵀA makes the approximation optimal
// for that U.
template <class Real>
class TripleSearch {
 public:
  using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  /// a has at least as many rows as columns.
  explicit TripleSearch(Matrix a) : rest_(std::move(a)), basis_(rest_.rows(), 0) {}

  /// Orthonormal columns that span the leading left singular vectors, largest first.
  const Matrix& basis(Index rank) {
    const Real scale = rest_.cwiseAbs().maxCoeff();
    if (scale == 0) return basis_;
    rest_ *= power_near(scale);
    const Real enough =
        static_cast<Real>(rest_.rows()) * std::numeric_limits<Real>::epsilon() * rest_.norm();
    Real size = rest_.norm();
    while (basis_.cols() < rank && size > enough) {
      const Real zoom = power_near(rest_.cwiseAbs().maxCoeff());
      add_stage(rest_ * zoom, rank - basis_.cols());
      if (basis_.cols() == rank) break;
      rest_ -= basis_ * (basis_.transpose() * rest_);
      size = rest_.norm();
    }
    return basis_;
  }

 private:
  /// Smallest σ_i/σ_1 of a stage. Two singular values of a stage are told apart if they differ by
  /// eps·σ_1²/σ_i², here 2e-10; a wider range takes fewer stages and tells apart less.
  static constexpr Real kStageRange = Real(0x1p-10);

  static Real power_near(Real x) {
    int exponent = 0;
    std::frexp(x, &exponent);  // the inverse of a subnormal's power would be infinite
    return std::ldexp(Real(1), -std::max(exponent, std::numeric_limits<Real>::min_exponent));
  }

  void add_stage(const Matrix& a, Index wanted) {
    // Eigen's iteration wants small eigenvalues to a relative precision that a Gram matrix does not
    // have, and may not end (of 32 x 32 from a DFT: two eigenvalues of 16, the others 1e-15).
    // Shifted by the largest, all are found to the absolute precision that a stage uses.
    Matrix squares = a.transpose() * a;
    const Real shift = squares.diagonal().maxCoeff();
    squares.diagonal().array() += shift;
    const Eigen::SelfAdjointEigenSolver<Matrix> gram(squares);
    if (gram.info() != Eigen::Success) fail<Error>("fit: an eigenvalue iteration did not converge");
    const auto& values = gram.eigenvalues();  // ascending, shifted
    const Index n = values.size();
    const Real least = shift + kStageRange * kStageRange * (values[n - 1] - shift);
    Index count = 1;
    while (count < std::min(wanted, n) && values[n - 1 - count] >= least) ++count;

    Matrix image = a * gram.eigenvectors().rightCols(count).rowwise().reverse();
    for (int pass = 0; pass < 2; ++pass)  // twice is enough (Kahan, Parlett)
      image -= basis_ * (basis_.transpose() * image);
    const Eigen::HouseholderQR<Matrix> qr(image);
    basis_.conservativeResize(Eigen::NoChange, basis_.cols() + count);
    basis_.rightCols(count) = qr.householderQ() * Matrix::Identity(image.rows(), count);
  }

  Matrix rest_;   // what no triple found so far explains
  Matrix basis_;  // orthonormal
};

template <class Real>
Triples<Real> leading_triples(const MatrixView<const Real>& a, Index rank) {
  using Matrix = typename TripleSearch<Real>::Matrix;
  using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const OneThread one_thread;
  const Index m = a.rows(), n = a.cols();
  rank = std::min({rank, m, n});
  if (rank <= 0) return {};
  if (m < n) {
    Triples<Real> triples = leading_triples(a.transposed(), rank);
    std::swap(triples.left, triples.right);
    return triples;
  }
  const Matrix matrix =
      Eigen::Map<const Matrix, 0, Strides>(a.data(), m, n, Strides(a.col_stride(), a.row_stride()));
  TripleSearch<Real> search(matrix);
  const Matrix& basis = search.basis(rank);

  Triples<Real> triples;
  triples.count = basis.cols();
  triples.left.resize(static_cast<std::size_t>(triples.count * m));
  triples.right.resize(static_cast<std::size_t>(triples.count * n));
  Eigen::Map<Matrix> left(triples.left.data(), m, triples.count);
  Eigen::Map<Matrix> right(triples.right.data(), n, triples.count);
  right.noalias() = matrix.transpose() * basis;  // columns σ_a·v_a
  for (Index i = 0; i < triples.count; ++i) {
    const Real root = std::sqrt(right.col(i).stableNorm());
    left.col(i) = root * basis.col(i);
    right.col(i) /= root;
  }
  return triples;
}

}  // namespace strum::inline STRUM_ABI::detail
