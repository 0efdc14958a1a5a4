// The compress program's own matrices, by what defines them.
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "../examples/compress/matrices.hpp"

namespace strum::test {
namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();
constexpr Index kSize = 1024;

Tensor<float> built_in(const std::string& name) {
  for (const compress::BuiltIn& matrix : compress::built_in_matrices())
    if (matrix.name == name) return matrix.make();
  ADD_FAILURE() << name;
  return {};
}

TEST(CompressMatrices, Dct) {
  const Tensor<float> dct = built_in("dct");
  const double pi = std::acos(-1.0);
  for (Index i = 0; i < kSize; ++i)
    for (Index j = 0; j < kSize; ++j) {
      const double size = std::sqrt((i == 0 ? 1.0 : 2.0) / 1024);
      const auto phase = static_cast<double>((2 * j + 1) * i);
      ASSERT_NEAR(dct(i, j), size * std::cos(pi * phase / 2048), kEps * size);
    }
}

TEST(CompressMatrices, Matern) {
  const Tensor<float> matern = built_in("matern");
  for (Index i = 0; i < kSize; ++i)
    for (Index j = 0; j < kSize; ++j) {
      const double distance = std::sqrt(3.0) * static_cast<double>(std::abs(i - j)) / 102.4;
      ASSERT_NEAR(matern(i, j), (1 + distance) * std::exp(-distance), kEps);
    }
}

/// The Laplacian of column j of its inverse is 1 at point j, 0 elsewhere; point = 32 row + column.
TEST(CompressMatrices, Green) {
  const Tensor<float> green = built_in("green");
  const auto at = [&](Index row, Index column, Index j) {
    if (row < 0 || row > 31 || column < 0 || column > 31) return 0.0;
    return static_cast<double>(green(32 * row + column, j));
  };
  double largest = 0;
  for (Index i = 0; i < green.size(); ++i)
    largest = std::max(largest, static_cast<double>(green[i]));
  const double bound = 8 * kEps * largest;  // twice what rounding eight entries costs
  for (Index j = 0; j < kSize; ++j)
    for (Index row = 0; row < 32; ++row)
      for (Index column = 0; column < 32; ++column) {
        const double laplacian = 4 * at(row, column, j) - at(row - 1, column, j) -
                                 at(row + 1, column, j) - at(row, column - 1, j) -
                                 at(row, column + 1, j);
        ASSERT_NEAR(laplacian, 32 * row + column == j ? 1 : 0, bound);
      }
}

}  // namespace
}  // namespace strum::test
