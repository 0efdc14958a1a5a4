// The types that weights are stored in, which may be narrower than the one they are used in.
//
//     Dense<float, bfloat16>, Monarch<float, bfloat16>, ...
//
// read half the bytes and compute what an operator of float with the same weights computes: a
// weight is widened, exactly, on its way into a register. They are made from numbers of either
// type, those of a checkpoint as they are, float rounded to nearest, once; so is set(), and get()
// hands out what is stored. with_weights<bfloat16>(op) converts an operator.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "strum/core/bfloat16.hpp"

namespace strum::inline STRUM_ABI {

/// An operator that computes in Scalar can store its weights as Weight, and be made from numbers of
/// that type: the scalar itself, and bfloat16 for float.
template <class Weight, class Scalar>
concept WeightOf = std::same_as<Weight, Scalar> ||
    (std::same_as<Weight, bfloat16>&& std::same_as<Scalar, float>);

namespace detail {

/// What an operator with these weights computes in, unless somebody says otherwise.
template <class Weight>
using ScalarFor = std::conditional_t<std::is_same_v<Weight, bfloat16>, float, Weight>;

/// One message in a compiler's first error line.
template <class Weight, class Scalar>
struct WeightCheck {
  static_assert(WeightOf<Weight, Scalar>,
                "strum: weights are stored in the operator's scalar type, or as strum::bfloat16 "
                "where that is float");
  using Type = Weight;
};
template <class Weight, class Scalar>
using CheckedWeight = typename WeightCheck<Weight, Scalar>::Type;

/// As descriptions and files name the type; empty where it is the scalar's.
template <class Scalar, class Weight>
inline constexpr std::string_view kWeightName = std::is_same_v<Scalar, Weight> ? "" : "BF16";

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
