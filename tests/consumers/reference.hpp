// A Monarch and a block-diagonal product as plain loops, on std::vector alone, and the bound within
// which strum must agree with them. Each program includes this in one of its files.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <vector>

namespace reference {

/// Numbers in [-1, 1] that look random and are the same everywhere.
inline std::vector<float> numbers(std::size_t count, unsigned seed) {
  std::vector<float> values(count);
  for (float& value : values) {
    seed = seed * 1664525u + 1013904223u;
    value = static_cast<float>(seed >> 8) / static_cast<float>(1 << 23) - 1.0f;
  }
  return values;
}

/// A result in double precision, and beside it the same sum of absolute values.
struct Result {
  std::vector<double> value, magnitude;
  std::size_t terms;  // the sum of the inner lengths

  Result(std::size_t size, std::size_t inner_lengths)
      : value(size), magnitude(size), terms(inner_lengths) {}

  void add(std::size_t i, double weight, double x, double x_magnitude) {
    value[i] += weight * x;
    magnitude[i] += std::abs(weight) * x_magnitude;
  }

  /// |y - value| <= (terms + 4)·eps·magnitude for every element.
  [[nodiscard]] bool agrees(const char* what, const std::vector<float>& y) const {
    const double c = static_cast<double>(terms + 4) * std::numeric_limits<float>::epsilon();
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (std::abs(double{y[i]} - value[i]) <= c * magnitude[i]) continue;
      std::printf("%s: element %zu is %.9g, must be %.9g\n", what, i, double{y[i]}, value[i]);
      return false;
    }
    return true;
  }
};

/// Sizes as in the operators' formulas; samples are columns, one after the other.
struct Sizes {
  std::size_t k = 6, q = 8, p = 5, l = 12, s = 7, r = 4, batch = 5;
};

/// y[σ·l + λ] = Σ_ρ w2[λ, σ, ρ] · h[ρ·l + λ],  h[κ·q + j] = Σ_i w1[κ, j, i] · x[κ·p + i].
inline Result monarch(const Sizes& z, const std::vector<float>& w1, const std::vector<float>& w2,
                      const std::vector<float>& x) {
  Result y(z.s * z.l * z.batch, z.p + z.r);
  for (std::size_t b = 0; b < z.batch; ++b) {
    Result h(z.k * z.q, z.p);
    for (std::size_t kappa = 0; kappa < z.k; ++kappa)
      for (std::size_t j = 0; j < z.q; ++j)
        for (std::size_t i = 0; i < z.p; ++i) {
          const double x_i = x[b * z.k * z.p + kappa * z.p + i];
          h.add(kappa * z.q + j, w1[(kappa * z.q + j) * z.p + i], x_i, std::abs(x_i));
        }
    for (std::size_t lambda = 0; lambda < z.l; ++lambda)
      for (std::size_t sigma = 0; sigma < z.s; ++sigma)
        for (std::size_t rho = 0; rho < z.r; ++rho)
          y.add(b * z.s * z.l + sigma * z.l + lambda, w2[(lambda * z.s + sigma) * z.r + rho],
                h.value[rho * z.l + lambda], h.magnitude[rho * z.l + lambda]);
  }
  return y;
}

/// y[g·q + j] = Σ_i w1[g, j, i] · x[g·p + i].
inline Result block_diagonal(const Sizes& z, const std::vector<float>& w1,
                             const std::vector<float>& x) {
  Result y(z.k * z.q * z.batch, z.p);
  for (std::size_t b = 0; b < z.batch; ++b)
    for (std::size_t g = 0; g < z.k; ++g)
      for (std::size_t j = 0; j < z.q; ++j)
        for (std::size_t i = 0; i < z.p; ++i) {
          const double x_i = x[b * z.k * z.p + g * z.p + i];
          y.add(b * z.k * z.q + g * z.q + j, w1[(g * z.q + j) * z.p + i], x_i, std::abs(x_i));
        }
  return y;
}

}  // namespace reference
