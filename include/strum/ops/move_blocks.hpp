// Copies of blocks of rows to other places: what permutations and identities are made of.
#pragma once

#include <algorithm>

#include "strum/core/arithmetic.hpp"
#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI::detail {

/// For every block k and j < length, row from[k] + j of x goes to row to[k] + j of y. Without a
/// list the blocks lie one after the other: k·length.
struct BlockMove {
  Index blocks, length;
  const Index* from = nullptr;
  const Index* to = nullptr;

  [[nodiscard]] Index source(Index k) const { return from != nullptr ? from[k] : k * length; }
  [[nodiscard]] Index target(Index k) const { return to != nullptr ? to[k] : k * length; }
};

/// Copies an element, or a line of them: gcc makes no vectors of that loop at -O2.
struct CopyElement {
  template <class Scalar>
  void operator()(const Scalar& from, Scalar& to) const {
    to = from;
  }
  template <class Scalar>
  void line(Index count, const Scalar* from, Scalar* to) const {
    std::copy_n(from, count, to);
  }
};

/// pair(x, y) for `count` elements of each, or pair.line() for those without gaps.
template <class Scalar, class Pair>
STRUM_ALWAYS_INLINE void visit_line(Index count, const Scalar* x, Index x_step, Scalar* y,
                                    Index y_step, const Pair& pair) {
  if constexpr (requires { pair.line(count, x, y); })
    if (x_step == 1 && y_step == 1) return pair.line(count, x, y);
  for (Index i = 0; i < count; ++i) pair(x[i * x_step], y[i * y_step]);
}

/// pair(x, y) for every element that moves. Lines go along the samples where these are neighbours
/// in x or y, and along the rows of a block where not.
template <class Scalar, class Pair>
void visit_blocks(const BlockMove& move, const MatrixView<const Scalar>& x,
                  const MatrixView<Scalar>& y, const Pair& pair) {
  const Index x_row = x.row_stride(), x_col = x.col_stride();
  const Index y_row = y.row_stride(), y_col = y.col_stride();
  const Index batch = x.cols();
  if (batch > 1 && (x_col == 1 || y_col == 1)) {
    // Where x and y lie the other way round to each other, few samples at a time: their lines stay
    // in cache until all elements have been visited, also where they lie a power of two apart (16
    // at a time was four times slower then).
    const Index tile = x_col == 1 && y_col == 1 ? batch : 8;
    for (Index s = 0; s < batch; s += tile)
      for (Index k = 0; k < move.blocks; ++k)
        for (Index j = 0; j < move.length; ++j)
          visit_line(tile < batch - s ? tile : batch - s,
                     x.data() + (move.source(k) + j) * x_row + s * x_col, x_col,
                     y.data() + (move.target(k) + j) * y_row + s * y_col, y_col, pair);
    return;
  }
  for (Index s = 0; s < batch; ++s) {
    const Scalar* const from = x.data() + s * x_col;
    Scalar* const to = y.data() + s * y_col;
    if (move.length == 1) {
      for (Index k = 0; k < move.blocks; ++k)
        pair(from[move.source(k) * x_row], to[move.target(k) * y_row]);
    } else {
      for (Index k = 0; k < move.blocks; ++k)
        visit_line(move.length, from + move.source(k) * x_row, x_row, to + move.target(k) * y_row,
                   y_row, pair);
    }
  }
}

/// y = alpha·(x moved) + beta·y on the rows that something moves to; the others are left alone.
/// Memory sets the pace, so one thread does it.
template <class Scalar>
void move_blocks(const BlockMove& move, Scalar alpha, const MatrixView<const Scalar>& x,
                 Scalar beta, const MatrixView<Scalar>& y) {
  if (beta != Scalar(0))
    visit_blocks(move, x, y, [alpha, beta](const Scalar& from, Scalar& to) {
      to = multiply_add(alpha, from, multiply(beta, to));
    });
  else if (alpha != Scalar(1))
    visit_blocks(move, x, y,
                 [alpha](const Scalar& from, Scalar& to) { to = multiply(alpha, from); });
  else
    visit_blocks(move, x, y, CopyElement());
}

}  // namespace strum::inline STRUM_ABI::detail
