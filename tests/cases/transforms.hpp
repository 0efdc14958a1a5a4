// Fast transforms as operators: Fourier, Cosine, Sine, Hartley, Hadamard, Haar.
#pragma once

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "strum/transforms/cosine.hpp"
#include "strum/transforms/fourier.hpp"
#include "strum/transforms/haar.hpp"
#include "strum/transforms/hadamard.hpp"
#include "strum/transforms/hartley.hpp"
#include "strum/transforms/sine.hpp"
#include "suite/operator_case.hpp"
#include "transform_definitions.hpp"

namespace strum::test {

inline std::string norm_name(Norm norm) {
  return norm == Norm::backward ? "" : norm == Norm::ortho ? "_ortho" : "_forward";
}

/// A product with n x n numbers that are known by a formula. The butterflies of a transform of
/// length n, and those before and behind it.
template <class Op, class Entry>
auto transform_case(const std::string& name, const Op& op, const Entry& entry, long double norm) {
  using S = typename Op::Scalar;
  DenseFactor factor(op.rows(), op.rows());
  for (Index k = 0; k < op.rows(); ++k)
    for (Index j = 0; j < op.rows(); ++j) factor.set(k, j, entry(k, j));
  auto c = make_case<Op, S>(name, op, {factor}, {});
  c.parts_apart = true;
  if (norm > 0)
    c.normwise = NormwiseBound{.norm = static_cast<double>(norm),
                               .levels = std::log2(static_cast<double>(2 * op.rows())) + 2};
  return c;
}

template <class S>
OperatorCase<S> fourier_case(Index n, Norm norm, Direction direction) {
  const Angles angles(n);
  const long double scale = direction == Direction::forward
                                ? fourier_scale(norm, n)
                                : 1 / (fourier_scale(norm, n) * static_cast<long double>(n));
  const double sign = direction == Direction::forward ? -1 : 1;
  const auto entry = [&](Index k, Index j) {
    return std::complex<double>(static_cast<double>(scale * angles.cos(2 * j * k)),
                                sign * static_cast<double>(scale * angles.sin(2 * j * k)));
  };
  return transform_case(
      shape_name(n) + norm_name(norm) + (direction == Direction::forward ? "" : "_inverse"),
      Fourier<S>(n, norm, direction), entry, scale * std::sqrt(static_cast<long double>(n)));
}

template <class S>
std::vector<OperatorCase<S>> fourier_cases() {
  return {fourier_case<S>(24, Norm::ortho, Direction::forward),
          fourier_case<S>(16, Norm::backward, Direction::forward),
          fourier_case<S>(1, Norm::backward, Direction::inverse),
          fourier_case<S>(15, Norm::forward, Direction::inverse),
          fourier_case<S>(17, Norm::backward, Direction::inverse),
          fourier_case<S>(3, Norm::forward, Direction::forward),
          fourier_case<S>(150, Norm::backward, Direction::forward)};
}

template <class Op>
auto trig_case(bool sine, int type, Index n, Norm norm) {
  const TrigDefinition definition(sine, type, n, norm);
  const auto entry = [&](Index k, Index j) { return static_cast<double>(definition(k, j)); };
  return transform_case("type" + shape_name(type, n) + norm_name(norm), Op(type, n, norm), entry,
                        definition.norm());
}

template <class S>
std::vector<OperatorCase<S>> cosine_cases() {
  const auto make = [](int type, Index n, Norm norm) {
    return trig_case<Cosine<S>>(false, type, n, norm);
  };
  return {make(2, 16, Norm::ortho),   make(1, 9, Norm::backward), make(2, 15, Norm::backward),
          make(3, 12, Norm::forward), make(4, 10, Norm::ortho),   make(1, 8, Norm::ortho),
          make(4, 7, Norm::backward), make(3, 150, Norm::ortho),  make(2, 1, Norm::backward)};
}

template <class S>
std::vector<OperatorCase<S>> sine_cases() {
  const auto make = [](int type, Index n, Norm norm) {
    return trig_case<Sine<S>>(true, type, n, norm);
  };
  return {make(2, 16, Norm::ortho),    make(1, 9, Norm::backward), make(2, 15, Norm::backward),
          make(3, 12, Norm::backward), make(4, 10, Norm::ortho),   make(1, 8, Norm::ortho),
          make(4, 7, Norm::forward),   make(3, 150, Norm::ortho)};
}

template <class S>
OperatorCase<S> hartley_case(Index n, Norm norm) {
  const Angles angles(n);
  const long double scale = fourier_scale(norm, n);
  const auto entry = [&](Index k, Index j) {
    return static_cast<double>(scale * (angles.cos(2 * j * k) + angles.sin(2 * j * k)));
  };
  return transform_case(shape_name(n) + norm_name(norm), Hartley<S>(n, norm), entry,
                        scale * std::sqrt(static_cast<long double>(n)));
}

template <class S>
std::vector<OperatorCase<S>> hartley_cases() {
  return {hartley_case<S>(16, Norm::ortho), hartley_case<S>(15, Norm::backward),
          hartley_case<S>(1, Norm::backward), hartley_case<S>(150, Norm::forward)};
}

/// ±1: of H_12 and H_20 by a search for the square, of what follows by counting bits.
inline int hadamard_sign(Index n, Index i, Index j) {
  const Index m = std::has_single_bit(static_cast<std::size_t>(n)) ? 1 : n % 12 == 0 ? 12 : 20;
  const Index inner = n / m, row = i / inner, col = j / inner;
  int sign = std::popcount(static_cast<std::size_t>((i % inner) & (j % inner))) % 2 == 0 ? 1 : -1;
  if (row == 0 || col == 0) return sign;
  for (Index root = 0; root < m - 1; ++root)
    if ((root * root - row - col + 2) % (m - 1) == 0) return -sign;
  return sign;
}

/// Every output is a sum of as many products as its row has entries, and the bound is one on each.
template <class S>
OperatorCase<S> hadamard_case(Index n, Norm norm) {
  const auto scale = static_cast<double>(fourier_scale(norm, n));
  return transform_case(
      shape_name(n) + norm_name(norm), Hadamard<S>(n, norm),
      [&](Index i, Index j) { return scale * hadamard_sign(n, i, j); }, 0);
}

template <class S>
std::vector<OperatorCase<S>> hadamard_cases() {
  return {hadamard_case<S>(8, Norm::backward), hadamard_case<S>(24, Norm::ortho),
          hadamard_case<S>(1, Norm::backward), hadamard_case<S>(64, Norm::forward),
          hadamard_case<S>(160, Norm::backward)};
}

template <class S>
OperatorCase<S> haar_case(Index n) {
  const auto entry = [&](Index i, Index j) {
    if (i == 0) return 1 / std::sqrt(static_cast<double>(n));
    Index first = 1;  // row of the first detail of this size, and how many there are
    while (2 * first <= i) first *= 2;
    const Index support = n / first, begin = (i - first) * support;
    if (j < begin || j >= begin + support) return 0.0;
    const double size = 1 / std::sqrt(static_cast<double>(support));
    return j < begin + support / 2 ? size : -size;
  };
  return transform_case(shape_name(n), Haar<S>(n), entry, 0);
}

template <class S>
std::vector<OperatorCase<S>> haar_cases() {
  return {haar_case<S>(8), haar_case<S>(64), haar_case<S>(1), haar_case<S>(2), haar_case<S>(128)};
}

}  // namespace strum::test
