// What fit::search() tries: families of structures. A new one joins with one line in families(), or
// from outside, in SearchOptions::families:
//
//     fit::Family<float> circulant{"Circulant", [](const fit::SearchTarget<float>& target) {
//       return std::vector<fit::Proposal<float>>{{.shape = "n = 512", .parameter_count = 512,
//           .fit = [w = target.w] { return fit::any(my_circulant_fit(w)); }}};
//     }};
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/fit/calibration.hpp"
#include "strum/fit/fit.hpp"

namespace strum::inline STRUM_ABI::fit {

/// The same fit (or CalibratedFit), its operator's type known at run time.
template <template <class> class FitOf, class Op>
[[nodiscard]] Fit<AnyLinearOp<typename Op::Scalar>> any(FitOf<Op> fit) {
  return {AnyLinearOp<typename Op::Scalar>(std::move(fit.op)), fit.relative_error,
          fit.parameter_count};
}

/// What a search looks for.
template <class Scalar>
struct SearchTarget {
  MatrixView<const Scalar> w;  ///< finite
  Index limit = 0;             ///< parameters, at most
  double error = 0;            ///< relative, small enough if it is reached; 0: none is
  std::uint64_t seed = 0;
  const Calibration* calibration =
      nullptr;  ///< where given, the error that counts is on its inputs
};

/// An error that only the fit itself can tell.
inline constexpr double kUnknownError = std::numeric_limits<double>::quiet_NaN();

/// A fit that has not been made. It may refer to what the target's view refers to, and must give
/// the same operator whenever it is called.
template <class Scalar>
struct Proposal {
  std::string shape;  ///< in words, such as "rank 64"
  Index parameter_count = 0;
  /// The relative error as cheaply as it can be guessed, from a sample of sub-matrices for
  /// instance: decides which proposals are fitted, never what is reported.
  double estimated_error = kUnknownError;
  std::function<Fit<AnyLinearOp<Scalar>>()> fit = {};
};

template <class Scalar>
struct Family {
  std::string name;
  /// None where the structure does not suit the sizes or the limit.
  std::function<std::vector<Proposal<Scalar>>(const SearchTarget<Scalar>&)> propose;
};

/// All that the library has. Scalar is float or double.
template <class Scalar>
[[nodiscard]] STRUM_API std::vector<Family<Scalar>> families();

}  // namespace strum::inline STRUM_ABI::fit

#if defined(STRUM_HEADER_ONLY)
#include "strum/fit/search/families-inl.hpp"
#endif
