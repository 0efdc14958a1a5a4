// Low rank, for the search: one decomposition serves all ranks.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "strum/fit/calibrated.hpp"
#include "strum/fit/family.hpp"
#include "strum/fit/low_rank.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/search/sampled_error-inl.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The first `rank` triples of a decomposition with more.
template <class Scalar>
[[nodiscard]] fit::Fit<AnyLinearOp<Scalar>> truncated(const MatrixView<const Scalar>& w,
                                                      const LowRank<Scalar>& op, Index rank) {
  const Tensor<Scalar> lr1 = op.get("lr1"), lr2 = op.get("lr2");
  const Index m = op.rows(), n = op.cols(), full = lr1.shape()[0];
  const Tensor<double> v = lr1.template cast<double>(), u = lr2.template cast<double>();
  const auto cut = [&]<class S>(const Tensor<S>& left, const Tensor<S>& right) {
    return LowRank<S>(MatrixView<const S>(left.data(), m, rank, full, 1),
                      MatrixView<const S>(right.data(), rank, n, n, 1));
  };
  return measured(w, Scaling(w, "fit::search"), AnyLinearOp<Scalar>(cut(lr2, lr1)), cut(u, v));
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_low_ranks(
    const fit::SearchTarget<Scalar>& target) {
  // Above this an exact decomposition takes longer than all the rest of the search.
  constexpr Index kExact = 1024;
  const MatrixView<const Scalar> w = target.w;
  const Index m = w.rows(), n = w.cols(), size = std::min(m, n);
  const Index most = size == 0 ? 0 : std::min(target.limit / (m + n), size);
  if (most == 0) return {};
  const auto method = size <= kExact ? fit::SvdMethod::exact : fit::SvdMethod::randomized;
  const auto whole = std::make_shared<const LowRank<Scalar>>(
      fit::low_rank(w, most, {.method = method, .seed = target.seed}).op);
  // Every triple's squared length is σ², and what is not in them is beyond them.
  const Scaling scaling(w, "fit::search");
  const Tensor<Scalar> lr1 = whole->get("lr1"), lr2 = whole->get("lr2");
  double squared = 0;
  for (Index j = 0; j < n; ++j)
    for (Index i = 0; i < m; ++i)
      squared += std::pow(static_cast<double>(w(i, j)) * scaling.matrix(), 2);
  std::vector<double> errors = {1};
  double rest = squared;
  for (Index r = 0; r < most; ++r) {
    double left = 0, right = 0;
    for (Index j = 0; j < n; ++j) right += std::pow(static_cast<double>(lr1[r * n + j]), 2);
    for (Index i = 0; i < m; ++i) left += std::pow(static_cast<double>(lr2[i * most + r]), 2);
    rest -= left * right * scaling.matrix() * scaling.matrix();
    errors.push_back(relative_error(std::max(rest, 0.0), squared));
  }
  std::vector<fit::Proposal<Scalar>> proposals;
  for (const Index rank : ranks_to_try(errors, most, target.error))
    proposals.push_back({"rank " + std::to_string(rank), rank * (m + n),
                         errors[static_cast<std::size_t>(rank)],
                         [w, whole, rank, method, x = target.calibration] {
                           if (x == nullptr) return truncated(w, *whole, rank);
                           return fit::any(fit::low_rank(w, rank, *x, {.method = method}));
                         }});
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
