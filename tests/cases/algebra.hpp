// Expressions of operators: their chains are made of the operands' and of factors that copy x,
// place a vector among zeros or add.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cases/low_rank.hpp"
#include "cases/monarch.hpp"
#include "strum/algebra/algebra.hpp"
#include "strum/algebra/simplify.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// An operand and what it must be.
template <class Scalar>
struct Part {
  AnyLinearOp<Scalar> op;
  DenseChain chain;

  [[nodiscard]] Index rows() const { return chain.back().rows(); }
  [[nodiscard]] Index cols() const { return chain.front().cols(); }
  [[nodiscard]] Index weights() const {
    Index count = 0;
    for (const DenseFactor& factor : chain) count += factor.entries();
    return count;
  }
};

template <class Scalar>
Part<Scalar> dense_part(Index m, Index n, std::uint32_t seed) {
  const Tensor<Scalar> w = random_tensor<Scalar>({m, n}, seed);
  return {Dense<Scalar>(MatrixView<const Scalar>(w.data(), m, n, n, 1)), {matrix_factor(w)}};
}

template <class Scalar>
Part<Scalar> low_rank_part(Index m, Index r, Index n, std::uint32_t seed) {
  const Tensor<Scalar> v = random_tensor<Scalar>({r, n}, seed);
  const Tensor<Scalar> u = random_tensor<Scalar>({m, r}, seed + 1);
  return {LowRank<Scalar>(MatrixView<const Scalar>(u.data(), m, r, r, 1),
                          MatrixView<const Scalar>(v.data(), r, n, n, 1)),
          {matrix_factor(v), matrix_factor(u)}};
}

template <class Scalar>
Part<Scalar> monarch_part(const MonarchShape& s, std::uint32_t seed) {
  const Tensor<Scalar> w1 = random_tensor<Scalar>({s.k, s.q, s.p}, seed);
  const Tensor<Scalar> w2 = random_tensor<Scalar>({s.l, s.s, s.r}, seed + 1);
  return {Monarch<Scalar>(s, w1, w2), monarch_chain(s, w1, w2)};
}

/// An m x n factor with `value` at (row + i, col + i), i = 0, 1, ..., count − 1.
inline DenseFactor diagonal_factor(Index m, Index n, Index row, Index col, Index count,
                                   double value = 1) {
  DenseFactor factor(m, n);
  for (Index i = 0; i < count; ++i) factor(row + i, col + i) = value;
  return factor;
}

inline DenseFactor identity_factor(Index n) { return diagonal_factor(n, n, 0, 0, n); }

/// [I I ...] of n columns each.
inline DenseFactor adding_factor(Index n, Index count) {
  DenseFactor factor(n, n * count);
  for (Index i = 0; i < n * count; ++i) factor(i % n, i) = 1;
  return factor;
}

inline DenseFactor direct_sum_of(const DenseFactor& a, const DenseFactor& b) {
  DenseFactor sum(a.rows() + b.rows(), a.cols() + b.cols());
  sum.place(0, 0, a);
  sum.place(a.rows(), a.cols(), b);
  return sum;
}

/// The chains side by side; the shorter one ends in identities.
inline DenseChain direct_sum_of(DenseChain a, DenseChain b) {
  while (a.size() < b.size()) a.push_back(identity_factor(a.back().rows()));
  while (b.size() < a.size()) b.push_back(identity_factor(b.back().rows()));
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = direct_sum_of(a[i], b[i]);
  return a;
}

template <class Scalar>
DenseChain direct_sum_of(const std::vector<Part<Scalar>>& parts) {
  DenseChain chain = parts.front().chain;
  for (std::size_t i = 1; i < parts.size(); ++i) chain = direct_sum_of(chain, parts[i].chain);
  return chain;
}

/// `before` and `after` around a chain.
inline DenseChain between(const std::vector<DenseFactor>& before, DenseChain chain,
                          const std::vector<DenseFactor>& after) {
  chain.insert(chain.begin(), before.begin(), before.end());
  chain.insert(chain.end(), after.begin(), after.end());
  return chain;
}

template <class Op, class Scalar = typename Op::Scalar>
OperatorCase<Scalar> expression_case(std::string name, const Op& op, DenseChain chain,
                                     const std::vector<Part<Scalar>>& parts) {
  Index weights = 0;
  for (const Part<Scalar>& part : parts) weights += part.weights();
  auto c = make_case<Op, Scalar>(std::move(name), op, std::move(chain), {});
  c.parameter_count = weights;
  c.flops = kMultiplyAddFlops<Scalar> * weights;
  return c;
}

template <class Scalar>
using List = std::vector<AnyLinearOp<Scalar>>;

template <class Scalar>
List<Scalar> operators(const std::vector<Part<Scalar>>& parts) {
  List<Scalar> list;
  for (const Part<Scalar>& part : parts) list.push_back(part.op);
  return list;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> scaled_cases() {
  const auto scaled = [](const Part<Scalar>& part, double factor) {
    return expression_case(
        shape_name(part.rows(), part.cols()),
        Scalar(static_cast<Real<Scalar>>(factor)) * AnyLinearOp<Scalar>(part.op),
        between({}, part.chain,
                {diagonal_factor(part.rows(), part.rows(), 0, 0, part.rows(), factor)}),
        std::vector{part});
  };
  return {scaled(monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 1), -0.75),
          scaled(dense_part<Scalar>(3, 5, 2), 1.5)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> sum_cases() {
  const auto chain_of_sum = [](const std::vector<Part<Scalar>>& parts) {
    const auto count = static_cast<Index>(parts.size());
    return between({adding_factor(parts[0].cols(), count).transposed()}, direct_sum_of(parts),
                   {adding_factor(parts[0].rows(), count)});
  };
  const auto binary = [&](const Part<Scalar>& a, const Part<Scalar>& b) {
    return expression_case(shape_name(a.rows(), a.cols()),
                           AnyLinearOp<Scalar>(a.op) + AnyLinearOp<Scalar>(b.op),
                           chain_of_sum({a, b}), std::vector{a, b});
  };
  const std::vector<Part<Scalar>> three = {dense_part<Scalar>(11, 6, 11),
                                           low_rank_part<Scalar>(11, 2, 6, 12),
                                           dense_part<Scalar>(11, 6, 14)};
  return {binary(dense_part<Scalar>(1, 1, 15), dense_part<Scalar>(1, 1, 16)),
          binary(monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 17),
                 low_rank_part<Scalar>(19, 3, 17, 19)),
          binary(monarch_part<Scalar>(MonarchShape::square(169), 21),
                 low_rank_part<Scalar>(169, 1, 169, 23)),
          expression_case("three", sum(operators(three)), chain_of_sum(three), three)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> product_cases() {
  const auto chain_of_product = [](const std::vector<Part<Scalar>>& parts) {
    DenseChain chain;
    for (const Part<Scalar>& part : parts)
      chain.insert(chain.begin(), part.chain.begin(), part.chain.end());
    return chain;
  };
  const auto binary = [&](const Part<Scalar>& a, const Part<Scalar>& b) {
    return expression_case(shape_name(a.rows(), a.cols(), b.cols()),
                           AnyLinearOp<Scalar>(a.op) * AnyLinearOp<Scalar>(b.op),
                           chain_of_product({a, b}), std::vector{a, b});
  };
  const std::vector<Part<Scalar>> four = {
      dense_part<Scalar>(5, 9, 31), dense_part<Scalar>(9, 3, 32),
      low_rank_part<Scalar>(3, 2, 12, 33), dense_part<Scalar>(12, 7, 35)};
  return {
      binary(dense_part<Scalar>(6, 5, 36), dense_part<Scalar>(5, 8, 37)),
      binary(low_rank_part<Scalar>(23, 3, 19, 38),
             monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 40)),
      binary(monarch_part<Scalar>(MonarchShape::square(144), 42), dense_part<Scalar>(144, 3, 44)),
      expression_case("four", product(operators(four)), chain_of_product(four), four)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> concat_cases() {
  const std::vector<Part<Scalar>> wide = {dense_part<Scalar>(7, 4, 51),
                                          low_rank_part<Scalar>(7, 2, 9, 52),
                                          dense_part<Scalar>(7, 1, 54)};
  const std::vector<Part<Scalar>> tall = {monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 55),
                                          dense_part<Scalar>(6, 17, 57)};
  const DenseFactor add = adding_factor(7, 3), fan_out = adding_factor(17, 2).transposed();
  const AnyLinearOp<Scalar> a = wide[0].op, b = wide[1].op, c = tall[0].op, d = tall[1].op;
  return {expression_case(
              "wide", hcat(AnyLinearOp<Scalar>(a), AnyLinearOp<Scalar>(b)),
              between({}, direct_sum_of(wide[0].chain, wide[1].chain), {adding_factor(7, 2)}),
              std::vector{wide[0], wide[1]}),
          expression_case("wide_list", hcat(operators(wide)),
                          between({}, direct_sum_of(wide), {add}), wide),
          expression_case("tall", vcat(AnyLinearOp<Scalar>(c), AnyLinearOp<Scalar>(d)),
                          between({fan_out}, direct_sum_of(tall), {}), tall),
          expression_case("tall_list", vcat(operators(tall)),
                          between({fan_out}, direct_sum_of(tall), {}), tall)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> direct_sum_cases() {
  const std::vector<Part<Scalar>> parts = {dense_part<Scalar>(3, 4, 61),
                                           monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 62),
                                           low_rank_part<Scalar>(5, 1, 2, 64)};
  return {expression_case(
              "two", direct_sum(AnyLinearOp<Scalar>(parts[0].op), AnyLinearOp<Scalar>(parts[1].op)),
              direct_sum_of(parts[0].chain, parts[1].chain), std::vector{parts[0], parts[1]}),
          expression_case("three", direct_sum(operators(parts)), direct_sum_of(parts), parts)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> submatrix_cases() {
  const auto part_of = [](const Part<Scalar>& part, Index i, Index j, Index m, Index n) {
    return expression_case(shape_name(part.rows(), part.cols(), i, j, m, n),
                           submatrix(AnyLinearOp<Scalar>(part.op), i, j, m, n),
                           between({diagonal_factor(part.cols(), n, j, 0, n)}, part.chain,
                                   {diagonal_factor(m, part.rows(), 0, i, m)}),
                           std::vector{part});
  };
  const auto monarch = monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 71);
  return {part_of(monarch, 0, 0, 19, 17), part_of(monarch, 3, 0, 12, 17),
          part_of(monarch, 0, 2, 19, 15), part_of(monarch, 5, 1, 1, 9),
          part_of(monarch_part<Scalar>(MonarchShape::square(144), 73), 16, 7, 128, 100)};
}

/// An expression of expressions, with operands of known types: (2·A + U·V)·[B C].
template <class Scalar>
std::vector<OperatorCase<Scalar>> expression_cases() {
  const auto a = monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 81);
  const auto u = dense_part<Scalar>(19, 2, 83), v = dense_part<Scalar>(2, 17, 84);
  const auto b = dense_part<Scalar>(17, 6, 85), c = dense_part<Scalar>(17, 5, 86);
  const auto left =
      between({adding_factor(17, 2).transposed()},
              direct_sum_of(between({}, a.chain, {diagonal_factor(19, 19, 0, 0, 19, 2)}),
                            {v.chain[0], u.chain[0]}),
              {adding_factor(19, 2)});
  const auto right = between({}, direct_sum_of(b.chain, c.chain), {adding_factor(17, 2)});
  const auto dense = [](const Part<Scalar>& part) {
    return *part.op.template target<Dense<Scalar>>();
  };
  return {expression_case(
      "nested",
      low_rank_update(2 * *a.op.template target<Monarch<Scalar>>(), dense(u), dense(v)).owned() *
          hcat(dense(b), dense(c)),
      between(right, left, {}), std::vector{a, u, v, b, c})};
}

template <class Scalar>
Part<Scalar> kronecker_part(Index a, Index b, Index c, Index d, std::uint32_t seed) {
  const Tensor<Scalar> w = random_tensor<Scalar>({a, b, c, d}, seed);
  DenseFactor factor(a * b * d, a * c * d);
  for (Index k = 0; k < w.size(); ++k) {
    const Index alpha = k / (b * c * d), beta = k / (c * d) % b, gamma = k / d % c, delta = k % d;
    factor.set((alpha * b + beta) * d + delta, (alpha * c + gamma) * d + delta, w[k]);
  }
  return {KroneckerSparse<Scalar>(w), {factor}};
}

/// Blocks of d entries move like those of a row-major a x b matrix that is transposed.
template <class Scalar>
Part<Scalar> stride_part(Index a, Index b, Index d) {
  std::vector<Index> p;
  DenseFactor factor(a * b * d, a * b * d);
  for (Index j = 0; j < b; ++j)
    for (Index i = 0; i < a; ++i)
      for (Index delta = 0; delta < d; ++delta) {
        p.push_back((i * b + j) * d + delta);
        factor(static_cast<Index>(p.size()) - 1, p.back()) = 1;
      }
  return {Permutation<Scalar>(p), {factor}};
}

/// Products whose operands, the first applied first, become one chain of so many weights.
template <class Scalar>
std::vector<OperatorCase<Scalar>> merged_cases() {
  const auto merged = [](std::string name, const std::vector<Part<Scalar>>& parts, Index weights) {
    List<Scalar> ops;
    DenseChain chain;
    for (const Part<Scalar>& part : parts) {
      ops.insert(ops.begin(), part.op);
      chain.insert(chain.end(), part.chain.begin(), part.chain.end());
    }
    const AnyLinearOp<Scalar> simple = simplify(product(ops));
    const auto* const op = simple.template target<MergedChain<Scalar>>();
    if (op == nullptr) throw std::runtime_error(name + " did not become one chain");
    auto c = make_case<MergedChain<Scalar>, Scalar>(std::move(name), *op, std::move(chain), {});
    c.parameter_count = weights;
    c.flops = kMultiplyAddFlops<Scalar> * weights;
    return c;
  };
  const auto diagonal = [](Index n, std::uint32_t seed) {
    return kronecker_part<Scalar>(1, 1, 1, n, seed);
  };
  const auto monarch = monarch_part<Scalar>({4, 6, 5, 3, 7, 8, 19, 17}, 91);
  return {merged("diagonals", {diagonal(17, 93), monarch, diagonal(19, 94)}, monarch.weights()),
          merged("diagonal_between",
                 {low_rank_part<Scalar>(17, 2, 5, 95), diagonal(17, 97), monarch, diagonal(19, 98)},
                 44 + monarch.weights()),
          merged("permuted_blocks",
                 {stride_part<Scalar>(5, 3, 1), kronecker_part<Scalar>(3, 4, 5, 1, 99),
                  stride_part<Scalar>(3, 4, 1)},
                 60),
          merged("permuted_runs",
                 {stride_part<Scalar>(5, 3, 4), kronecker_part<Scalar>(3, 4, 5, 4, 100),
                  stride_part<Scalar>(3, 4, 4)},
                 240),
          merged("permuted_lanes",
                 {stride_part<Scalar>(2, 3, 17), kronecker_part<Scalar>(3, 4, 2, 17, 101),
                  stride_part<Scalar>(3, 4, 17), diagonal(204, 102)},
                 408),
          merged("permuted_small_blocks",
                 {stride_part<Scalar>(2, 19, 1), kronecker_part<Scalar>(19, 3, 2, 1, 103),
                  stride_part<Scalar>(19, 3, 1)},
                 114)};
}

}  // namespace strum::test
