// TwoCoreBlockTensorTrain: the BTT layer of two cores as published. Its stride permutation is
// folded into the strides of the second factor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// Sizes of a block tensor train of two cores: inputs m1·m0, outputs n0·n1, rank ρ.
struct TwoCoreShape {
  Index m1, m0, n0, n1, rank;

  /// z[(i1·ρ + a)·n0 + o0] = Σ_{i0} W1[i1, i0, o0·ρ + a] · x[i1·m0 + i0].
  [[nodiscard]] kernels::FactorShape first() const {
    return detail::factor_shape(m1, detail::checked_product(rank, n0, "TwoCoreShape"), m0, 1);
  }

  /// y[o0·n1 + o1] = Σ_{i1, a} W2[o0, i1·ρ + a, o1] · z[(i1·ρ + a)·n0 + o0]: block o0 reads every
  /// n0-th element of z and writes n1 neighbours.
  [[nodiscard]] kernels::FactorShape second() const {
    kernels::FactorShape shape =
        detail::factor_shape(n0, n1, detail::checked_product(m1, rank, "TwoCoreShape"), 1);
    shape.x_alpha = 1;
    shape.x_gamma = n0;
    return shape;
  }

  friend bool operator==(const TwoCoreShape&, const TwoCoreShape&) = default;
};

namespace detail {

/// w[i1][a·n0 + o0][i0] = W1[i1, i0, o0·ρ + a] and w[o0][o1][i1·ρ + a] = W2[o0, i1·ρ + a, o1]. Of
/// tensors (m1, m0, n0·ρ) and (n0, m1·ρ, n1).
[[nodiscard]] inline std::vector<FactorTensor> two_core_tensors(const TwoCoreShape& s,
                                                                const std::string& w1,
                                                                const std::string& w2) {
  const FactorShape first = s.first(), second = s.second();
  return {reordered_tensor(w1, {s.m1, s.m0, first.b}, first,
                           axes_of({s.m1, s.m0, s.n0, s.rank}, {0, 3, 2, 1})),
          {w2, {s.n0, second.c, s.n1}, second, second.c * s.n1, 1, s.n1, 0}};
}

}  // namespace detail

/// y[o0·n1 + o1] = Σ_{i1, a} W2[o0, i1·ρ + a, o1] · Σ_{i0} W1[i1, i0, o0·ρ + a] · x[i1·m0 + i0]
/// (Qiu et al. 2024). Parameters: `W1 (m1, m0, n0·ρ)`, `W2 (n0, m1·ρ, n1)`. ρ·(n0·n + m1·m)
/// multiply-adds per sample for an m x n matrix. Like a Monarch with the outputs in another order:
/// every n1 x m0 sub-matrix at rows o0·n1 and columns i1·m0 has rank ρ.
template <class ScalarType, class WeightType = ScalarType>
class TwoCoreBlockTensorTrain
    : public detail::ChainOp<TwoCoreBlockTensorTrain<ScalarType, WeightType>, ScalarType,
                             WeightType> {
  using Base = detail::ChainOp<TwoCoreBlockTensorTrain, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = TwoCoreBlockTensorTrain<Scalar, Other>;

  TwoCoreBlockTensorTrain() = default;

  /// From W1 (m1, m0, n0·ρ) and W2 (n0, m1·ρ, n1), both of Weight or of Scalar. Throws ShapeError.
  template <WeightOf<ScalarType> Source = Weight>
  TwoCoreBlockTensorTrain(const Tensor<Source>& w1, const Tensor<Source>& w2)
      : Base(detail::two_core_tensors(shape_of(w1.shape(), w2.shape()), "W1", "W2"),
             std::vector{w1.data(), w2.data()}),
        shape_(shape_of(w1.shape(), w2.shape())) {}

  [[nodiscard]] const TwoCoreShape& shape() const { return shape_; }

  [[nodiscard]] static constexpr std::string_view name() { return "TwoCoreBlockTensorTrain"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"inputs", {shape_.m1, shape_.m0}},
                              {"outputs", {shape_.n0, shape_.n1}},
                              {"rank", {shape_.rank}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static TwoCoreBlockTensorTrain restore(const Description&,
                                                       const Parameters<Source>& parameters) {
    return TwoCoreBlockTensorTrain(detail::find_parameter(parameters, "W1", name()),
                                   detail::find_parameter(parameters, "W2", name()));
  }

 private:
  static TwoCoreShape shape_of(const Shape& w1, const Shape& w2) {
    if (w1.size() == 3 && w2.size() == 3 && w1[0] > 0 && w2[0] > 0) {
      const TwoCoreShape s = {w1[0], w1[1], w2[0], w2[2], w1[2] / w2[0]};
      if (w1[2] == s.rank * s.n0 && w2[1] == s.rank * s.m1) return s;
    }
    detail::fail<ShapeError>("TwoCoreBlockTensorTrain: W1 has shape ", w1, ", W2 ", w2,
                             "; they need (m1, m0, n0·rank) and (n0, m1·rank, n1)");
  }

  TwoCoreShape shape_{};
};

}  // namespace strum::inline STRUM_ABI
