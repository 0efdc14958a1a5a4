// A vector between two operators, for a few samples at a time.
#pragma once

#include <algorithm>

#include "strum/core/cache_lines.hpp"
#include "strum/core/workspace.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Samples that an expression takes through its operands at a time, so that what lies between them
/// stays in cache and scratch does not grow with the batch.
inline constexpr Index kExpressionTile = 64;

[[nodiscard]] constexpr Index expression_tile(Index batch) {
  return std::min(batch, kExpressionTile);
}

/// What `count` tiles for vectors of up to `rows` elements take from a workspace.
template <class Scalar>
[[nodiscard]] std::size_t tile_bytes(Index rows, Index batch, Index count = 1) {
  if (rows == 0 || batch <= 0 || count == 0) return 0;
  const Index each =
      checked_product(in_odd_lines<Scalar>(rows), expression_tile(batch), "Workspace");
  return Workspace::rounded(static_cast<std::size_t>(checked_product(each, count, "Workspace")) *
                            sizeof(Scalar));
}

}  // namespace strum::inline STRUM_ABI::detail
