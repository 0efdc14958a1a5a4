// OrthogonalBlockDiagonal and ButterflyOrthogonal: blocks by Eigen's LU, entries put where the
// formula says.
#pragma once

#include <vector>

#include <Eigen/LU>

#include "strum/ops/butterfly_orthogonal.hpp"
#include "strum/ops/orthogonal_block_diagonal.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Number>
using SkewBlock = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;

/// R of a row vector's x·R.
template <class Number>
SkewBlock<Number> cayley(const SkewBlock<Number>& q, Cayley form) {
  const auto one = SkewBlock<Number>::Identity(q.rows(), q.cols());
  if (form == Cayley::exact) return (one - q) * (one + q).fullPivLu().inverse();
  const Number two = 2;
  return one + two * q + two * q * q + two * q * q * q + q * q * q * q;
}

template <class Scalar>
OperatorCase<Scalar> oft_case(Index blocks, Index b, Cayley form) {
  using Op = OrthogonalBlockDiagonal<Scalar>;
  const Tensor<Scalar> oft_R = random_tensor<Scalar>({blocks, b * (b - 1) / 2}, 821);
  using Block = SkewBlock<Exact<Scalar>>;
  DenseFactor factor(blocks * b, blocks * b);
  Index entry = 0;
  for (Index k = 0; k < blocks; ++k) {
    Block q = Block::Zero(b, b);
    for (Index i = 0; i < b; ++i)
      for (Index j = i + 1; j < b; ++j) {
        q(i, j) = exact(oft_R[entry++]);
        q(j, i) = -Eigen::numext::conj(q(i, j));
      }
    const Block r = cayley(q, form);
    for (Index i = 0; i < b; ++i)
      for (Index j = 0; j < b; ++j) factor.set(k * b + j, k * b + i, Scalar(r(i, j)));
  }
  auto c =
      make_case<Op, Scalar>(shape_name(blocks, b) + (form == Cayley::neumann ? "_neumann" : ""),
                            Op(oft_R, form), {factor}, {{"oft_R", oft_R}});
  c.parameter_count = oft_R.size();
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> oft_cases() {
  return {oft_case<Scalar>(1, 2, Cayley::exact), oft_case<Scalar>(9, 3, Cayley::exact),
          oft_case<Scalar>(3, 13, Cayley::exact), oft_case<Scalar>(5, 32, Cayley::exact),
          oft_case<Scalar>(4, 5, Cayley::neumann)};
}

/// F_i couples the half-blocks t and t + 2^i of runs of 2^(i+1), block after block.
template <class Scalar>
OperatorCase<Scalar> boft_case(Index count, Index nb, Index b) {
  using Op = ButterflyOrthogonal<Scalar>;
  const Tensor<Scalar> boft_R = random_tensor<Scalar>({count, nb, b, b}, 831);
  using Block = SkewBlock<Exact<Scalar>>;
  DenseChain chain;  // R's factors in order; A is the transpose
  for (Index i = 0; i < count; ++i) {
    DenseFactor factor(nb * b, nb * b);
    for (Index k = 0; k < nb; ++k) {
      Block d(b, b);
      for (Index row = 0; row < b; ++row)
        for (Index col = 0; col < b; ++col)
          d(row, col) = exact(boft_R[((i * nb + k) * b + row) * b + col]);
      const Block r = cayley<Exact<Scalar>>((d - d.adjoint()) / Exact<Scalar>(2), Cayley::exact);
      const Index distance = Index{1} << i, run = k / distance, t = k % distance;
      const auto place = [&](Index entry) {
        if (count == 1) return k * b + entry;
        const Index half = entry / (b / 2), j = entry % (b / 2);
        return (run * 2 * distance + half * distance + t) * (b / 2) + j;
      };
      for (Index row = 0; row < b; ++row)
        for (Index col = 0; col < b; ++col) factor.set(place(row), place(col), Scalar(r(row, col)));
    }
    chain.push_back(factor);
  }
  auto c = make_case<Op, Scalar>(shape_name(count, nb, b), Op(boft_R), transposed(chain),
                                 {{"boft_R", boft_R}});
  c.parameter_count = boft_R.size();
  c.linear_in_parameters = false;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> boft_cases() {
  return {boft_case<Scalar>(1, 3, 5), boft_case<Scalar>(2, 6, 4), boft_case<Scalar>(3, 4, 6),
          boft_case<Scalar>(4, 8, 2), boft_case<Scalar>(3, 20, 8)};
}

}  // namespace strum::test
