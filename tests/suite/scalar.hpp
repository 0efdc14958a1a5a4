// What the checks need to know of a scalar, real or complex.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "strum/core/linear_op.hpp"
#include "strum/core/scalar.hpp"

namespace strum::test {

/// A complex number of these parts, or the first where Scalar is real.
template <class Scalar>
Scalar number(Real<Scalar> re, [[maybe_unused]] Real<Scalar> im) {
  if constexpr (kIsComplex<Scalar>)
    return {re, im};
  else
    return re;
}

template <class Scalar>
Scalar not_a_number() {
  constexpr auto kNan = std::numeric_limits<Real<Scalar>>::quiet_NaN();
  return number<Scalar>(kNan, kNan);
}

/// Whether no part is a number.
template <class Scalar>
bool is_spoilt(const Scalar& value) {
  if constexpr (kIsComplex<Scalar>)
    return !std::isfinite(value.real()) && !std::isfinite(value.imag());
  else
    return !std::isfinite(value);
}

/// Whether some part is no number.
template <class Scalar>
bool is_partly_spoilt(const Scalar& value) {
  if constexpr (kIsComplex<Scalar>)
    return !std::isfinite(value.real()) || !std::isfinite(value.imag());
  else
    return !std::isfinite(value);
}

template <class Scalar>
Scalar conjugate(const Scalar& value) {
  // 0 − im: a zero stays +0, as the difference of two equal sums is.
  if constexpr (kIsComplex<Scalar>)
    return {value.real(), 0 - value.imag()};
  else
    return value;
}

template <class Scalar>
std::string as_text(const Scalar& value) {
  std::ostringstream text;
  text.precision(std::numeric_limits<Real<Scalar>>::max_digits10);
  text << value;
  return text.str();
}

/// Both directions, with the weights as they are and, where that is something else, conjugated.
/// What differs from these is checked against the reference alone.
template <class Scalar>
inline constexpr std::array kDirections = {Mode::plain,
                                           kIsComplex<Scalar> ? Mode::adjoint : Mode::transpose};

}  // namespace strum::test
