// Butterflies, chains of many factors and tensor trains, for the search: square matrices of sizes
// that factor, whose error only the fit tells.
#pragma once

#include <string>
#include <vector>

#include "strum/fit/family.hpp"
#include "strum/fit/monarch_chain.hpp"
#include "strum/fit/tensor_train.hpp"

namespace strum::inline STRUM_ABI::detail {

// Each of these fits goes over W as often as there are factors; beyond this it takes seconds.
inline constexpr Index kLargestChain = 1024;

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_butterflies(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index n = w.cols();
  std::vector<fit::Proposal<Scalar>> proposals;
  if (w.rows() != n || n < 4 || n > kLargestChain) return {};
  for (const Index radix : {2, 4}) {
    Index size = 1, factors = 0;
    for (; size < n; size *= radix) ++factors;
    if (size == n)
      proposals.push_back({"radix " + std::to_string(radix), factors * n * radix,
                           fit::kUnknownError,
                           [w, radix] { return fit::any(fit::butterfly(w, radix)); }});
  }
  return proposals;
}

/// The prime factors of n dealt to `count` numbers of about the same size, whose product is n.
[[nodiscard]] inline std::vector<Index> balanced_factors(Index n, std::size_t count) {
  std::vector<Index> primes, sizes(count, 1);
  for (Index p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p) primes.push_back(p);
  if (n > 1) primes.push_back(n);
  for (auto p = primes.rbegin(); p != primes.rend(); ++p)
    *std::min_element(sizes.begin(), sizes.end()) *= *p;
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_monarch_chains(
    const fit::SearchTarget<Scalar>& target) {
  const MatrixView<const Scalar> w = target.w;
  const Index n = w.cols();
  if (w.rows() != n || n > kLargestChain) return {};
  std::vector<fit::Proposal<Scalar>> proposals;
  for (const std::size_t factors : {3, 4}) {
    const std::vector<Index> sizes = balanced_factors(n, factors);
    if (sizes.front() < 2) continue;
    Index sum = 0;
    std::string text;
    for (const Index size : sizes) {
      sum += size;
      text += (text.empty() ? "blocks of " : ", ") + std::to_string(size);
    }
    proposals.push_back({text, n * sum, fit::kUnknownError,
                         [w, sizes] { return fit::any(fit::monarch_chain(w, sizes)); }});
  }
  return proposals;
}

template <class Scalar>
[[nodiscard]] std::vector<fit::Proposal<Scalar>> propose_tensor_trains(
    const fit::SearchTarget<Scalar>& target) {
  constexpr std::size_t kCores = 3;
  const MatrixView<const Scalar> w = target.w;
  if (std::max(w.rows(), w.cols()) > kLargestChain) return {};
  fit::TensorTrainShape shape{balanced_factors(w.cols(), kCores),
                              balanced_factors(w.rows(), kCores), 1};
  if (shape.inputs.front() < 2 || shape.outputs.front() < 2) return {};
  std::vector<fit::Proposal<Scalar>> proposals;
  Index sizes[kCores];
  for (std::size_t t = 0; t < kCores; ++t) sizes[t] = shape.inputs[t] * shape.outputs[t];
  for (shape.rank = 1;; shape.rank *= 4) {
    const Index r = shape.rank, first = std::min(r, sizes[0]), last = std::min(r, sizes[2]);
    const Index count = sizes[0] * first + first * sizes[1] * last + last * sizes[2];
    if (count > target.limit) break;
    proposals.push_back({"3 cores of rank " + std::to_string(r), count, fit::kUnknownError,
                         [w, shape] { return fit::any(fit::tensor_train(w, shape)); }});
    if (r >= std::max(sizes[0], sizes[2])) break;
  }
  return proposals;
}

}  // namespace strum::inline STRUM_ABI::detail
