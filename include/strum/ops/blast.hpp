// Blast: a grid of low-rank blocks that share their factors along rows and columns.
#pragma once

#include <string_view>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// Block (i, j) of a b1 x b2 grid is A_ij = U_i·diag(s_ij)·V_j:
///
///     y_i = U_i · Σ_j s_ij ⊙ z_j,  z_j = V_j · x_j
///
/// (BLAST, Lee et al. 2024) = KS(b1, m/b1, r, 1) ∘ KS(1, b1, b2, r) ∘ KS(b2, r, n/b2, 1).
/// Parameters, in the order of application: `C (b2, r, n/b2)` = V, `D (b1, b2, r)` = s,
/// `B (b1, m/b1, r)` = U. r·(m + n + b1·b2) multiply-adds per sample.
template <class ScalarType, class WeightType = ScalarType>
class Blast : public detail::ChainOp<Blast<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<Blast, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = Blast<Scalar, Other>;

  Blast() = default;

  /// From B (b1, m/b1, r), C (b2, r, n/b2) and D (b1, b2, r), all of Weight or of Scalar. Throws
  /// ShapeError.
  template <WeightOf<ScalarType> Source = Weight>
  Blast(const Tensor<Source>& b, const Tensor<Source>& c, const Tensor<Source>& d)
      : Base(tensors(b.shape(), c.shape(), d.shape()), std::vector{c.data(), d.data(), b.data()}) {}

  /// r.
  [[nodiscard]] Index rank() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).b;
  }
  /// b1.
  [[nodiscard]] Index block_rows() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(1).b;
  }
  /// b2.
  [[nodiscard]] Index block_cols() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(1).c;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Blast"; }
  [[nodiscard]] Description describe() const {
    return Base::description({{"shape", {this->rows(), this->cols()}},
                              {"blocks", {block_rows(), block_cols()}},
                              {"rank", {rank()}}});
  }
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static Blast restore(const Description&, const Parameters<Source>& parameters) {
    return Blast(detail::find_parameter(parameters, "B", name()),
                 detail::find_parameter(parameters, "C", name()),
                 detail::find_parameter(parameters, "D", name()));
  }

 private:
  static std::vector<detail::FactorTensor> tensors(const Shape& b, const Shape& c, const Shape& d) {
    if (b.size() != 3 || c.size() != 3 || d.size() != 3 || d != Shape{b[0], c[0], b[2]} ||
        c[1] != b[2])
      detail::fail<ShapeError>("Blast: B has shape ", b, ", C ", c, ", D ", d,
                               "; they need (b1, m/b1, r), (b2, r, n/b2) and (b1, b2, r)");
    return {{"C", c, detail::factor_shape(c[0], c[1], c[2], 1), c[1] * c[2], c[2], 1, 0},
            {"D", d, detail::factor_shape(1, d[0], d[1], d[2]), 0, d[1] * d[2], d[2], 1},
            {"B", b, detail::factor_shape(b[0], b[1], b[2], 1), b[1] * b[2], b[2], 1, 0}};
  }
};

}  // namespace strum::inline STRUM_ABI
