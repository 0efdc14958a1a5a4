// FourierSynthesis: columns ½, cos(πk·z_j) and 0, −sin(πk·z_j), z_j = −1 + (2j + 1)/m.
#pragma once

#include <cmath>
#include <vector>

#include "strum/nn/fourier_synthesis.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

template <class Scalar>
OperatorCase<Scalar> fourier_synthesis_case(Index frequencies, Index bins) {
  const long double pi = std::acos(-1.0L);
  DenseFactor factor(bins, 2 * (frequencies + 1));
  for (Index j = 0; j < bins; ++j) {
    factor(j, 0) = 0.5;
    for (Index k = 1; k <= frequencies; ++k) {
      // πk·z_j = π·k·(2j + 1 − m)/m; whole turns are taken out exactly.
      const Index part = k * (2 * j + 1 - bins) % (2 * bins);
      const long double angle =
          pi * static_cast<long double>(part) / static_cast<long double>(bins);
      factor(j, k) = static_cast<Scalar>(std::cos(angle));
      factor(j, frequencies + 1 + k) = static_cast<Scalar>(-std::sin(angle));
    }
  }
  using Op = FourierSynthesis<Scalar>;
  auto c =
      make_case<Op, Scalar>(shape_name(frequencies, bins), Op(frequencies, bins), {factor}, {});
  c.stores_zeros = true;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> fourier_synthesis_cases() {
  return {fourier_synthesis_case<Scalar>(0, 1),   fourier_synthesis_case<Scalar>(1, 1),
          fourier_synthesis_case<Scalar>(3, 8),   fourier_synthesis_case<Scalar>(7, 5),
          fourier_synthesis_case<Scalar>(12, 33), fourier_synthesis_case<Scalar>(20, 64)};
}

}  // namespace strum::test
