// Butterflies: for stride s and 0 <= i < n/R, T_i couples positions p + v·s, p = R·(i − i mod s) +
// i mod s, v < R; a position holds b consecutive entries.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "strum/ops/block_butterfly.hpp"
#include "strum/ops/butterfly.hpp"
#include "strum/ops/orthogonal_butterfly.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// entry(f, i, u, v, o, o') is T_i[u][v][o][o'] of factor f, counted through stacks, blocks and
/// levels. The stacks' factors stand beside each other, the first above each other.
template <class Entry>
DenseChain butterfly_chain(const ButterflyShape& shape, const Entry& entry) {
  const Index R = shape.radix, b = shape.block;
  Index n = R, levels = 1;
  for (; n * b < shape.cols; n *= R) ++levels;
  const Index stacks = (shape.rows + n * b - 1) / (n * b), factors = shape.blocks * levels;
  DenseChain chain;
  for (Index f = 0; f < factors; ++f) {
    const bool first = f == 0, last = f + 1 == factors;
    DenseFactor dense(last ? shape.rows : stacks * n * b, first ? shape.cols : stacks * n * b);
    const bool growing = shape.increasing_stride == (f / levels % 2 == 0);
    Index s = 1;
    for (Index t = 0; t < (growing ? f % levels : levels - 1 - f % levels); ++t) s *= R;
    for (Index stack = 0; stack < stacks; ++stack)
      for (Index i = 0; i < n / R; ++i)
        for (Index u = 0; u < R; ++u)
          for (Index v = 0; v < R; ++v)
            for (Index o = 0; o < b; ++o)
              for (Index in = 0; in < b; ++in) {
                const Index low = i % s, p = R * (i - low) + low, own = stack * n * b;
                const Index row = own + (p + u * s) * b + o;
                const Index col = (first ? 0 : own) + (p + v * s) * b + in;
                if (row < dense.rows() && col < dense.cols() && !(first && col >= shape.cols))
                  dense.set(row, col, entry(stack * factors + f, i, u, v, o, in));
              }
    chain.push_back(dense);
  }
  return chain;
}

/// Entries of the factors on a way from an input to an output.
inline Index entries_in_use(const DenseChain& chain) {
  std::vector<std::vector<bool>> given = {std::vector<bool>(chain.front().cols(), true)};
  for (const DenseFactor& factor : chain) {
    std::vector<bool> next(factor.rows());
    for (Index i = 0; i < factor.rows(); ++i)
      for (Index j = 0; j < factor.cols(); ++j)
        if (factor(i, j) != 0 && given.back()[j]) next[i] = true;
    given.push_back(next);
  }
  std::vector<bool> wanted(chain.back().rows(), true);
  Index count = 0;
  for (std::size_t f = chain.size(); f > 0; --f) {
    const DenseFactor& factor = chain[f - 1];
    std::vector<bool> before(factor.cols());
    for (Index i = 0; i < factor.rows(); ++i)
      for (Index j = 0; j < factor.cols(); ++j)
        if (factor(i, j) != 0 && wanted[i]) {
          before[j] = true;
          count += given[f - 1][j] ? 1 : 0;
        }
    wanted = before;
  }
  return count;
}

inline std::string butterfly_name(const ButterflyShape& s) {
  return shape_name(s.rows, s.cols, s.blocks, s.radix, s.block) +
         (s.increasing_stride ? "" : "_shrinking");
}

/// What is executed depends on the instruction set, and is only known to be no less than what the
/// result needs.
template <class Op>
OperatorCase<typename Op::Scalar> butterfly_case(
    const ButterflyShape& shape, const Op& op, DenseChain chain, Index parameter_count,
    std::vector<std::pair<std::string, Tensor<typename Op::Scalar>>> parameters) {
  using Scalar = typename Op::Scalar;
  auto c =
      make_case<Op, Scalar>(butterfly_name(shape), op, std::move(chain), std::move(parameters));
  c.parameter_count = parameter_count;
  c.flops = op.flops();
  c.linear_in_parameters = false;
  return c;
}

template <class Op>
OperatorCase<typename Op::Scalar> twiddle_case(const ButterflyShape& shape) {
  using Scalar = typename Op::Scalar;
  const Tensor<Scalar> twiddle = random_tensor<Scalar>(Op::parameter_shape(shape), 801);
  const Index R = shape.radix, b = shape.block, each = R * R * b * b;
  const Index matrices = twiddle.shape()[3];
  const auto entry = [&](Index f, Index i, Index u, Index v, Index o, Index in) {
    return twiddle[(f * matrices + i) * each + ((u * R + v) * b + o) * b + in];
  };
  const DenseChain chain = butterfly_chain(shape, entry);
  return butterfly_case(shape, Op(shape, twiddle), chain, entries_in_use(chain),
                        {{"twiddle", twiddle}});
}

template <class Scalar>
OperatorCase<Scalar> rotation_case(const ButterflyShape& shape) {
  using Op = OrthogonalButterfly<Scalar>;
  const Tensor<Scalar> angle = random_tensor<Scalar>(Op::parameter_shape(shape), 802);
  const auto entry = [&](Index f, Index i, Index u, Index v, Index, Index) {
    const auto theta = exact(angle[f * angle.shape()[3] + i]);
    const auto value = u == v ? std::cos(theta) : u > v ? std::sin(theta) : -std::sin(theta);
    if constexpr (kIsComplex<Scalar>)
      return std::complex<double>(value);
    else
      return static_cast<double>(value);
  };
  const DenseChain chain = butterfly_chain(shape, entry);
  // Without padding one angle has four entries; with it, these are the cases where that holds too.
  return butterfly_case(shape, Op(shape, angle), chain, angle.size(), {{"angle", angle}});
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> butterfly_cases() {
  using Op = Butterfly<Scalar>;
  return {twiddle_case<Op>({.rows = 2, .cols = 1}),
          twiddle_case<Op>({.rows = 64, .cols = 64}),
          twiddle_case<Op>({.rows = 21, .cols = 13, .blocks = 2}),
          twiddle_case<Op>({.rows = 64, .cols = 16, .increasing_stride = false, .radix = 4}),
          twiddle_case<Op>({.rows = 250, .cols = 200, .blocks = 2, .increasing_stride = false}),
          twiddle_case<Op>({.rows = 9, .cols = 8, .blocks = 3, .radix = 3})};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> orthogonal_butterfly_cases() {
  return {rotation_case<Scalar>({.rows = 32, .cols = 32}),
          rotation_case<Scalar>({.rows = 15, .cols = 7, .blocks = 2})};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> block_butterfly_cases() {
  using Op = BlockButterfly<Scalar>;
  return {twiddle_case<Op>({.rows = 12, .cols = 12, .block = 3}),
          twiddle_case<Op>({.rows = 121, .cols = 115, .block = 2}),
          twiddle_case<Op>({.rows = 37, .cols = 29, .blocks = 2, .block = 4}),
          twiddle_case<Op>({.rows = 140, .cols = 101, .increasing_stride = false, .block = 2}),
          twiddle_case<Op>(
              {.rows = 64, .cols = 64, .blocks = 2, .increasing_stride = false, .block = 4})};
}

}  // namespace strum::test
