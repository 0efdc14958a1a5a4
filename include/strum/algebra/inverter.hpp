// Inverses of operators, by walking through what they are made of.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "strum/algebra/block_inverse.hpp"
#include "strum/algebra/sum_parts.hpp"
#include "strum/ops/block_butterfly.hpp"
#include "strum/ops/butterfly.hpp"

namespace strum::inline STRUM_ABI::detail {

template <class Scalar>
struct Inverse {
  AnyLinearOp<Scalar> op;
  double log_abs_determinant = 0;
};

/// See strum::factorize(). Operators are visible() ones.
template <class Scalar>
class Inverter {
  using Any = AnyLinearOp<Scalar>;
  using Ops = std::vector<Any>;
  using Kind = ExpressionKind;
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

 public:
  using Result = Inverse<Scalar>;

  /// Without `invert` only determinants are taken.
  explicit Inverter(bool invert) : invert_(invert) {}

  [[nodiscard]] Result inverse(Any op) const {
    if (op.rows() != op.cols())
      fail<ShapeError>("factorize: ", op.name(), " is ", op.rows(), " x ", op.cols(),
                       ", not square");
    if (op.rows() == 0) return {std::move(op)};
    if (const auto* p = op.template target<Permutation<Scalar>>()) return {p->inverse()};
    if (op.template target<Identity<Scalar>>() != nullptr) return {std::move(op)};
    if (auto closed = StructureAccess::closed_inverse(op)) {
      if (invert_ && closed->op.rows() == 0) return singular(op.name());
      return {std::move(closed->op), closed->log_abs_determinant};
    }
    if (is_unitary(op)) return {std::move(op).adjoint()};
    if (is_rotation(op)) return {std::move(op).transpose()};
    BlockInverter<Scalar> blocks(invert_, op.name());
    if (Any result = by_blocks(op, blocks); result.rows() > 0)
      return {std::move(result), blocks.log_abs_determinant()};
    std::string name = op.name();
    if (op.template target<Zero<Scalar>>() != nullptr) return singular(name);
    auto parts = StructureAccess::take_parts(op);
    switch (parts.kind) {
      case Kind::transposed:
        return transposed(parts.mode, inverse(std::move(parts.operands[0])));
      case Kind::scaled:
        return scaled(name, parts.factor, std::move(parts.operands[0]));
      case Kind::product:
        return product(std::move(parts.operands));
      case Kind::direct_sum:
        return direct_sum(std::move(parts.operands));
      case Kind::sum:
        return sum(name, std::move(parts.operands));
      default:
        fail<ValueError>("factorize: ", name, " has no structure by which it can be inverted; ",
                         "factorize its to_dense(), or solve iteratively");
    }
  }

 private:
  /// Of an operator that is made of blocks, else nothing.
  [[nodiscard]] static Any by_blocks(const Any& op, BlockInverter<Scalar>& blocks) {
    if (const auto* chain = StructureAccess::factor_chain(op))
      return inverted(*chain, op.name(), blocks);
    if (const auto* ragged = op.template target<RaggedBlockDiagonal<Scalar>>())
      return inverted_matrices(*ragged, "block", blocks, [](const auto&) { return 1.0; });
    if (const auto* k = op.template target<Kronecker<Scalar>>())
      return inverted_matrices(*k, "factor", blocks, [&](const BlockMatrix<Scalar>& a) {
        return static_cast<double>(op.rows()) / static_cast<double>(a.rows());
      });
    if (const auto* b = op.template target<Butterfly<Scalar>>(); b != nullptr && is_whole(*b))
      return inverted_butterfly(*b, blocks);
    if (const auto* b = op.template target<BlockButterfly<Scalar>>(); b != nullptr && is_whole(*b))
      return inverted_butterfly(*b, blocks);
    return {};
  }

  template <class Op>
  [[nodiscard]] static bool is_whole(const Op& op) {
    return op.rows() == op.shape().entries() && op.cols() == op.rows();
  }

  [[nodiscard]] Result singular(const std::string& name) const {
    if (invert_) fail<ValueError>("factorize: ", name, " is singular");
    return {{}, -std::numeric_limits<double>::infinity()};
  }

  /// (Aᵀ)⁻¹ = (A⁻¹)ᵀ.
  [[nodiscard]] static Result transposed(Mode mode, Result a) {
    if (mode == Mode::transpose)
      a.op = std::move(a.op).transpose();
    else if (mode == Mode::adjoint)
      a.op = std::move(a.op).adjoint();
    else
      a.op = std::move(a.op).conjugate();
    return a;
  }

  [[nodiscard]] Result scaled(const std::string& name, Scalar factor, Any op) const {
    if (factor == Scalar(0)) return singular(name);
    const auto n = static_cast<double>(op.rows());
    Result a = inverse(std::move(op));
    a.op = Scaled<Any>(Scalar(1) / factor, std::move(a.op));
    a.log_abs_determinant += n * std::log(static_cast<double>(std::abs(factor)));
    return a;
  }

  /// (A·B)⁻¹ = B⁻¹·A⁻¹.
  [[nodiscard]] Result product(Ops ops) const {
    Result all;
    Ops inverses = each(std::move(ops), all.log_abs_determinant);
    std::reverse(inverses.begin(), inverses.end());
    if (invert_) all.op = make_list<Product>(std::move(inverses));
    return all;
  }

  [[nodiscard]] Result direct_sum(Ops ops) const {
    Result all;
    Ops inverses = each(std::move(ops), all.log_abs_determinant);
    if (invert_) all.op = make_list<DirectSum>(std::move(inverses));
    return all;
  }

  [[nodiscard]] Ops each(Ops ops, double& log_abs_determinant) const {
    for (Any& op : ops) {
      Result a = inverse(std::move(op));
      op = std::move(a.op);
      log_abs_determinant += a.log_abs_determinant;
    }
    return ops;
  }

  [[nodiscard]] static Result sum(const std::string& name, Ops ops) {
    SumParts<Scalar> parts = sum_parts(name, std::move(ops));
    const bool diagonal = parts.diagonal.size() > 0;
    if (!parts.op) {
      if (!diagonal)
        fail<ValueError>("factorize: ", name, ": a sum of low rank needs an operand of full rank");
      const Tensor<Scalar> d(
          {parts.diagonal.size()},
          {parts.diagonal.data(), parts.diagonal.data() + parts.diagonal.size()});
      parts.op = Diagonal<Scalar>(d);
    } else if (diagonal && !add_diagonal(*parts.op, parts.diagonal)) {
      fail<ValueError>("factorize: ", name, ": a diagonal can be added to an operator that is one ",
                       "factor with its diagonal in its blocks; ", parts.op->name(), " is not");
    }
    return woodbury(name, Inverter(true).inverse(std::move(*parts.op)), parts.thin);
  }

  /// (A + U·V)⁻¹ = A⁻¹ − (A⁻¹·U)·((I + V·A⁻¹·U)⁻¹·V·A⁻¹), det(A + U·V) = det A·det(I + V·A⁻¹·U).
  [[nodiscard]] static Result woodbury(const std::string& name, Result a,
                                       const ThinProduct<Scalar>& thin) {
    using Block = BlockMatrix<Scalar>;
    if (thin.u.cols() == 0) return a;
    const Matrix left = a.op * thin.u;
    Matrix right(thin.v.cols(), thin.v.rows());
    a.op.apply_transpose(thin.v.transpose().eval(), right);
    Block inner =
        thin.v.template cast<BlockScalar<Scalar>>() * left.template cast<BlockScalar<Scalar>>();
    inner.diagonal().array() += BlockScalar<Scalar>(1);
    BlockInverter<Scalar> blocks(true, name);
    const Block inverse = blocks(inner, [] { return std::string("I + V·A⁻¹·U"); });
    const Matrix scaled =
        (inverse * right.transpose().template cast<BlockScalar<Scalar>>()).template cast<Scalar>();
    Ops ops;
    ops.push_back(std::move(a.op));
    ops.push_back(LowRank<Scalar>((-left).eval(), scaled));
    return {make_list<Sum>(std::move(ops)), a.log_abs_determinant + blocks.log_abs_determinant()};
  }

  bool invert_;
};

}  // namespace strum::inline STRUM_ABI::detail
