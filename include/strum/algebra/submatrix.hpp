// Submatrix: some rows and columns of an operator.
#pragma once

#include <algorithm>
#include <string>

#include "strum/algebra/expression_tile.hpp"
#include "strum/algebra/operands.hpp"
#include "strum/ops/move_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// Rows [i, i + m) and columns [j, j + n) of A. Op is `const A&` or `A`.
///
/// It costs what A costs: x is padded with zeros and of A's output a part is kept, in a tile of 64
/// samples each; what is taken whole is not copied. Elements are copied, never computed with, so
/// the results are those of A to the bit.
template <class Op>
class Submatrix : public detail::Expression<Submatrix<Op>, Op> {
  using Base = detail::Expression<Submatrix, Op>;
  using Base::operands_;
  using Range = detail::IndexRange;

 public:
  using typename Base::Scalar;

  Submatrix() = default;
  /// The m x n part of A whose first element is (i, j). Throws ShapeError if it leaves A.
  template <class A>
  requires std::same_as<std::remove_cvref_t<A>, std::remove_cvref_t<Op>> Submatrix(A&& op, Index i,
                                                                                   Index j, Index m,
                                                                                   Index n)
      : Base(detail::Operands<Op>(std::forward<A>(op))), rows_{i, m}, cols_{j, n} {
    const auto& a = operands_.first();
    if (i < 0 || j < 0 || m < 0 || n < 0 || i > a.rows() - m || j > a.cols() - n)
      detail::fail<ShapeError>("Submatrix: ", m, " x ", n, " at (", i, ", ", j, ") leaves ",
                               a.name(), ", which is ", a.rows(), " x ", a.cols());
  }

  [[nodiscard]] Index rows() const { return rows_.count; }
  [[nodiscard]] Index cols() const { return cols_.count; }
  /// "Monarch[3:7, 0:16]".
  [[nodiscard]] std::string name() const {
    return std::string(operands_.first().name()) + "[" + text(rows_) + ", " + text(cols_) + "]";
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    const auto& a = operands_.first();
    const Index rows = rows_.count == a.rows() ? 0 : a.rows();
    const Index cols = cols_.count == a.cols() ? 0 : a.cols();
    return detail::tile_bytes<Scalar>(rows, batch) + detail::tile_bytes<Scalar>(cols, batch) +
           Base::most_workspace(rows + cols == 0 ? batch : detail::expression_tile(batch));
  }

  /// The same with the operator held by value.
  [[nodiscard]] auto owned() const& {
    return Submatrix<detail::Owned<const Op&>>(detail::owned(operands_.first()), rows_.first,
                                               cols_.first, rows_.count, cols_.count);
  }
  [[nodiscard]] auto owned() && {
    const Range rows = rows_, cols = cols_;
    return Submatrix<detail::Owned<Op>>(detail::owned(std::move(operands_).first()), rows.first,
                                        cols.first, rows.count, cols.count);
  }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] detail::ExpressionParts<Scalar> take_parts() {
    auto parts = Base::parts_as(detail::ExpressionKind::submatrix);
    parts.row = rows_.first;
    parts.col = cols_.first;
    parts.rows = rows_.count;
    parts.cols = cols_.count;
    return parts;
  }

  static std::string text(const Range& range) {
    return std::to_string(range.first) + ":" + std::to_string(range.first + range.count);
  }

  template <class From>
  static void copy(const MatrixView<From>& from, const MatrixView<Scalar>& to) {
    detail::visit_blocks<Scalar>({.blocks = 1, .length = to.rows()}, from, to,
                                 [](const Scalar& source, Scalar& target) { target = source; });
  }

  /// Zeros, except where the part of it that `range` names lies.
  static void clear_around(const Range& range, const MatrixView<Scalar>& tile) {
    for (Index s = 0; s < tile.cols(); ++s) {
      std::fill_n(&tile(0, s), range.first, Scalar(0));
      const Index end = range.first + range.count;
      std::fill_n(tile.data() + end + s * tile.col_stride(), tile.rows() - end, Scalar(0));
    }
  }

  /// The product on all of A for one tile: x and y are its own where A is taken whole, else they
  /// lie in tiles as long as A's, at the place they have there.
  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    const auto& a = operands_.first();
    const Index in = transposes(mode) ? a.rows() : a.cols();
    const Index out = transposes(mode) ? a.cols() : a.rows();
    const Range& from = transposes(mode) ? rows_ : cols_;
    const Range& to = transposes(mode) ? cols_ : rows_;
    const bool pads = from.count != in, keeps = to.count != out;
    if (!pads && !keeps) return detail::run_operand(a, mode, alpha, x, beta, y, workspace);

    Workspace::Frame frame(workspace);
    const Index samples = detail::expression_tile(x.cols());
    const Index in_stride = detail::in_odd_lines<Scalar>(in);
    const Index out_stride = detail::in_odd_lines<Scalar>(out);
    Scalar* const in_tile = pads ? frame.take<Scalar>(in_stride * samples) : nullptr;
    Scalar* const out_tile = keeps ? frame.take<Scalar>(out_stride * samples) : nullptr;
    if (pads) clear_around(from, {in_tile, in, samples, 1, in_stride});
    for (Index s = 0; s < x.cols(); s += samples) {
      const Index count = std::min(samples, x.cols() - s);
      MatrixView<const Scalar> whole_x = x.block(0, s, x.rows(), count);
      const MatrixView<Scalar> part_y = y.block(0, s, y.rows(), count);
      MatrixView<Scalar> whole_y = part_y;
      if (pads) {
        const MatrixView<Scalar> padded(in_tile, in, count, 1, in_stride);
        copy(whole_x, padded.block(from.first, 0, from.count, count));
        whole_x = padded;
      }
      if (keeps) {
        whole_y = MatrixView<Scalar>(out_tile, out, count, 1, out_stride);
        if (beta != Scalar(0)) {
          clear_around(to, whole_y);
          copy(part_y, whole_y.block(to.first, 0, to.count, count));
        }
      }
      detail::run_operand(a, mode, alpha, whole_x, beta, whole_y, workspace);
      if (keeps) copy(whole_y.block(to.first, 0, to.count, count), part_y);
    }
  }

  Range rows_, cols_;
};

/// The m x n part of A whose first element is (i, j), as an operator: refers to an lvalue, owns a
/// temporary. Throws ShapeError if it leaves A.
template <ComposableOp A>
[[nodiscard]] auto submatrix(A&& op, Index i, Index j, Index m, Index n) {
  return Submatrix<detail::Kept<A>>(std::forward<A>(op), i, j, m, n);
}

/// Rows [first, first + count) of A, held like submatrix().
template <ComposableOp A>
[[nodiscard]] auto rows(A&& op, Index first, Index count) {
  const Index cols = op.cols();
  return submatrix(std::forward<A>(op), first, 0, count, cols);
}

/// Columns [first, first + count) of A, held like submatrix().
template <ComposableOp A>
[[nodiscard]] auto cols(A&& op, Index first, Index count) {
  const Index rows = op.rows();
  return submatrix(std::forward<A>(op), 0, first, rows, count);
}

}  // namespace strum::inline STRUM_ABI
