// Matrices that are constant along diagonals, for the search: the fit itself is as cheap as any
// estimate of its error.
#pragma once

#include <vector>

#include "strum/fit/diagonals.hpp"
#include "strum/fit/family.hpp"

namespace strum::inline STRUM_ABI::detail {

/// The only proposal of a family whose fit has no choices.
template <class Scalar, class F>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_fit(
    const fit::SearchTarget<Scalar>& target, Index parameters, const char* shape, const F& fit) {
  if (target.w.size() == 0 || parameters > target.limit) return {};
  auto made = fit::any(fit(target.w));
  return {{shape, made.parameter_count, made.relative_error, [made] { return made; }}};
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_circulants(
    const fit::SearchTarget<Scalar>& target) {
  const Index n = target.w.cols();
  if (target.w.rows() != n) return {};
  return propose_fit(target, n, "averages along wrapped diagonals",
                     [](const auto& w) { return fit::circulant(w); });
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_toeplitzes(
    const fit::SearchTarget<Scalar>& target) {
  return propose_fit(target, target.w.rows() + target.w.cols() - 1, "averages along diagonals",
                     [](const auto& w) { return fit::toeplitz(w); });
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_hankels(
    const fit::SearchTarget<Scalar>& target) {
  return propose_fit(target, target.w.rows() + target.w.cols() - 1, "averages along anti-diagonals",
                     [](const auto& w) { return fit::hankel(w); });
}

}  // namespace strum::inline STRUM_ABI::detail
