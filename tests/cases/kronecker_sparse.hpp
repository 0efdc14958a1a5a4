// KroneckerSparse: K[(α·b + β)·d + δ, (α·c + γ)·d + δ] = w[α][β][γ][δ].
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "strum/ops/kronecker_sparse.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Weight>
DenseFactor kronecker_sparse_factor(const Tensor<Weight>& w) {
  const Index a = w.shape()[0], b = w.shape()[1], c = w.shape()[2], d = w.shape()[3];
  DenseFactor factor(a * b * d, a * c * d);
  for (Index alpha = 0; alpha < a; ++alpha)
    for (Index beta = 0; beta < b; ++beta)
      for (Index gamma = 0; gamma < c; ++gamma)
        for (Index delta = 0; delta < d; ++delta)
          factor.set((alpha * b + beta) * d + delta, (alpha * c + gamma) * d + delta,
                     w[((alpha * b + beta) * c + gamma) * d + delta]);
  return factor;
}

/// Factors (a, b, c, d), the first applied first.
template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> kronecker_sparse_case(const std::vector<Shape>& shapes) {
  using Op = KroneckerSparse<Scalar, Weight>;
  std::string name;
  std::vector<Tensor<Weight>> factors;
  DenseChain chain;
  std::vector<std::pair<std::string, Tensor<Weight>>> parameters;
  for (const Shape& s : shapes) {
    const std::size_t i = factors.size();
    name += (i == 0 ? "" : "_then_") + shape_name(s[0], s[1], s[2], s[3]);
    factors.push_back(random_tensor<Weight>(s, static_cast<std::uint32_t>(401 + i)));
    chain.push_back(kronecker_sparse_factor(factors[i]));
    parameters.emplace_back("factor" + std::to_string(i), factors[i]);
  }
  if (factors.size() == 1) return make_case(name, Op(factors[0]), chain, parameters);
  return make_case(name, Op(factors), chain, parameters);
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> kronecker_sparse_cases() {
  const std::vector<Shape> shapes = {
      {1, 1, 1, 1},
      {1, 1, 1, 37},
      {5, 1, 1, 7},
      {3, 2, 5, 1},
      {2, 3, 4, 2},
      {2, 3, 4, 3},
      {1, 4, 3, 5},
      {1, 9, 2, 7},
      {1, 5, 7, 16},
      {2, 6, 3, 8},
      {2, 3, 3, 17},
      {3, 2, 2, 33},
      {3, 1, 4, 12},
      {3, 4, 1, 12},
      {1, 1, 13, 9},
      {1, 13, 1, 9},
      {1, 40, 3, 2},
      {2, 70, 5, 3},
      {1, 3, 40, 4},
      {2, 5, 3, 20},
      {1, 17, 5, 31},
      {1, 7, 9, 64},
      // more weights than are kept in L2 at a time: for 4, 8 and 16 lanes
      {1, 129, 128, 4},
      {1, 92, 91, 8},
      {1, 65, 64, 16},
      // sums in pieces, in either direction
      {1, 1, 520, 7},
      {1, 520, 1, 7},
      {1, 2, 516, 3},
      // of several blocks
      {3, 2, 520, 1},
      {2, 3, 513, 2}};
  std::vector<OperatorCase<Scalar>> cases;
  for (const Shape& shape : shapes) cases.push_back(kronecker_sparse_case<Scalar>({shape}));
  return cases;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> kronecker_chain_cases() {
  return {// a radix-2 butterfly of 16 points, strides 1, 2, 4, 8
          kronecker_sparse_case<Scalar>({{8, 2, 2, 1}, {4, 2, 2, 2}, {2, 2, 2, 4}, {1, 2, 2, 8}}),
          // a Monarch of order 3, 4·3·5
          kronecker_sparse_case<Scalar>({{15, 4, 4, 1}, {5, 3, 3, 4}, {1, 5, 5, 12}}),
          // the hidden vectors grow and shrink
          kronecker_sparse_case<Scalar>({{1, 40, 2, 3}, {4, 1, 5, 6}, {1, 13, 24, 1}}),
          kronecker_sparse_case<Scalar>({{1, 3, 2, 17}, {3, 5, 1, 17}}),
          kronecker_sparse_case<Scalar>({{1, 1, 1, 19}, {19, 1, 1, 1}}),
          kronecker_sparse_case<Scalar>({{1, 2, 1, 1}, {2, 1, 1, 1}, {1, 1, 2, 1}})};
}

}  // namespace strum::test
