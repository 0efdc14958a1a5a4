// Permutation, Identity, Zero: a 1 in row i, column p[i]; ones on the diagonal; nothing.
#pragma once

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "strum/ops/identity.hpp"
#include "strum/ops/permutation.hpp"
#include "strum/ops/zero.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
OperatorCase<Scalar> permutation_case(const std::string& name, const std::vector<Index>& p) {
  using Op = Permutation<Scalar>;
  DenseFactor factor(static_cast<Index>(p.size()), static_cast<Index>(p.size()));
  for (std::size_t i = 0; i < p.size(); ++i) factor(static_cast<Index>(i), p[i]) = 1;
  return make_case<Op, Scalar>(name, Op(p), {factor}, {});
}

/// Blocks of `length` in a random order.
inline std::vector<Index> shuffled_blocks(Index blocks, Index length) {
  std::vector<Index> order(static_cast<std::size_t>(blocks)), p;
  std::iota(order.begin(), order.end(), Index{0});
  std::shuffle(order.begin(), order.end(), std::mt19937(7));
  for (const Index k : order)
    for (Index j = 0; j < length; ++j) p.push_back(k * length + j);
  return p;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> permutation_cases() {
  return {permutation_case<Scalar>("one", {0}), permutation_case<Scalar>("cycle", {3, 0, 4, 1, 2}),
          permutation_case<Scalar>("shuffled", shuffled_blocks(67, 1)),
          permutation_case<Scalar>("blocks_of_6", shuffled_blocks(7, 6)),
          permutation_case<Scalar>("blocks_of_33", shuffled_blocks(5, 33))};
}

template <class Scalar>
OperatorCase<Scalar> identity_case(Index m, Index n) {
  using Op = Identity<Scalar>;
  DenseFactor factor(m, n);
  for (Index i = 0; i < std::min(m, n); ++i) factor(i, i) = 1;
  return make_case<Op, Scalar>(shape_name(m, n), Op(m, n), {factor}, {});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> identity_cases() {
  return {identity_case<Scalar>(1, 1), identity_case<Scalar>(35, 35), identity_case<Scalar>(20, 33),
          identity_case<Scalar>(33, 20)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> zero_cases() {
  using Op = Zero<Scalar>;
  return {make_case<Op, Scalar>("7_19", Op(7, 19), {DenseFactor(7, 19)}, {}),
          make_case<Op, Scalar>("19_7", Op(19, 7), {DenseFactor(19, 7)}, {})};
}

}  // namespace strum::test
