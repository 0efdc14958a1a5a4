// The body of fit::orthogonal_block_diagonal: compiled once in the library, inline header-only.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/core/parallel.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"
#include "strum/fit/orthogonal_block_diagonal.hpp"

namespace strum::inline STRUM_ABI::detail {

/// An orthogonal matrix that begins with orthonormal columns in the directions of a's, one after
/// the other, and goes on with any: b x b from b x count.
[[nodiscard]] inline Eigen::MatrixXd orthogonal_from(const Eigen::MatrixXd& a) {
  const Index b = a.rows(), count = a.cols();
  if (count == 0) return Eigen::MatrixXd::Identity(b, b);
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(a);
  Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(b, b);
  for (Index i = 0; i < count; ++i)
    if (qr.matrixQR()(i, i) < 0) q.col(i) = -q.col(i);
  return q;
}

/// The columns of a side of b x b triples. QR takes only their directions; they are orthogonal but
/// for rounding, which counts where σ is small.
[[nodiscard]] inline Eigen::MatrixXd orthogonal_side(const std::vector<double>& side, Index b) {
  const Eigen::Map<const Eigen::MatrixXd> columns(side.data(), b,
                                                  static_cast<Index>(side.size()) / b);
  return orthogonal_from(columns.colwise().normalized());
}

/// Whether the determinant of an orthogonal matrix is −1.
[[nodiscard]] inline bool reflects(const Eigen::MatrixXd& a) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(a);
  bool negative = false;
  for (Index i = 0; i < a.rows(); ++i) {
    if (qr.matrixQR()(i, i) < 0) negative = !negative;
    if (qr.hCoeffs()[i] != 0) negative = !negative;  // a reflection of its own; 0 for none
  }
  return negative;
}

/// The matrix of determinant 1 nearest to x among the orthogonal ones.
[[nodiscard]] inline Eigen::MatrixXd nearest_rotation(const Eigen::MatrixXd& x) {
  const Index b = x.rows();
  const Triples<double> triples = leading_triples_of(x, b);
  Eigen::MatrixXd u = orthogonal_side(triples.left, b);
  const Eigen::MatrixXd v = orthogonal_side(triples.right, b);
  if (reflects(u) != reflects(v)) u.col(b - 1) = -u.col(b - 1);
  return u * v.transpose();
}

/// The rotation a with no eigenvalue within `gap` of −1: on the plane of those that are, pairs of
/// orthonormal vectors are turned back by 2·gap.
[[nodiscard]] inline Eigen::MatrixXd off_minus_one(Eigen::MatrixXd a, double gap) {
  const Index b = a.rows();
  const Eigen::MatrixXd sum = a + Eigen::MatrixXd::Identity(b, b);  // normal: σ = |1 + eigenvalue|
  const Triples<double> triples = leading_triples_of(sum, b);
  const Eigen::Map<const Eigen::MatrixXd> right(triples.right.data(), b, triples.count);
  Index kept = 0;
  while (kept < triples.count && right.col(kept).squaredNorm() > gap) ++kept;
  if (kept == b) return a;
  const Eigen::MatrixXd basis = orthogonal_from(right.leftCols(kept).colwise().normalized());
  const double c = std::cos(2 * gap), s = std::sin(2 * gap);
  for (Index i = kept; i + 1 < b; i += 2) {
    const Eigen::VectorXd first = basis.col(i), second = basis.col(i + 1);
    const Eigen::VectorXd a_first = a * first, a_second = a * second;
    a += (a_first * (c - 1) + a_second * s) * first.transpose() +
         (a_second * (c - 1) - a_first * s) * second.transpose();
  }
  return a;
}

/// The skew Q of which the rotation a is the block Rᵀ = (I − Q)⁻¹(I + Q), that is
/// (I + a)ᵀ·Qᵀ = (a − I)ᵀ; but for rounding, it is skew.
template <class Scalar>
void store_skew(const Eigen::MatrixXd& a, Scalar* upper) {
  const Index b = a.rows();
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(b, b);
  const Block<double> q_transposed = solve<double>((one + a).transpose(), (a - one).transpose());
  for (Index i = 0; i < b; ++i)
    for (Index j = i + 1; j < b; ++j)
      *upper++ = static_cast<Scalar>((q_transposed(j, i) - q_transposed(i, j)) / 2);
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<OrthogonalBlockDiagonal<Scalar>> orthogonal_block_diagonal(MatrixView<const Scalar> w,
                                                               Index block) {
  const char* const where = "fit::orthogonal_block_diagonal";
  if (block < 1 || w.rows() < 1 || w.cols() != w.rows() || w.rows() % block != 0)
    strum::detail::fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(),
                                    ", the blocks ", block, " x ", block);
  const strum::detail::Scaling scaling(w, where);
  const Index blocks = w.rows() / block, entries = block * (block - 1) / 2;
  const double gap = std::sqrt(static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
  Tensor<Scalar> skew({blocks, entries});
  parallel_for(blocks, [&](Index k) {
    const strum::detail::OneThread one_thread;
    Eigen::MatrixXd x(block, block);
    for (Index j = 0; j < block; ++j)
      for (Index i = 0; i < block; ++i)
        x(i, j) = static_cast<double>(w(k * block + i, k * block + j)) * scaling.matrix();
    const Eigen::MatrixXd a = strum::detail::nearest_rotation(x);
    strum::detail::store_skew(strum::detail::off_minus_one(a, gap), skew.data() + k * entries);
  });
  const OrthogonalBlockDiagonal<double> exact(skew.template cast<double>());
  return strum::detail::measured(w, scaling, OrthogonalBlockDiagonal<Scalar>(skew), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
