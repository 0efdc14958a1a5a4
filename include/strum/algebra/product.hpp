// Product: operators one after the other.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "strum/algebra/expression_tile.hpp"
#include "strum/algebra/operands.hpp"

namespace strum::inline STRUM_ABI {

/// A·B·..., the last applied first, each Op `const A&` or `A`, or std::vector<AnyLinearOp> for any
/// number of them.
///
/// A tile of 64 samples goes through all operands before the next does; what lies between two of
/// them is in the workspace. alpha and beta go to the operand that writes y. Multiply-adds per
/// sample: those of the operands.
template <class... Ops>
class Product : public detail::Expression<Product<Ops...>, Ops...> {
  using Base = detail::Expression<Product, Ops...>;
  using Base::operands_;

 public:
  using typename Base::Scalar;

  Product() = default;
  /// Throws ShapeError unless each has as many columns as the next has rows.
  explicit Product(detail::Operands<Ops...> operands) : Base(std::move(operands)) {
    if (operands_.size() == 0) detail::fail<ShapeError>("Product: of no operators");
    Index inner = rows();
    std::string left;
    operands_.for_each([&](const auto& op) {
      if (op.rows() != inner)
        detail::fail<ShapeError>("Product: ", left, " has ", inner, " columns, ", op.name(),
                                 " has ", op.rows(), " rows");
      inner = op.cols();
      left = std::string(op.name());
    });
  }

  [[nodiscard]] Index rows() const { return operands_.size() == 0 ? 0 : operands_.first().rows(); }
  [[nodiscard]] Index cols() const { return operands_.size() == 0 ? 0 : operands_.last().cols(); }
  /// "(Monarch * LowRank)".
  [[nodiscard]] std::string name() const { return Base::joined("(", " * ", ")"); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return detail::tile_bytes<Scalar>(width(), batch, tiles()) +
           Base::most_workspace(detail::expression_tile(batch));
  }

  /// The same with the operators held by value.
  [[nodiscard]] auto owned() const& { return operands_.template owned<strum::Product>(); }
  [[nodiscard]] auto owned() && { return std::move(operands_).template owned<strum::Product>(); }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    return Base::parts_as(detail::ExpressionKind::product);
  }

  /// Elements of the longest vector between two operands.
  [[nodiscard]] Index width() const {
    Index most = 0, i = 0;
    operands_.for_each([&](const auto& op) {
      if (i++ > 0) most = std::max(most, op.rows());
    });
    return most;
  }
  /// An operand reads one and writes another.
  [[nodiscard]] Index tiles() const { return std::min(operands_.size() - 1, Index{2}); }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const Index samples = detail::expression_tile(x.cols());
    const Index stride = detail::in_odd_lines<Scalar>(width());
    Scalar* const scratch = frame.take<Scalar>(tiles() * stride * samples);
    for (Index s = 0; s < x.cols(); s += samples) {
      const Index count = std::min(samples, x.cols() - s);
      MatrixView<const Scalar> in = x.block(0, s, x.rows(), count);
      Index done = 0;
      const auto run = [&](const auto& op) {
        if (++done == operands_.size())
          return detail::run_operand(op, mode, alpha, in, beta, y.block(0, s, y.rows(), count),
                                     workspace);
        const MatrixView<Scalar> out(scratch + done % 2 * (tiles() - 1) * stride * samples,
                                     transposes(mode) ? op.cols() : op.rows(), count, 1, stride);
        detail::run_operand(op, mode, Scalar(1), in, Scalar(0), out, workspace);
        in = out;
      };
      if (transposes(mode))
        operands_.for_each(run);
      else
        operands_.for_each_reversed(run);
    }
  }
};

/// A·B as an operator: refers to lvalues, owns temporaries. Throws ShapeError unless A has as many
/// columns as B has rows.
template <ComposableOp A, ComposableOp B>
[[nodiscard]] auto operator*(A&& a, B&& b) {
  detail::check_scalars<A, B>();
  if constexpr (detail::kSameScalar<A, B>)
    return detail::make_expression<Product>(std::forward<A>(a), std::forward<B>(b));
}

/// ops[0]·ops[1]·..., the last applied first. Throws ShapeError where the sizes do not fit or there
/// are none.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> product(std::vector<AnyLinearOp<Scalar>> ops) {
  return detail::make_list<Product>(std::move(ops));
}

}  // namespace strum::inline STRUM_ABI
