// The sub-matrices M_κλ = W[λ::l, block κ] of a Monarch and the hidden values between them.
#pragma once

#include "strum/ops/monarch.hpp"

namespace strum::inline STRUM_ABI::detail {

struct MonarchBlocks {
  MonarchShape shape;

  /// Rows of W in the set λ, without padding.
  [[nodiscard]] Index rows(Index lambda) const {
    return shape.rows <= lambda ? 0 : (shape.rows - lambda + shape.l - 1) / shape.l;
  }
  /// Columns of W in block κ, without padding.
  [[nodiscard]] Index cols(Index kappa) const {
    Index count = 0;
    while (count < shape.p && column(kappa, count) < shape.cols) ++count;
    return count;
  }
  [[nodiscard]] Index row(Index lambda, Index sigma) const { return sigma * shape.l + lambda; }
  /// Column of W that block κ reads as its input i.
  [[nodiscard]] Index column(Index kappa, Index i) const {
    return shape.input == MonarchInput::strided ? kappa + shape.k * i : kappa * shape.p + i;
  }

  /// The a-th hidden value t ∈ [κq, (κ+1)q) with t ≡ λ (mod l), and how many there are.
  [[nodiscard]] Index hidden(Index kappa, Index lambda, Index a) const {
    const Index k_q = kappa * shape.q, l = shape.l;
    return k_q + ((lambda - k_q) % l + l) % l + a * l;
  }
  [[nodiscard]] Index rank(Index kappa, Index lambda) const {
    const Index first = hidden(kappa, lambda, 0), end = (kappa + 1) * shape.q;
    return first < end ? (end - first + shape.l - 1) / shape.l : 0;
  }
};

}  // namespace strum::inline STRUM_ABI::detail
