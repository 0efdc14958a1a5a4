// Kronecker: a Kronecker product of small matrices, applied without writing it out.
#pragma once

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

#include "strum/ops/tied_op.hpp"

namespace strum::inline STRUM_ABI {

/// A_1 ⊗ A_2 ⊗ ... ⊗ A_k, A_i of m_i x n_i. With x and y as row-major tensors,
///
///     y[β_1, ..., β_k] = Σ_γ A_1[β_1, γ_1] ··· A_k[β_k, γ_k] · x[γ_1, ..., γ_k].
///
/// Parameters: `factor0 (m_1, n_1)` = A_1, `factor1` = A_2, ...; Σ m_i·n_i of them, and no more are
/// held. One axis is multiplied after another. The least work is to take those that shrink most
/// first, by 1/n_i − 1/m_i, and of equals the last; k = 2, square: n_1·n_2·(n_1 + n_2)
/// multiply-adds per sample. Scratch: two intermediates (one for k = 2) of up to 64 samples, fewer
/// where they are large.
template <class ScalarType>
class Kronecker
    : public detail::TiedOp<Kronecker<ScalarType>, ScalarType, detail::TiedChain<ScalarType>> {
  using Base = detail::TiedOp<Kronecker, ScalarType, detail::TiedChain<ScalarType>>;

 public:
  using Scalar = ScalarType;

  Kronecker() = default;

  /// From A_1, ..., A_k. Throws ShapeError if there is none, one is not a matrix or has no entries,
  /// or a product of their sizes leaves the index type.
  explicit Kronecker(const std::vector<Tensor<Scalar>>& factors)
      : Kronecker(factors, order(factors)) {}

  [[nodiscard]] static constexpr std::string_view name() { return "Kronecker"; }

 private:
  friend Base;
  static constexpr std::string_view kPrefix = "factor";

  Kronecker(const std::vector<Tensor<Scalar>>& factors, const std::vector<std::size_t>& order)
      : Base(steps(factors, order), factors, places(order)) {}

  /// Axes in order of application. A before B costs R·m_A·n_B·(n_A + m_B), B before A
  /// R·m_B·n_A·(n_B + m_A), whatever the other axes do: A comes first if 1/n_A − 1/m_A is smaller.
  static std::vector<std::size_t> order(const std::vector<Tensor<Scalar>>& factors) {
    if (factors.empty()) detail::fail<ShapeError>("Kronecker: no factors");
    std::vector<double> growth;
    for (const auto& factor : factors) {
      detail::check_axis_matrix(factor, name(), kPrefix, growth.size());
      growth.push_back(1 / static_cast<double>(factor.shape()[1]) -
                       1 / static_cast<double>(factor.shape()[0]));
    }
    std::vector<std::size_t> order(factors.size());
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t i, std::size_t j) { return growth[i] < growth[j]; });
    return order;
  }

  static detail::TiedChain<Scalar> steps(const std::vector<Tensor<Scalar>>& factors,
                                         const std::vector<std::size_t>& order) {
    detail::TiedChain<Scalar> chain;
    std::vector<Index> sizes;  // of the axes, before the next step
    for (const auto& factor : factors) sizes.push_back(factor.shape()[1]);
    for (const std::size_t axis : order) {
      Index a = 1, d = 1;
      for (std::size_t i = 0; i < sizes.size(); ++i)
        if (i != axis)
          (i < axis ? a : d) = detail::checked_product(i < axis ? a : d, sizes[i], name());
      chain.append({a, d, factors[axis]});
      sizes[axis] = factors[axis].shape()[0];
    }
    return chain;
  }

  /// The step of each axis.
  static std::vector<Index> places(const std::vector<std::size_t>& order) {
    std::vector<Index> places(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) places[order[i]] = static_cast<Index>(i);
    return places;
  }
};

}  // namespace strum::inline STRUM_ABI
