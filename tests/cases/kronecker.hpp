// Matrices on the axes of a tensor in row-major order: Kronecker products and sums, tensor trains.
#pragma once

#include <vector>

#include "strum/ops/kronecker.hpp"
#include "strum/ops/kronecker_sum.hpp"
#include "strum/ops/tensor_train.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// I_a ⊗ W ⊗ I_d, W(i, j) of m x n.
template <class W>
DenseFactor on_axis(Index a, Index m, Index n, Index d, const W& w) {
  DenseFactor factor(a * m * d, a * n * d);
  for (Index alpha = 0; alpha < a; ++alpha)
    for (Index i = 0; i < m; ++i)
      for (Index j = 0; j < n; ++j)
        for (Index delta = 0; delta < d; ++delta)
          factor.set((alpha * m + i) * d + delta, (alpha * n + j) * d + delta, w(i, j));
  return factor;
}

template <class Scalar>
std::vector<std::pair<std::string, Tensor<Scalar>>> numbered(
    const std::string& prefix, const std::vector<Tensor<Scalar>>& tensors) {
  std::vector<std::pair<std::string, Tensor<Scalar>>> list;
  for (const auto& tensor : tensors)
    list.emplace_back(prefix + std::to_string(list.size()), tensor);
  return list;
}

template <class Scalar>
std::vector<Tensor<Scalar>> random_tensors(const std::vector<Shape>& shapes, std::uint32_t seed) {
  std::vector<Tensor<Scalar>> tensors;
  for (const Shape& shape : shapes) tensors.push_back(random_tensor<Scalar>(shape, seed++));
  return tensors;
}

inline Index product_of(const std::vector<Shape>& shapes, std::size_t first, std::size_t last,
                        std::size_t extent) {
  Index product = 1;
  for (std::size_t i = first; i < last; ++i) product *= shapes[i][extent];
  return product;
}

inline Index entries_of(const std::vector<Shape>& shapes) {
  Index sum = 0;
  for (const Shape& shape : shapes) sum += detail::element_count(shape, "");
  return sum;
}

/// The last axis first, whatever the operator does; `multiply_adds` are those of the best order.
template <class Scalar>
OperatorCase<Scalar> kronecker_case(const std::string& name, const std::vector<Shape>& shapes,
                                    Index multiply_adds) {
  const auto tensors = random_tensors<Scalar>(shapes, 811);
  DenseChain chain;
  for (std::size_t k = shapes.size(); k-- > 0;)
    chain.push_back(on_axis(product_of(shapes, 0, k, 1), shapes[k][0], shapes[k][1],
                            product_of(shapes, k + 1, shapes.size(), 0),
                            [&](Index i, Index j) { return tensors[k](i, j); }));
  auto c = make_case<Kronecker<Scalar>, Scalar>(name, Kronecker<Scalar>(tensors), chain,
                                                numbered("factor", tensors));
  c.parameter_count = entries_of(shapes);
  c.flops = kMultiplyAddFlops<Scalar> * multiply_adds;
  return c;
}

/// A_1 ⊗ I ⊗ ..., I ⊗ A_2 ⊗ ..., ... above each other, and a sum.
template <class Scalar>
OperatorCase<Scalar> kronecker_sum_case(const std::string& name, const std::vector<Index>& sizes) {
  std::vector<Shape> shapes;
  for (const Index n : sizes) shapes.push_back({n, n});
  const auto tensors = random_tensors<Scalar>(shapes, 821);
  const Index n = product_of(shapes, 0, shapes.size(), 0);
  const auto terms = static_cast<Index>(sizes.size());
  DenseFactor all(terms * n, n), sum(n, terms * n);
  Index sizes_together = 0;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    const DenseFactor term = on_axis(product_of(shapes, 0, k, 0), sizes[k], sizes[k],
                                     product_of(shapes, k + 1, shapes.size(), 0),
                                     [&](Index i, Index j) { return tensors[k](i, j); });
    const Index first = static_cast<Index>(k) * n;
    all.place(first, 0, term);
    for (Index i = 0; i < n; ++i) sum(i, first + i) = 1;
    sizes_together += sizes[k];
  }
  auto c = make_case<KroneckerSum<Scalar>, Scalar>(name, KroneckerSum<Scalar>(tensors), {all, sum},
                                                   numbered("factor", tensors));
  c.parameter_count = entries_of(shapes);
  c.flops = kMultiplyAddFlops<Scalar> * n * sizes_together;
  c.linear_in_parameters = sizes.size() == 1;
  return c;
}

/// Step t: W[(o, r'), (r, i)] = G_t[r, i, o, r'], on axis t of (o_1, ..., o_{t−1}, ·, i_{t+1},
/// ...).
template <class Scalar>
OperatorCase<Scalar> tensor_train_case(const std::string& name, const std::vector<Shape>& shapes) {
  const auto tensors = random_tensors<Scalar>(shapes, 831);
  DenseChain chain;
  Index entries = 0;
  for (std::size_t t = 0; t < shapes.size(); ++t) {
    const Shape& s = shapes[t];
    chain.push_back(on_axis(product_of(shapes, 0, t, 2), s[2] * s[3], s[0] * s[1],
                            product_of(shapes, t + 1, shapes.size(), 1), [&](Index row, Index col) {
                              const Index o = row / s[3], to = row % s[3];
                              const Index from = col / s[1], i = col % s[1];
                              return tensors[t][((from * s[1] + i) * s[2] + o) * s[3] + to];
                            }));
    entries += chain.back().entries();
  }
  auto c = make_case<TensorTrain<Scalar>, Scalar>(name, TensorTrain<Scalar>(tensors), chain,
                                                  numbered("core", tensors));
  c.parameter_count = entries_of(shapes);
  c.flops = kMultiplyAddFlops<Scalar> * entries;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> kronecker_cases() {
  return {
      kronecker_case<Scalar>("one_5_3", {{5, 3}}, 15),
      kronecker_case<Scalar>("collides_16_8", {{16, 16}, {8, 8}}, 128 * 24),
      // 3 x 11 first: 3·11·2 + 7·2·3; the other way round it were 7·2·11 + 3·11·7
      kronecker_case<Scalar>("shrinks_last", {{7, 2}, {3, 11}}, 66 + 42),
      // 2 x 10 first, then 5 x 5, then 9 x 3
      kronecker_case<Scalar>("three", {{9, 3}, {2, 10}, {5, 5}}, 2 * 10 * 15 + 25 * 6 + 27 * 10),
      kronecker_case<Scalar>("lanes_17_13", {{17, 17}, {13, 13}}, 17 * 13 * 30)};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> kronecker_sum_cases() {
  return {kronecker_sum_case<Scalar>("one", {6}), kronecker_sum_case<Scalar>("two", {5, 18}),
          kronecker_sum_case<Scalar>("collides", {16, 4}),
          kronecker_sum_case<Scalar>("three", {3, 4, 5})};
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> tensor_train_cases() {
  return {tensor_train_case<Scalar>("one", {{1, 4, 3, 1}}),
          tensor_train_case<Scalar>("two", {{1, 5, 7, 3}, {3, 6, 4, 1}}),
          tensor_train_case<Scalar>("three", {{1, 4, 3, 2}, {2, 5, 2, 3}, {3, 3, 8, 1}})};
}

}  // namespace strum::test
