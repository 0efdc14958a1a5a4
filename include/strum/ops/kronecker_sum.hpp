// KroneckerSum: matrices on the axes of a tensor, added: a discrete Laplacian, for one.
#pragma once

#include <numeric>
#include <string_view>
#include <vector>

#include "strum/ops/tied_op.hpp"

namespace strum::inline STRUM_ABI {

/// A_1 ⊕ A_2 ⊕ ... ⊕ A_k = Σ_i I ⊗ A_i ⊗ I, A_i square of size n_i at place i; for two of them
/// A ⊗ I + I ⊗ C. With x and y as row-major tensors,
///
///     y[β_1, ..., β_k] = Σ_i Σ_γ A_i[β_i, γ] · x[β_1, ..., γ, ..., β_k]   (γ at place i).
///
/// Parameters: `factor0 (n_1, n_1)` = A_1, `factor1` = A_2, ...; Σ n_i² of them, and no more are
/// held. n_1···n_k·Σ n_i multiply-adds per sample.
template <class ScalarType>
class KroneckerSum
    : public detail::TiedOp<KroneckerSum<ScalarType>, ScalarType, detail::TiedSum<ScalarType>> {
  using Base = detail::TiedOp<KroneckerSum, ScalarType, detail::TiedSum<ScalarType>>;

 public:
  using Scalar = ScalarType;

  KroneckerSum() = default;

  /// From A_1, ..., A_k. Throws ShapeError if there is none, one is not a square matrix or has no
  /// entries, or a product of their sizes leaves the index type.
  explicit KroneckerSum(const std::vector<Tensor<Scalar>>& factors)
      : Base(steps(factors), factors, places(factors.size())) {}

  [[nodiscard]] static constexpr std::string_view name() { return "KroneckerSum"; }

 private:
  friend Base;
  static constexpr std::string_view kPrefix = "factor";

  static detail::TiedSum<Scalar> steps(const std::vector<Tensor<Scalar>>& factors) {
    if (factors.empty()) detail::fail<ShapeError>("KroneckerSum: no factors");
    Index d = 1;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      detail::check_axis_matrix(factors[i], name(), kPrefix, i);
      const Shape& shape = factors[i].shape();
      if (shape[0] != shape[1])
        detail::fail<ShapeError>("KroneckerSum: ", kPrefix, i, " has shape ", shape,
                                 ", needs to be square");
      d = detail::checked_product(d, shape[0], name());
    }
    detail::TiedSum<Scalar> sum;
    Index a = 1;
    for (const auto& factor : factors) {
      d /= factor.shape()[0];
      sum.append({a, d, factor});
      a *= factor.shape()[0];
    }
    return sum;
  }

  static std::vector<Index> places(std::size_t count) {
    std::vector<Index> places(count);
    std::iota(places.begin(), places.end(), Index{0});
    return places;
  }
};

}  // namespace strum::inline STRUM_ABI
