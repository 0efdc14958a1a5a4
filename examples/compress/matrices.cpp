#include "matrices.hpp"

#include <cmath>

#include <Eigen/Core>

namespace compress {
namespace {

using strum::Index;

constexpr Index kSize = 1024;
const double kPi = std::acos(-1.0);

/// The tensor of `entry(i, j)`, computed in double and rounded once.
template <class Entry>
strum::Tensor<float> tabulate(const Entry& entry) {
  strum::Tensor<float> values({kSize, kSize});
  for (Index i = 0; i < kSize; ++i)
    for (Index j = 0; j < kSize; ++j) values(i, j) = static_cast<float>(entry(i, j));
  return values;
}

/// √(2/n) cos(π(2j + 1)i / 2n), the first row divided by √2. Orthogonal, so of full rank with all
/// singular values 1: nothing for a low-rank form to drop.
strum::Tensor<float> dct() {
  return tabulate([](Index i, Index j) {
    // The angle's numerator modulo its period keeps the argument of cos small, and so exact.
    const Index turn = (2 * j + 1) * i % (4 * kSize);
    const double angle = kPi * static_cast<double>(turn) / (2 * kSize);
    return std::sqrt((i == 0 ? 1.0 : 2.0) / kSize) * std::cos(angle);
  });
}

/// (1 + √3 d) exp(-√3 d), d = distance / length scale: the covariance of a Gaussian process at
/// evenly spaced times, over ten length scales.
strum::Tensor<float> matern() {
  return tabulate([](Index i, Index j) {
    const double d = std::sqrt(3.0) * 10.0 * std::abs(static_cast<double>(i - j)) / kSize;
    return (1 + d) * std::exp(-d);
  });
}

/// The inverse of the five-point Laplacian on a grid of 32 x 32 inner points with zero boundary
/// values, from its eigenvectors sin(π a i / 33)·sin(π b j / 33) and eigenvalues
/// 4 - 2 cos(π a / 33) - 2 cos(π b / 33).
strum::Tensor<float> green() {
  constexpr Index kSide = 32;
  static_assert(kSide * kSide == kSize);
  const auto angle = [](Index a) { return kPi * static_cast<double>(a + 1) / (kSide + 1); };
  Eigen::MatrixXd vectors(kSize, kSize), scaled(kSize, kSize);
  for (Index column = 0; column < kSize; ++column) {
    const double a = angle(column / kSide), b = angle(column % kSide);
    for (Index row = 0; row < kSize; ++row)
      vectors(row, column) = 2.0 / (kSide + 1) *
                             std::sin(a * static_cast<double>(row / kSide + 1)) *
                             std::sin(b * static_cast<double>(row % kSide + 1));
    scaled.col(column) = vectors.col(column) / (4 - 2 * std::cos(a) - 2 * std::cos(b));
  }
  const Eigen::MatrixXd inverse = scaled * vectors.transpose();
  return tabulate([&](Index i, Index j) { return inverse(i, j); });
}

}  // namespace

std::vector<BuiltIn> built_in_matrices() {
  return {{"dct", "orthonormal DCT-II", dct},
          {"matern", "Matern-3/2 covariance of 1024 points on a line", matern},
          {"green", "Green's function of the 2-D Laplacian, 32 x 32 grid", green}};
}

}  // namespace compress
