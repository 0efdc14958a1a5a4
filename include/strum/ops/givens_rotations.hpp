// GivensRotations (RoAD, Liao and Monz 2024): pairs of entries turned and scaled, KS(n/g, 2, 2,
// g/2).
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/derived_chain.hpp"

namespace strum::inline STRUM_ABI {

/// How many angles and scales the rotations have, named as PEFT names the variants of RoAD.
enum class RoadVariant {
  /// One of each per pair of entries: (n/2). Without scales, rotations.
  road_1 = 1,
  /// One of each per output: (n).
  road_2 = 2,
  /// Those of f and those of s apart: (2·n), in each group first the g of f, then the g of s.
  road_4 = 4,
};

/// In groups of g entries, t and t' = t + g/2 become
///
///     y_t  = f_t·x_t − s_t·x_t'         f = α·cos θ,  s = α·sin θ
///     y_t' = s_t'·x_t + f_t'·x_t'
///
/// where both outputs of a pair have the same θ and α in variant road_1, each its own in road_2,
/// and f and s their own in road_4. An adapter's layer is A·(W·x + b), A this operator. f and s are
/// computed in a wider type and rounded once.
///
/// Parameters: `road_theta`, `road_alpha` (n/2, n or 2·n). 2·n multiply-adds per sample.
template <class ScalarType>
class GivensRotations : public detail::DerivedChainOp<GivensRotations<ScalarType>, ScalarType> {
  using Base = detail::DerivedFactors<GivensRotations, ScalarType>;

 public:
  using Scalar = ScalarType;

  GivensRotations() = default;

  /// `group` is g, the published default 64. Throws ShapeError unless it is even, theta and alpha
  /// are vectors of one length, and groups of g fill what that makes of n.
  GivensRotations(const Tensor<Scalar>& theta, const Tensor<Scalar>& alpha, Index group,
                  RoadVariant variant = RoadVariant::road_1)
      : group_(group), variant_(variant) {
    this->assign({{"road_theta", theta}, {"road_alpha", alpha}});
  }

  /// g.
  [[nodiscard]] Index group() const { return group_; }
  [[nodiscard]] RoadVariant variant() const { return variant_; }

  [[nodiscard]] static constexpr std::string_view name() { return "GivensRotations"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"shape", {this->rows(), this->cols()}},
             {"group", {group_}},
             {"variant", {static_cast<Index>(variant_)}}}};
  }
  [[nodiscard]] static GivensRotations restore(const Description& description,
                                               const Parameters<Scalar>& parameters) {
    const Index variant = description.value("variant");
    if (variant != 1 && variant != 2 && variant != 4)
      detail::fail<ValueError>("GivensRotations: there is no variant ", variant);
    return GivensRotations(detail::find_parameter(parameters, "road_theta", name()),
                           detail::find_parameter(parameters, "road_alpha", name()),
                           description.value("group"), static_cast<RoadVariant>(variant));
  }

 private:
  friend Base;

  /// n.
  [[nodiscard]] Index size(const Tensor<Scalar>& theta, const Tensor<Scalar>& alpha) const {
    if (theta.rank() != 1 || alpha.shape() != theta.shape())
      detail::fail<ShapeError>("GivensRotations: road_theta has shape ", theta.shape(),
                               ", road_alpha ", alpha.shape(), ", need two vectors of one length");
    const auto halves = static_cast<Index>(variant_);  // parameters per pair
    if (group_ < 2 || group_ % 2 != 0 || theta.size() % (group_ / 2 * halves) != 0)
      detail::fail<ShapeError>("GivensRotations: ", theta.size(), " angles, ", halves,
                               " a pair, do not make groups of ", group_);
    return theta.size() / halves * 2;
  }

  [[nodiscard]] detail::FactorChain<Scalar> make_chain(
      const std::vector<detail::StoredParameter<Scalar>>& parameters) const {
    using Wide = detail::Wider<Scalar>;
    const Tensor<Scalar>&theta = parameters[0].values, &alpha = parameters[1].values;
    const Index n = size(theta, alpha), half = group_ / 2;
    // α and θ of output u·half + t of a group, for f (which = 0) and for s (which = 1).
    const auto at = [&](Index g, Index u, Index t, Index which) {
      if (variant_ == RoadVariant::road_1) return g * half + t;
      if (variant_ == RoadVariant::road_2) return (g * 2 + u) * half + t;
      return ((g * 2 + which) * 2 + u) * half + t;
    };
    Tensor<Scalar> w({n / group_, 2, 2, half});
    for (Index g = 0; g < n / group_; ++g)
      for (Index u = 0; u < 2; ++u)
        for (Index t = 0; t < half; ++t) {
          const Index f = at(g, u, t, 0), s = at(g, u, t, 1);
          const Wide cosine = static_cast<Wide>(alpha[f]) * std::cos(static_cast<Wide>(theta[f]));
          const Wide sine = static_cast<Wide>(alpha[s]) * std::sin(static_cast<Wide>(theta[s]));
          Scalar* const row = w.data() + (g * 2 + u) * group_;
          row[u * half + t] = static_cast<Scalar>(cosine);
          row[(1 - u) * half + t] = static_cast<Scalar>(u == 0 ? -sine : sine);
        }
    detail::FactorChain<Scalar> chain;
    chain.append(detail::factor_shape(n / group_, 2, 2, half),
                 kernels::WeightView<Scalar>{w.data(), 2 * group_, group_, half, 1});
    return chain;
  }

  Index group_ = 0;
  RoadVariant variant_ = RoadVariant::road_1;
};

}  // namespace strum::inline STRUM_ABI
