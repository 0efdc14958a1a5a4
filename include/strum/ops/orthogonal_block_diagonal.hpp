// OrthogonalBlockDiagonal (OFT, Qiu et al. 2023): rotations along the diagonal, KS(blocks, b, b,
// 1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/cayley.hpp"
#include "strum/ops/derived_chain.hpp"

namespace strum::inline STRUM_ABI {

/// A = diag(R_0ᵀ, R_1ᵀ, …): row vectors are multiplied with R, so an adapter's layer is W·A. R_k
/// follows from the skew Q_k whose strict upper triangle, row by row, is row k of `oft_R`, in the
/// form of `Cayley`; with the exact one A is orthogonal, and the adjoint is the inverse. (Complex
/// scalars: Q is skew-Hermitian with a diagonal of zeros, A unitary.) Blocks are computed in a
/// wider type, b³ operations each, and rounded once.
///
/// Parameter: `oft_R (blocks, b(b − 1)/2)`, as PEFT's `oft_R.weight`. blocks·b² multiply-adds per
/// sample.
template <class ScalarType>
class OrthogonalBlockDiagonal
    : public detail::DerivedChainOp<OrthogonalBlockDiagonal<ScalarType>, ScalarType> {
  using Base = detail::DerivedFactors<OrthogonalBlockDiagonal, ScalarType>;

 public:
  using Scalar = ScalarType;

  OrthogonalBlockDiagonal() = default;

  /// Throws ShapeError unless oft_R is (blocks, b(b − 1)/2) for some b.
  explicit OrthogonalBlockDiagonal(const Tensor<Scalar>& oft_R, Cayley form = Cayley::exact)
      : form_(form) {
    this->assign({{"oft_R", oft_R}});
  }

  /// b.
  [[nodiscard]] Index block() const {
    return this->chain().size() == 0 ? 0 : this->chain().shape(0).b;
  }
  [[nodiscard]] Cayley form() const { return form_; }

  [[nodiscard]] static constexpr std::string_view name() { return "OrthogonalBlockDiagonal"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()),
            {{"shape", {this->rows(), this->cols()}},
             {"neumann", {form_ == Cayley::neumann ? Index{1} : Index{0}}}}};
  }
  [[nodiscard]] static OrthogonalBlockDiagonal restore(const Description& description,
                                                       const Parameters<Scalar>& parameters) {
    return OrthogonalBlockDiagonal(
        detail::find_parameter(parameters, "oft_R", name()),
        description.value("neumann") != 0 ? Cayley::neumann : Cayley::exact);
  }

 private:
  friend Base;

  /// b of b(b − 1)/2 numbers.
  static Index block_of(const Tensor<Scalar>& oft_R) {
    const Shape& shape = oft_R.shape();
    Index b = 1;
    if (shape.size() == 2)
      while (b * (b - 1) / 2 < shape[1]) ++b;
    if (shape.size() != 2 || b * (b - 1) / 2 != shape[1])
      detail::fail<ShapeError>("OrthogonalBlockDiagonal: oft_R has shape ", shape,
                               ", needs (blocks, b(b - 1)/2)");
    return b;
  }

  [[nodiscard]] detail::FactorChain<Scalar> make_chain(
      const std::vector<detail::StoredParameter<Scalar>>& parameters) const {
    using Wide = detail::Wider<Scalar>;
    const Tensor<Scalar>& oft_R = parameters[0].values;
    const Index blocks = oft_R.rank() > 0 ? oft_R.shape()[0] : 0, b = block_of(oft_R);
    Tensor<Scalar> w({blocks, b, b});
    for (Index k = 0; k < blocks; ++k) {
      detail::Block<Wide> q = detail::Block<Wide>::Zero(b, b);
      const Scalar* entry = oft_R.data() + k * oft_R.shape()[1];
      for (Index i = 0; i < b; ++i)
        for (Index j = i + 1; j < b; ++j) {
          q(i, j) = static_cast<Wide>(*entry++);
          q(j, i) = -Eigen::numext::conj(q(i, j));
        }
      const detail::Block<Wide> block = detail::rotation_transposed(q, form_);
      for (Index i = 0; i < b; ++i)
        for (Index j = 0; j < b; ++j) w(k, i, j) = static_cast<Scalar>(block(i, j));
    }
    detail::FactorChain<Scalar> chain;
    chain.append(detail::factor_shape(blocks, b, b, 1),
                 kernels::WeightView<Scalar>{w.data(), b * b, b, 1, 0});
    return chain;
  }

  Cayley form_ = Cayley::exact;
};

}  // namespace strum::inline STRUM_ABI
