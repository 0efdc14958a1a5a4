// Kronecker products and sums of them, for the search.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "strum/core/parallel.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/kronecker.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Shapes of A ⊗ B for an m x n matrix whose parameters keep to the limit, none of them a row, a
/// column or a number.
[[nodiscard]] inline std::vector<fit::KroneckerShape> kronecker_shapes(Index m, Index n,
                                                                       Index limit) {
  std::vector<fit::KroneckerShape> shapes;
  for (Index i = 2; i <= m / 2; ++i)
    for (Index j = 2; m % i == 0 && j <= n / 2; ++j)
      if (n % j == 0 && i * j + (m / i) * (n / j) <= limit) shapes.push_back({i, j, m / i, n / j});
  return shapes;
}

/// Calls f(W_ijkl, A_ij, B_kl) for all entries of W, scaled, beside those of A ⊗ B.
template <class Scalar, class F>
void for_each_product(const MatrixView<const Scalar>& w, const Scaling& scaling,
                      const fit::KroneckerShape& s, Eigen::MatrixXd& a, Eigen::MatrixXd& b,
                      const F& f) {
  const double scale = scaling.matrix();
  for (Index j = 0; j < s.a_cols; ++j)
    for (Index l = 0; l < s.b_cols; ++l)
      for (Index i = 0; i < s.a_rows; ++i)
        for (Index k = 0; k < s.b_rows; ++k)
          f(static_cast<double>(w(i * s.b_rows + k, j * s.b_cols + l)) * scale, a(i, j), b(k, l));
}

/// The relative error of the nearest A ⊗ B, from above: a few power iterations on W's blocks, from
/// the largest of them. Right to rounding where W is such a product.
template <class Scalar>
[[nodiscard]] double kronecker_error(const MatrixView<const Scalar>& w, const Scaling& scaling,
                                     const fit::KroneckerShape& s) {
  constexpr int kIterations = 2;
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(s.a_rows, s.a_cols), b(s.b_rows, s.b_cols);
  const auto for_each = [&](const auto& f) { for_each_product(w, scaling, s, a, b, f); };
  for_each([](double x, double& a_ij, double&) { a_ij += x * x; });
  const double squared = a.sum();
  if (squared == 0) return 0;
  Index row = 0, col = 0;
  a.maxCoeff(&row, &col);
  for (Index l = 0; l < s.b_cols; ++l)
    for (Index k = 0; k < s.b_rows; ++k)
      b(k, l) = static_cast<double>(w(row * s.b_rows + k, col * s.b_cols + l)) * scaling.matrix();
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    b /= b.norm();
    a.setZero();
    for_each([](double x, double& a_ij, double& b_kl) { a_ij += x * b_kl; });
    a /= a.norm();
    b.setZero();
    for_each([](double x, double& a_ij, double& b_kl) { b_kl += x * a_ij; });
  }
  double error = 0;
  for_each([&](double x, double& a_ij, double& b_kl) {
    error += (x - a_ij * b_kl) * (x - a_ij * b_kl);
  });
  return relative_error(error, squared);
}

[[nodiscard]] inline std::string kronecker_text(const fit::KroneckerShape& s) {
  return std::to_string(s.a_rows) + " x " + std::to_string(s.a_cols) + " with " +
         std::to_string(s.b_rows) + " x " + std::to_string(s.b_cols);
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_kroneckers(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Scaling scaling(w, "fit::search");
  const auto shapes = kronecker_shapes(w.rows(), w.cols(), target.limit);
  std::vector<double> errors(shapes.size());
  parallel_for(static_cast<Index>(shapes.size()), [&](Index i) {
    errors[static_cast<std::size_t>(i)] =
        kronecker_error(w, scaling, shapes[static_cast<std::size_t>(i)]);
  });
  std::vector<fit::Proposal<Scalar>> proposals;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const fit::KroneckerShape s = shapes[i];
    proposals.push_back({kronecker_text(s), s.a_rows * s.a_cols + s.b_rows * s.b_cols, errors[i],
                         [w, s] { return fit::any(fit::kronecker(w, s)); }});
  }
  return proposals;
}

/// Several terms of the shape with the fewest parameters, whose A and B are about the same size.
template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_kronecker_terms(
    const fit::SearchTarget<Scalar>& target) {
  // Needs the singular values of a matrix as large as W.
  constexpr Index kLargest = Index{1} << 20;
  const MatrixView<const Scalar> w = target.w;
  const auto shapes = kronecker_shapes(w.rows(), w.cols(), target.limit);
  if (shapes.empty() || w.size() > kLargest) return {};
  const auto count = [](const fit::KroneckerShape& s) {
    return s.a_rows * s.a_cols + s.b_rows * s.b_cols;
  };
  const fit::KroneckerShape s =
      *std::min_element(shapes.begin(), shapes.end(),
                        [&](const auto& a, const auto& b) { return count(a) < count(b); });
  std::vector<fit::Proposal<Scalar>> proposals;
  const Index most =
      std::min({target.limit / count(s), s.a_rows * s.a_cols, s.b_rows * s.b_cols, Index{32}});
  for (Index terms = 4; terms <= most; terms *= 8)
    proposals.push_back({std::to_string(terms) + " terms of " + kronecker_text(s), terms * count(s),
                         fit::kUnknownError,
                         [w, s, terms] { return fit::kronecker_terms(w, s, terms); }});
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
