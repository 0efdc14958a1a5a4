// PreMerged: a structured operator beside the dense matrix that it equals, whichever is faster.
#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/core/expression_parts.hpp"
#include "strum/ops/dense.hpp"

namespace strum::inline STRUM_ABI {

/// op·x as op itself or as the dense matrix made of it once, by the number of samples. Where the
/// dense product wins (a structure with many parameters, tiny matrices, large batches) it is made
/// once for all, at the price of its memory. fit::pre_merged() measures which is faster.
///
/// The choice is a table with an entry for every power of two up to 512 samples, which also serves
/// the batches between it and the next. It belongs to the operator: copies, files and later calls
/// repeat themselves. The two products differ in rounding, so a sample's result depends on the
/// batch it is in, unless all entries are the same.
template <class ScalarType>
class PreMerged : public LinearOpBase<PreMerged<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;
  /// Entry i: whether the dense product serves 2^i samples and more, up to the next entry's.
  using Choice = std::vector<bool>;
  static constexpr std::size_t kEntries = 10;

  /// 0 x 0.
  PreMerged() = default;

  /// Of any operator. Throws ShapeError for a choice that has not kEntries.
  template <class Op>
  requires(!std::same_as<Op, PreMerged>) && LinearOp<Op> PreMerged(Op op, Choice choice)
      : op_(std::move(op)),
  dense_(op_.to_dense()), choice_(std::move(choice)) {
    if (choice_.size() != kEntries)
      detail::fail<ShapeError>("PreMerged: a choice of ", choice_.size(), " entries, needs ",
                               kEntries);
  }

  [[nodiscard]] Index rows() const { return op_.rows(); }
  [[nodiscard]] Index cols() const { return op_.cols(); }
  /// "PreMerged Monarch".
  [[nodiscard]] std::string name() const { return "PreMerged " + op_.name(); }
  /// Of the structured operator.
  [[nodiscard]] Index parameter_count() const { return op_.parameter_count(); }
  [[nodiscard]] std::size_t bytes() const { return op_.bytes() + dense_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return std::max(op_.workspace_bytes(batch), dense_.workspace_bytes(batch));
  }

  [[nodiscard]] const AnyLinearOp<Scalar>& op() const { return op_; }
  [[nodiscard]] const Choice& choice() const { return choice_; }
  /// Whether this many samples take the dense product.
  [[nodiscard]] bool merges(Index batch) const {
    std::size_t entry = 0;
    while (entry + 1 < choice_.size() && (Index{2} << entry) <= batch) ++entry;
    return entry < choice_.size() && choice_[entry];
  }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    detail::ExpressionParts<Scalar> parts{.kind = detail::ExpressionKind::pre_merged};
    parts.operands.push_back(std::move(op_));
    parts.choice.assign(choice_.begin(), choice_.end());
    *this = {};
    return parts;
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    if (merges(x.cols()))
      detail::OpAccess::run(dense_, mode, alpha, x, beta, y, workspace);
    else
      detail::OpAccess::run(op_, mode, alpha, x, beta, y, workspace);
  }

  AnyLinearOp<Scalar> op_;
  Dense<Scalar> dense_;
  Choice choice_ = Choice(kEntries);
};

}  // namespace strum::inline STRUM_ABI
