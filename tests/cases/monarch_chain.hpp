// MonarchChain: factors w[α][β][γ][δ] under names of their own.
#pragma once

#include <string>
#include <vector>

#include "cases/kronecker_sparse.hpp"
#include "strum/ops/monarch_chain.hpp"

namespace strum::test {

template <class Scalar, class Weight = Scalar>
OperatorCase<Scalar> monarch_chain_case(const std::vector<Shape>& shapes) {
  std::string name = std::to_string(shapes.size());
  std::vector<Tensor<Weight>> factors;
  DenseChain chain;
  std::vector<std::pair<std::string, Tensor<Weight>>> parameters;
  for (const Shape& s : shapes) {
    name += "_b" + shape_name(s[0], s[1], s[2], s[3]);
    factors.push_back(random_tensor<Weight>(s, static_cast<std::uint32_t>(621 + factors.size())));
    chain.push_back(kronecker_sparse_factor(factors.back()));
    parameters.emplace_back("blkdiag" + std::to_string(factors.size()), factors.back());
  }
  return make_case<MonarchChain<Scalar, Weight>, Weight>(
      name, MonarchChain<Scalar, Weight>(factors), chain, parameters);
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> monarch_chain_cases() {
  return {monarch_chain_case<Scalar>({{15, 4, 4, 1}, {5, 3, 3, 4}, {1, 5, 5, 12}}),
          monarch_chain_case<Scalar>({{4, 3, 5, 2}, {3, 7, 4, 2}, {1, 2, 21, 2}}),
          // threads take parts of one row, a diagonal
          monarch_chain_case<Scalar>({{1, 9, 1, 19}}),
          monarch_chain_case<Scalar>({{36, 6, 6, 1}, {6, 6, 6, 6}, {1, 6, 6, 36}})};
}

}  // namespace strum::test
