// Transforms by their definitions, in long double: what fast ones are compared with.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "strum/transforms/norm.hpp"

namespace strum::test {

/// cos and sin of all multiples of π/d, 0 <= multiple < 2·d.
class Angles {
 public:
  explicit Angles(Index d) : d_(d) {
    const long double pi = std::acos(-1.0L);
    for (Index i = 0; i < 2 * d; ++i) {
      const long double angle = pi * static_cast<long double>(i) / static_cast<long double>(d);
      cos_.push_back(2 * i == d || 2 * i == 3 * d ? 0 : std::cos(angle));
      sin_.push_back(i == d ? 0 : std::sin(angle));
    }
  }
  /// cos(π·multiple/d).
  [[nodiscard]] long double cos(Index multiple) const { return cos_[at(multiple)]; }
  [[nodiscard]] long double sin(Index multiple) const { return sin_[at(multiple)]; }

 private:
  [[nodiscard]] std::size_t at(Index multiple) const {
    return static_cast<std::size_t>(multiple % (2 * d_));
  }
  Index d_;
  std::vector<long double> cos_, sin_;
};

/// Cosine and sine transforms as SciPy defines them (1.11 and later; before, its orthonormal sine
/// transforms of types II and III were not orthogonal).
class TrigDefinition {
 public:
  TrigDefinition(bool sine, int type, Index n, Norm norm)
      : sine_(sine),
        type_(type),
        n_(n),
        ortho_(norm == Norm::ortho),
        scale_(norm == Norm::ortho     ? 1 / std::sqrt(modulus())
               : norm == Norm::forward ? 1 / modulus()
                                       : 1),
        angles_(type == 1   ? (sine ? n + 1 : n - 1)
                : type == 4 ? 4 * n
                            : 2 * n) {}

  /// 2n, or 2(n − 1) and 2(n + 1) for DCT-I and DST-I: what two unnormalised transforms after each
  /// other multiply by.
  [[nodiscard]] long double modulus() const {
    return 2 * static_cast<long double>(type_ != 1 ? n_ : sine_ ? n_ + 1 : n_ - 1);
  }
  /// No less than the spectral norm.
  [[nodiscard]] long double norm() const {
    return scale_ * std::sqrt(modulus()) * (ortho_ ? 1 : std::sqrt(2.0L));
  }

  /// Of output k and input j.
  [[nodiscard]] long double operator()(Index k, Index j) const {
    const Index one = sine_ ? 1 : 0;
    long double value = 0;
    switch (type_) {
      case 1:
        value = wave((j + one) * (k + one));
        if (!sine_) value *= (is_end(j) ? 1 : 2) * root2(is_end(j)) / root2(is_end(k));
        if (sine_) value *= 2;
        break;
      case 2:
        value = 2 * wave((2 * j + 1) * (k + one)) / root2(k == special());
        break;
      case 3:
        value = (j == special() ? 1 : 2) * wave((j + one) * (2 * k + 1)) * root2(j == special());
        break;
      default:
        value = 2 * wave((2 * j + 1) * (2 * k + 1));
    }
    return scale_ * value;
  }

 private:
  [[nodiscard]] long double wave(Index multiple) const {
    return sine_ ? angles_.sin(multiple) : angles_.cos(multiple);
  }
  [[nodiscard]] Index special() const { return sine_ ? n_ - 1 : 0; }
  [[nodiscard]] bool is_end(Index j) const { return j == 0 || j == n_ - 1; }
  [[nodiscard]] long double root2(bool there) const {
    return there && ortho_ ? std::sqrt(2.0L) : 1;
  }

  bool sine_;
  int type_;
  Index n_;
  bool ortho_;
  long double scale_;
  Angles angles_;
};

/// The factor of a Fourier or Hartley transform.
inline long double fourier_scale(Norm norm, Index n) {
  const auto size = static_cast<long double>(n);
  return norm == Norm::ortho ? 1 / std::sqrt(size) : norm == Norm::forward ? 1 / size : 1;
}

}  // namespace strum::test
