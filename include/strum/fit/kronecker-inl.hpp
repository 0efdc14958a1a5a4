// The bodies of fit::kronecker: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/fit/kronecker.hpp"
#include "strum/fit/leading_triples.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// {A, B} of each term, as stored.
template <class Scalar>
[[nodiscard]] std::vector<std::vector<Tensor<Scalar>>> kronecker_factors(
    const MatrixView<const Scalar>& w, const Scaling& scaling, const fit::KroneckerShape& s,
    Index terms, std::string_view where) {
  if (s.a_rows < 1 || s.a_cols < 1 || s.b_rows < 1 || s.b_cols < 1 ||
      w.rows() != checked_product(s.a_rows, s.b_rows, where) ||
      w.cols() != checked_product(s.a_cols, s.b_cols, where))
    fail<ShapeError>(where, ": the matrix is ", w.rows(), " x ", w.cols(), ", the factors ",
                     s.a_rows, " x ", s.a_cols, " and ", s.b_rows, " x ", s.b_cols);
  const OneThread one_thread;
  const Index a_size = s.a_rows * s.a_cols, b_size = s.b_rows * s.b_cols;
  // R[i·nA + j, k·nB + l] = W[i·mB + k, j·nB + l]
  const Eigen::MatrixXd blocks =
      rearranged(w, scaling, a_size, b_size, [&](Index row, Index col) -> std::pair<Index, Index> {
        return {row / s.b_rows * s.a_cols + col / s.b_cols,
                row % s.b_rows * s.b_cols + col % s.b_cols};
      });
  const auto triples = leading_triples_of(blocks, std::min({terms, a_size, b_size}));
  std::vector<std::vector<Tensor<Scalar>>> factors;
  for (Index t = 0; t < std::max(triples.count, Index{1}); ++t) {
    Tensor<Scalar> a({s.a_rows, s.a_cols}), b({s.b_rows, s.b_cols});
    if (t < triples.count) {
      for (Index i = 0; i < a_size; ++i)
        a[i] = stored_entry<Scalar>(triples.left, t * a_size + i, scaling);
      for (Index i = 0; i < b_size; ++i)
        b[i] = stored_entry<Scalar>(triples.right, t * b_size + i, scaling);
    }
    factors.push_back({std::move(a), std::move(b)});
  }
  return factors;
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<Kronecker<Scalar>> kronecker(MatrixView<const Scalar> w, const KroneckerShape& shape) {
  const strum::detail::Scaling scaling(w, "fit::kronecker");
  const auto factors =
      strum::detail::kronecker_factors(w, scaling, shape, 1, "fit::kronecker").front();
  return strum::detail::measured(w, scaling, Kronecker<Scalar>(factors),
                                 Kronecker<double>(strum::detail::in_double(factors)));
}

template <class Scalar>
Fit<AnyLinearOp<Scalar>> kronecker_terms(MatrixView<const Scalar> w, const KroneckerShape& shape,
                                         Index terms) {
  if (terms < 1) strum::detail::fail<ValueError>("fit::kronecker_terms: ", terms, " terms");
  const strum::detail::Scaling scaling(w, "fit::kronecker_terms");
  std::vector<AnyLinearOp<Scalar>> list;
  std::vector<AnyLinearOp<double>> exact;
  for (const auto& factors :
       strum::detail::kronecker_factors(w, scaling, shape, terms, "fit::kronecker_terms")) {
    list.push_back(Kronecker<Scalar>(factors));
    exact.push_back(Kronecker<double>(strum::detail::in_double(factors)));
  }
  return strum::detail::measured(w, scaling, strum::sum(std::move(list)),
                                 strum::sum(std::move(exact)));
}

}  // namespace strum::inline STRUM_ABI::fit
