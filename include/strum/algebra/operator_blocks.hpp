// The small dense blocks that an operator is made of, for algebra that works block by block.
#pragma once

#include <complex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "strum/algebra/simplify.hpp"
#include "strum/kernels/extent.hpp"
#include "strum/ops/block_diagonal.hpp"
#include "strum/ops/butterfly_orthogonal.hpp"
#include "strum/ops/dense.hpp"
#include "strum/ops/diagonal.hpp"
#include "strum/ops/householder.hpp"
#include "strum/ops/kronecker.hpp"
#include "strum/ops/kronecker_sparse.hpp"
#include "strum/ops/orthogonal_block_diagonal.hpp"
#include "strum/ops/orthogonal_butterfly.hpp"
#include "strum/ops/ragged_block_diagonal.hpp"
#include "strum/ops/with_weights.hpp"

namespace strum::inline STRUM_ABI::detail {

/// What blocks are decomposed in: double, whatever the operator computes in.
template <class Scalar>
using BlockScalar = std::conditional_t<kIsComplex<Scalar>, std::complex<double>, double>;
template <class Scalar>
using BlockMatrix = Eigen::Matrix<BlockScalar<Scalar>, Eigen::Dynamic, Eigen::Dynamic>;

/// An operator whose structure can be looked at: simple expressions, narrow weights widened.
template <class Op, class Scalar = ScalarOf<Op>>
[[nodiscard]] AnyLinearOp<Scalar> visible(const Op& op) {
  if constexpr (requires { typename Op::Weight; }) {
    if constexpr (!std::is_same_v<typename Op::Weight, Scalar>)
      return AnyLinearOp<Scalar>(with_weights<Scalar>(op));
  }
  return simplify(AnyLinearOp<Scalar>(op));
}

/// Whether it is a product of plane rotations, whose inverse is the transpose for complex angles
/// too.
template <class Scalar>
[[nodiscard]] bool is_rotation(const AnyLinearOp<Scalar>& op) {
  const auto* b = op.template target<OrthogonalButterfly<Scalar>>();
  return b != nullptr && b->rows() == b->cols() && b->rows() == b->shape().entries();
}

/// Whether the adjoint is known to be the inverse.
template <class Scalar>
[[nodiscard]] bool is_unitary(const AnyLinearOp<Scalar>& op) {
  if (op.template target<Householder<Scalar>>() != nullptr ||
      op.template target<ButterflyOrthogonal<Scalar>>() != nullptr)
    return true;
  if (const auto* oft = op.template target<OrthogonalBlockDiagonal<Scalar>>())
    return oft->form() == Cayley::exact;
  if (!kIsComplex<Scalar> && is_rotation(op)) return true;
  if (const auto closed = StructureAccess::closed_inverse(op)) return closed->unitary;
  return op.template target<Permutation<Scalar>>() != nullptr ||
         (op.template target<Identity<Scalar>>() != nullptr && op.rows() == op.cols());
}

/// Calls f(α, δ, block) with every block of a factor, its outputs by its inputs, padding left out.
template <class Scalar, class F>
void for_each_block(const LooseFactor<Scalar>& factor, F&& f) {
  const FactorShape& s = factor.shape;
  BlockMatrix<Scalar> block;
  for (Index alpha = 0; alpha < s.a; ++alpha)
    for (Index delta = 0; delta < s.d; ++delta) {
      block.resize(kernels::row_count(s, alpha, delta), kernels::inner_size(s, alpha, delta));
      for (Index beta = 0; beta < block.rows(); ++beta)
        for (Index gamma = 0; gamma < block.cols(); ++gamma)
          block(beta, gamma) =
              static_cast<BlockScalar<Scalar>>(factor.weights[static_cast<std::size_t>(
                  ((alpha * s.b + beta) * s.c + gamma) * s.d + delta)]);
      f(alpha, delta, block);
    }
}

/// A matrix from a row-major tensor, and back.
template <class Scalar>
[[nodiscard]] BlockMatrix<Scalar> block_of(const Tensor<Scalar>& t) {
  BlockMatrix<Scalar> block(t.shape()[0], t.shape()[1]);
  for (Index i = 0; i < block.rows(); ++i)
    for (Index j = 0; j < block.cols(); ++j)
      block(i, j) = static_cast<BlockScalar<Scalar>>(t(i, j));
  return block;
}
template <class Scalar>
[[nodiscard]] Tensor<Scalar> tensor_of(const BlockMatrix<Scalar>& block) {
  Tensor<Scalar> t({block.rows(), block.cols()});
  for (Index i = 0; i < block.rows(); ++i)
    for (Index j = 0; j < block.cols(); ++j) t(i, j) = static_cast<Scalar>(block(i, j));
  return t;
}

/// All parameters of an operator whose parameters are matrices.
template <class Op>
[[nodiscard]] auto matrices_of(const Op& op) {
  std::vector<BlockMatrix<typename Op::Scalar>> list;
  for (const ParameterInfo& info : op.parameters()) list.push_back(block_of(op.get(info.name)));
  return list;
}

/// Rows and columns in the order of the formula, nothing cut off.
[[nodiscard]] inline bool is_plain(const FactorShape& f) {
  const FactorShape g = factor_shape(f.a, f.b, f.c, f.d);
  return f.rows == g.rows && f.cols == g.cols && (f.a == 1 || f.x_alpha == g.x_alpha) &&
         (f.a == 1 || f.y_alpha == g.y_alpha) && (f.c == 1 || f.x_gamma == g.x_gamma) &&
         (f.b == 1 || f.y_beta == g.y_beta);
}

/// Factors, the first applied first, as the plainest operator that holds them.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> operator_of(const std::string& name,
                                              std::vector<LooseFactor<Scalar>> factors) {
  for (const auto& factor : factors)
    if (!is_plain(factor.shape)) return MergedChain<Scalar>(name, factors);
  std::vector<Tensor<Scalar>> tensors;
  for (auto& f : factors)
    tensors.emplace_back(Shape{f.shape.a, f.shape.b, f.shape.c, f.shape.d}, std::move(f.weights));
  if (factors.size() > 1) return KroneckerSparse<Scalar>(tensors);
  const FactorShape& f = factors[0].shape;
  const auto as = [&](Shape shape) {
    return Tensor<Scalar>(
        std::move(shape),
        std::vector<Scalar>(tensors[0].data(), tensors[0].data() + tensors[0].size()));
  };
  if (is_diagonal(f)) return Diagonal<Scalar>(as({f.rows}));
  if (f.d > 1) return KroneckerSparse<Scalar>(tensors);
  if (f.a == 1) return Dense<Scalar>(as({f.b, f.c}).matrix());
  return BlockDiagonal<Scalar>(as({f.a, f.b, f.c}));
}

/// Of every unit vector e_j in turns of 64: f(j, A·[e_j, e_j+1, ...]).
template <class Scalar, class F>
void for_each_columns(const AnyLinearOp<Scalar>& op, F&& f) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  constexpr Index kColumns = 64;
  for (Index j = 0; j < op.cols(); j += kColumns) {
    const Index count = std::min(kColumns, op.cols() - j);
    Matrix unit = Matrix::Zero(op.cols(), count), y(op.rows(), count);
    unit.block(j, 0, count, count).setIdentity();
    op.apply(unit, y);
    f(j, y);
  }
}

}  // namespace strum::inline STRUM_ABI::detail
