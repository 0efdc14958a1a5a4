// Operators that refer to others, with all they refer to by value.
#pragma once

#include <type_traits>
#include <utility>

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI::detail {

/// An expression (a transpose, a sum, ...) that holds copies of the operators it refers to; any
/// other operator as it is. What it was given as a temporary is moved, not copied.
template <class Op>
[[nodiscard]] auto owned(Op&& op) {
  if constexpr (requires { std::forward<Op>(op).owned(); })
    return std::forward<Op>(op).owned();
  else
    return std::remove_cvref_t<Op>(std::forward<Op>(op));
}

template <class Op>
using Owned = decltype(owned(std::declval<Op>()));

/// How an expression holds an operand that came as A&&: an lvalue by reference, a temporary by
/// value.
template <class A>
using Kept = std::conditional_t<std::is_lvalue_reference_v<A>, const std::remove_cvref_t<A>&,
                                std::remove_cvref_t<A>>;

}  // namespace strum::inline STRUM_ABI::detail
