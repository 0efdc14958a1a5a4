// BlockLowRank: every block of a k x k grid has a low rank of its own (GraLoRA).
#pragma once

#include <cmath>
#include <string_view>

#include "strum/ops/two_core_block_tensor_train.hpp"

namespace strum::inline STRUM_ABI {

/// Block (j, i) of a k x k grid is (alpha/r)·Σ_{a<ρ} B[j, iρ + a, :]·A[i, :, jρ + a]ᵀ, of rank
/// ρ = r/k:
///
///     y[j·(m/k) + o] = (alpha/r)·Σ_{i, a} B[j, iρ + a, o] · Σ_c A[i, c, jρ + a] · x[i·(n/k) + c]
///
/// the update of GraLoRA (Jung et al. 2025): the parameters and the cost of a rank r, the
/// expressive power of rank k·r. Parameters: `A (k, n/k, r)`, `B (k, r, m/k)`. r·(m + n)
/// multiply-adds per sample. alpha/r belongs to the operator, not to its weights.
template <class ScalarType, class WeightType = ScalarType>
class BlockLowRank
    : public detail::ChainOp<BlockLowRank<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<BlockLowRank, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = BlockLowRank<Scalar, Other>;

  BlockLowRank() = default;

  /// From A (k, n/k, r) and B (k, r, m/k), both of Weight or of Scalar. Throws ShapeError if they
  /// do not fit or k does not divide r, and ValueError unless alpha is finite.
  template <WeightOf<ScalarType> Source = Weight>
  BlockLowRank(double alpha, const Tensor<Source>& a, const Tensor<Source>& b)
      : Base(detail::two_core_tensors(shape_of(a.shape(), b.shape()), "A", "B"),
             std::vector{a.data(), b.data()}),
        alpha_(alpha) {
    if (!std::isfinite(alpha)) detail::fail<ValueError>("BlockLowRank: alpha is ", alpha);
  }

  /// k.
  [[nodiscard]] Index blocks() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).a;
  }
  /// r.
  [[nodiscard]] Index rank() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).b;
  }
  [[nodiscard]] double alpha() const { return alpha_; }
  /// alpha/r, or 0 for r = 0.
  [[nodiscard]] Scalar scale() const {
    using Real = typename Eigen::NumTraits<Scalar>::Real;
    return rank() == 0 ? Scalar(0)
                       : Scalar(static_cast<Real>(alpha_ / static_cast<double>(rank())));
  }

  [[nodiscard]] static constexpr std::string_view name() { return "BlockLowRank"; }
  /// Attribute `alpha` is (mantissa, exponent), alpha = mantissa·2^exponent.
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}},
                              {"blocks", {blocks()}},
                              {"alpha", in_integers(alpha_)}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static BlockLowRank restore(const Description& description,
                                            const Parameters<Source>& parameters) {
    const std::vector<Index>& alpha = description.list("alpha", 2);
    constexpr Index kMostBits = 1100;  // beyond every exponent of a double
    if (alpha[1] < -kMostBits || alpha[1] > kMostBits)
      detail::fail<ValueError>("BlockLowRank: alpha = ", alpha[0], "·2^", alpha[1]);
    return BlockLowRank(std::ldexp(static_cast<double>(alpha[0]), static_cast<int>(alpha[1])),
                        detail::find_parameter(parameters, "A", name()),
                        detail::find_parameter(parameters, "B", name()));
  }

 private:
  static std::vector<Index> in_integers(double value) {
    Index exponent = 0;
    for (; value != std::trunc(value); value *= 2) --exponent;
    for (; value != 0 && std::fmod(value, 2) == 0; value /= 2) ++exponent;
    return {static_cast<Index>(value), exponent};
  }

  static TwoCoreShape shape_of(const Shape& a, const Shape& b) {
    if (a.size() == 3 && b.size() == 3 && a[0] > 0 && a[2] % a[0] == 0 && b[0] == a[0] &&
        b[1] == a[2])
      return {a[0], a[1], b[0], b[2], a[2] / a[0]};
    detail::fail<ShapeError>("BlockLowRank: A has shape ", a, ", B ", b,
                             "; they need (k, n/k, r) and (k, r, m/k), r a multiple of k");
  }

  double alpha_ = 0;
};

}  // namespace strum::inline STRUM_ABI
