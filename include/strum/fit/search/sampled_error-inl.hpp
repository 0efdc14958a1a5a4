// The error of a Monarch from a sample of its sub-matrices.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "strum/core/parallel.hpp"
#include "strum/fit/index_groups.hpp"
#include "strum/fit/measure.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Squared Frobenius norms of what rank 0, 1, ... most_rank leave of a matrix.
[[nodiscard]] inline std::vector<double> squared_tails(const Eigen::MatrixXd& a, Index most_rank) {
  const auto triples = leading_triples_of(a, most_rank);
  Eigen::MatrixXd rest = a;
  std::vector<double> tails = {rest.squaredNorm()};
  for (Index r = 0; r < triples.count; ++r) {
    rest.noalias() -=
        Eigen::Map<const Eigen::VectorXd>(triples.left.data() + r * a.rows(), a.rows()) *
        Eigen::Map<const Eigen::VectorXd>(triples.right.data() + r * a.cols(), a.cols())
            .transpose();
    tails.push_back(rest.squaredNorm());
  }
  tails.resize(static_cast<std::size_t>(most_rank) + 1, tails.back());
  return tails;
}

/// Relative errors of the Monarchs with these groups at ranks 0 ... most_rank, guessed from a few
/// sub-matrices that the seed chooses.
template <class Scalar>
[[nodiscard]] std::vector<double> sampled_errors(const MatrixView<const Scalar>& w,
                                                 const Scaling& scaling,
                                                 const fit::IndexGroups& rows,
                                                 const fit::IndexGroups& cols, Index most_rank,
                                                 std::uint64_t seed) {
  // Twelve tell ranks apart that differ by a few per cent, which is all that is wanted of them.
  constexpr std::uint64_t kSample = 12;
  const std::uint64_t k = cols.size(), pairs = k * rows.size();
  std::mt19937_64 generator(seed);
  std::vector<double> squared(static_cast<std::size_t>(most_rank) + 1);
  for (std::uint64_t i = 0; i < std::min(kSample, pairs); ++i) {
    const std::uint64_t pair = pairs <= kSample ? i : generator() % pairs;
    const Eigen::MatrixXd sub = sub_matrix(w, scaling, rows[pair / k], cols[pair % k]);
    if (sub.size() == 0) continue;
    const std::vector<double> tails = squared_tails(sub, most_rank);
    for (std::size_t r = 0; r < tails.size(); ++r) squared[r] += tails[r];
  }
  std::vector<double> errors;
  for (const double tail : squared) errors.push_back(relative_error(tail, squared[0]));
  return errors;
}

/// Ranks from 1 to `most` worth a proposal, given the error of each: powers of two, the largest,
/// and the first that reaches `wanted` and the first without error.
[[nodiscard]] inline std::vector<Index> ranks_to_try(const std::vector<double>& errors, Index most,
                                                     double wanted) {
  constexpr double kExact = 1e-6;
  std::vector<Index> ranks;
  for (const double bound : {wanted, kExact})
    for (Index r = 1; r <= most && bound > 0; ++r)
      if (errors[static_cast<std::size_t>(r)] <= bound) {
        ranks.push_back(r);
        break;
      }
  for (Index r = 1; r < most; r *= 2) ranks.push_back(r);
  if (most > 0) ranks.push_back(most);
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return ranks;
}

}  // namespace strum::inline STRUM_ABI::detail
