// Sparse: values at given places.
#pragma once

#include <string>
#include <vector>

#include "strum/ops/sparse.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// Entry (i, j) is kept where kept(i, j).
template <class Scalar, class Kept>
OperatorCase<Scalar> sparse_case(const std::string& name, Index m, Index n, const Kept& kept) {
  using Op = Sparse<Scalar>;
  std::vector<Index> row_starts = {0}, columns;
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j)
      if (kept(i, j)) columns.push_back(j);
    row_starts.push_back(static_cast<Index>(columns.size()));
  }
  const auto values = random_tensor<Scalar>({static_cast<Index>(columns.size())}, 881);
  DenseFactor factor(m, n);
  for (Index i = 0; i < m; ++i)
    for (Index at = row_starts[static_cast<std::size_t>(i)];
         at < row_starts[static_cast<std::size_t>(i) + 1]; ++at)
      factor.set(i, columns[static_cast<std::size_t>(at)], values[at]);
  return make_case<Op, Scalar>(name, Op(n, row_starts, columns, values), {factor},
                               {{"values", values}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> sparse_cases() {
  return {sparse_case<Scalar>("one", 1, 1, [](Index, Index) { return true; }),
          sparse_case<Scalar>("scattered", 19, 33,
                              [](Index i, Index j) { return (i * 7 + j * 5) % 11 == 0; }),
          sparse_case<Scalar>("empty_rows", 37, 12,
                              [](Index i, Index j) { return i % 3 == 1 && j % 4 != 2; }),
          sparse_case<Scalar>("long_rows", 150, 161, [](Index i, Index j) {
            return i % 50 == 3 || (i * i + 3 * j) % 17 == 0;
          })};
}

}  // namespace strum::test
