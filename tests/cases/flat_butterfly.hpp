// FlatButterfly: (1 − γ)·S + γ·U·V, S with block (i, i xor m_t) = W[i][t], m_t = 0, 1, 2, 4, ...;
// entries of x and y beyond cols and rows do not exist.
#pragma once

#include <vector>

#include "strum/ops/flat_butterfly.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
OperatorCase<Scalar> flat_butterfly_case(const FlatButterflyShape& s, double gamma) {
  Tensor<Scalar> weight =
      random_tensor<Scalar>({s.grid, s.levels + 1, s.block_rows, s.block_cols}, 841);
  const Tensor<Scalar> lr1 = random_tensor<Scalar>({s.rank, s.cols}, 842);
  const Tensor<Scalar> lr2 = random_tensor<Scalar>({s.rows, s.rank}, 843);
  DenseFactor first(s.rows + s.rank, s.cols), second(s.rows, s.rows + s.rank);
  Index used = s.rank * (s.rows + s.cols), k = 0;
  for (Index i = 0; i < s.grid; ++i)
    for (Index t = 0; t <= s.levels; ++t)
      for (Index o = 0; o < s.block_rows; ++o)
        for (Index in = 0; in < s.block_cols; ++in, ++k) {
          const Index row = i * s.block_rows + o;
          const Index col = (i ^ (t == 0 ? 0 : Index{1} << (t - 1))) * s.block_cols + in;
          if (row < s.rows && col < s.cols) {
            first.set(row, col, scaled(1 - gamma, weight[k]));
            ++used;
          } else {
            weight[k] = 0;
          }
        }
  for (Index r = 0; r < s.rank; ++r)
    for (Index j = 0; j < s.cols; ++j) first.set(s.rows + r, j, lr1(r, j));
  for (Index i = 0; i < s.rows; ++i) {
    second(i, i) = 1;
    for (Index r = 0; r < s.rank; ++r) second.set(i, s.rows + r, scaled(gamma, lr2(i, r)));
  }
  using Op = FlatButterfly<Scalar>;
  std::vector<std::pair<std::string, Tensor<Scalar>>> parameters = {{"weight", weight}};
  if (s.rank > 0) {
    const Tensor<Scalar> constant({1}, {Scalar(static_cast<Real<Scalar>>(gamma))});
    parameters.insert(parameters.end(), {{"lr1", lr1}, {"lr2", lr2}, {"gamma", constant}});
  }
  const Op op = s.rank == 0 ? Op(s, weight)
                            : Op(s, weight, lr1, lr2, Scalar(static_cast<Real<Scalar>>(gamma)));
  auto c = make_case<Op, Scalar>(
      shape_name(s.grid, s.levels, s.block_rows, s.block_cols, s.rank, s.rows, s.cols), op,
      {first, second}, parameters);
  c.parameter_count = used;
  // A block row of the gathered x is as long where the last blocks are cut.
  c.flops = kMultiplyAddFlops<Scalar> *
            (s.rows * (s.levels + 1) * s.block_cols + s.rank * (s.rows + s.cols));
  c.linear_in_parameters = s.rank == 0;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> flat_butterfly_cases() {
  return {flat_butterfly_case<Scalar>(FlatButterflyShape::exact(1, 0, 3, 2, 0), 0),
          flat_butterfly_case<Scalar>(FlatButterflyShape::exact(8, 3, 5, 7, 0), 0),
          flat_butterfly_case<Scalar>({4, 1, 6, 5, 0, 21, 13}, 0),
          flat_butterfly_case<Scalar>(FlatButterflyShape::exact(8, 2, 4, 4, 3), 0.5),
          flat_butterfly_case<Scalar>({16, 4, 10, 9, 2, 155, 140}, 0.25)};
}

}  // namespace strum::test
