// What the tests of the Fourier layers share: sizes, random data, bin centres.
#pragma once

#include <limits>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "strum/core/eigen.hpp"
#include "strum/core/tensor.hpp"

namespace fourier {

using strum::Index;
using strum::Tensor;

inline constexpr long double kPi = 3.141592653589793238462643383279502884L;

/// z_j.
inline long double centre(Index j, Index bins) {
  return -1 + static_cast<long double>(2 * j + 1) / static_cast<long double>(bins);
}

/// N, m: more bins than frequencies, fewer, one of either, sizes that fill no vector.
inline const std::vector<std::pair<Index, Index>> kSizes = {
    {0, 1}, {0, 5}, {1, 2}, {3, 8}, {6, 31}, {12, 7}, {9, 4}, {5, 1}, {7, 7}, {8, 7}, {20, 100}};

template <class Scalar>
class Fixture : public testing::Test {
 public:
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  static constexpr long double kEps = std::numeric_limits<Scalar>::epsilon();

  Matrix random(Index rows, Index cols) {
    return Matrix::NullaryExpr(rows, cols,
                               [&] { return static_cast<Scalar>(normal_(generator_)); });
  }
  Tensor<Scalar> random_tensor(strum::Shape shape) {
    Tensor<Scalar> tensor(std::move(shape));
    for (Index i = 0; i < tensor.size(); ++i) tensor[i] = static_cast<Scalar>(normal_(generator_));
    return tensor;
  }

 private:
  std::mt19937 generator_{1};
  std::normal_distribution<double> normal_;
};

using Scalars = testing::Types<float, double>;

}  // namespace fourier
