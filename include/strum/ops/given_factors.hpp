// GivenFactorsOp: what operators have in common that are handed their factors one by one.
#pragma once

#include <span>
#include <vector>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Base of products of factors that are tensors w[α][β][γ][δ] of shape (a, b, c, d), the first
/// applied first. Derived::tensor_name(i) is the name of the i-th, counted from 0.
template <class Derived, class ScalarType, class WeightType>
class GivenFactorsOp : public ChainOp<Derived, ScalarType, WeightType> {
  using Base = ChainOp<Derived, ScalarType, WeightType>;

 public:
  /// Number of factors.
  [[nodiscard]] Index factors() const { return this->chain().size(); }

  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}}, {"factors", {factors()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static Derived restore(const Description& description,
                                       const Parameters<Source>& parameters) {
    std::vector<Tensor<Source>> factors;
    for (Index i = 0; i < description.value("factors"); ++i)
      factors.push_back(find_parameter(parameters, Derived::tensor_name(i), Derived::name()));
    return Derived(factors);
  }

 protected:
  GivenFactorsOp() = default;

  /// Throws ShapeError if neighbours do not fit or none is given.
  template <class Source>
  explicit GivenFactorsOp(std::span<const Tensor<Source>> factors)
      : Base(tensors(factors), data(factors)) {}

 private:
  template <class Source>
  static std::vector<FactorTensor> tensors(std::span<const Tensor<Source>> factors) {
    if (factors.empty()) fail<ShapeError>(Derived::name(), ": no factors");
    std::vector<FactorTensor> list;
    for (const auto& factor : factors) {
      const auto i = static_cast<Index>(list.size());
      const Shape& s = factor.shape();
      if (s.size() != 4)
        fail<ShapeError>(Derived::name(), ": factor ", i, " has shape ", s, ", needs (a, b, c, d)");
      list.push_back({Derived::tensor_name(i), s, factor_shape(s[0], s[1], s[2], s[3]),
                      s[1] * s[2] * s[3], s[2] * s[3], s[3], 1});
    }
    return list;
  }

  template <class Source>
  static std::vector<const Source*> data(std::span<const Tensor<Source>> factors) {
    std::vector<const Source*> list;
    for (const auto& factor : factors) list.push_back(factor.data());
    return list;
  }
};

}  // namespace strum::inline STRUM_ABI::detail
