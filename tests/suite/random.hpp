// Numbers for tests: the same on every machine and in every run.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "strum/core/scalar.hpp"
#include "strum/core/tensor.hpp"

namespace strum::test {

/// Values in ±[1/8, 1), of complex numbers both parts. Never 0, so that an entry of a written-out
/// matrix is 0 only where the structure says so, and never small, so that an entry left out or
/// doubled stands out of the rounding.
template <class Scalar>
class Random {
 public:
  explicit Random(std::uint32_t seed) : generator_(seed) {}

  Scalar operator()() {
    if constexpr (kIsComplex<Scalar>) {
      const Real<Scalar> re = part();
      return {re, part()};
    } else {
      return part();
    }
  }

 private:
  Real<Scalar> part() {
    const std::uint64_t bits = generator_();
    const double unit = static_cast<double>(bits >> 11) * 0x1p-53;
    const double size = 0.125 + 0.875 * unit;
    return static_cast<Real<Scalar>>((bits & 1u) != 0 ? size : -size);
  }

  std::mt19937_64 generator_;
};

template <class Scalar>
Tensor<Scalar> random_tensor(const Shape& shape, std::uint32_t seed) {
  Tensor<Scalar> tensor(shape);
  Random<Scalar> random(seed);
  for (Index i = 0; i < tensor.size(); ++i) tensor[i] = random();
  return tensor;
}

/// A batch: column-major without gaps, columns are samples.
template <class Scalar>
struct Samples {
  Samples(Index features, Index count)
      : rows(features), cols(count), values(static_cast<std::size_t>(features * count)) {}

  Scalar& operator()(Index i, Index s) { return values[static_cast<std::size_t>(i + s * rows)]; }
  const Scalar& operator()(Index i, Index s) const {
    return values[static_cast<std::size_t>(i + s * rows)];
  }
  [[nodiscard]] MatrixView<const Scalar> view() const { return {values.data(), rows, cols}; }
  [[nodiscard]] MatrixView<Scalar> view() { return {values.data(), rows, cols}; }

  Index rows, cols;
  std::vector<Scalar> values;
};

template <class Scalar>
Samples<Scalar> random_samples(Index features, Index count, std::uint32_t seed) {
  Samples<Scalar> samples(features, count);
  Random<Scalar> random(seed);
  for (Scalar& value : samples.values) value = random();
  return samples;
}

/// `count` samples: those of `from` over and over.
template <class Scalar>
Samples<Scalar> repeated(const Samples<Scalar>& from, Index count) {
  Samples<Scalar> samples(from.rows, count);
  for (Index s = 0; s < count; ++s)
    for (Index i = 0; i < from.rows; ++i) samples(i, s) = from(i, s % from.cols);
  return samples;
}

}  // namespace strum::test
