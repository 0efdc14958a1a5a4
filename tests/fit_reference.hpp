// What the fits are checked against: matrices with known spectra, and singular values by an
// algorithm that has nothing in common with the library's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <Eigen/Core>
#include <Eigen/QR>

#include "strum/core/parallel.hpp"
#include "strum/core/tensor.hpp"

namespace fit_reference {

using Eigen::MatrixXd;
using strum::Index;

/// Independent standard normal entries.
inline MatrixXd gaussian(Index rows, Index cols, std::uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  return MatrixXd::NullaryExpr(rows, cols, [&] { return normal(generator); });
}

/// Standard normal numbers of NumPy's legacy generator, seed 0.
inline MatrixXd numpy_gaussian(Index rows, Index cols) {
  std::mt19937 g(0);
  const auto uniform = [&] {
    const auto a = static_cast<double>(g() >> 5), b = static_cast<double>(g() >> 6);
    return (a * 0x1p26 + b) / 0x1p53;
  };
  std::vector<double> values;
  while (static_cast<Index>(values.size()) < rows * cols) {
    double x1 = 0, x2 = 0, s = 0;
    do {
      x1 = 2 * uniform() - 1;
      x2 = 2 * uniform() - 1;
      s = x1 * x1 + x2 * x2;
    } while (s >= 1 || s == 0);
    const double factor = std::sqrt(-2 * std::log(s) / s);
    values.push_back(factor * x2);
    values.push_back(factor * x1);
  }
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
      values.data(), rows, cols);
}

/// Orthonormal columns in a random direction.
inline MatrixXd orthonormal(Index rows, Index cols, std::uint32_t seed) {
  const MatrixXd g = gaussian(rows, cols, seed);
  return Eigen::HouseholderQR<MatrixXd>(g).householderQ() * MatrixXd::Identity(rows, cols);
}

/// An m x n matrix with these singular values, to rounding.
inline MatrixXd with_spectrum(Index m, Index n, const Eigen::VectorXd& sigma, std::uint32_t seed) {
  return orthonormal(m, sigma.size(), seed) * sigma.asDiagonal() *
         orthonormal(n, sigma.size(), seed + 1).transpose();
}

/// make() gives the same on one thread and on four.
template <class F>
void expect_same_on_any_number_of_threads(const F& make) {
  const int before = strum::num_threads();
  strum::set_num_threads(1);
  const auto one = make();
  strum::set_num_threads(4);
  EXPECT_EQ(make(), one);
  strum::set_num_threads(before);
}

/// Squared singular values, largest first, by one-sided Jacobi rotations in long double: accurate
/// relative to each one where columns are merely graded, and to 1e-19·σ_1 always.
inline std::vector<long double> squared_singular_values(const MatrixXd& a) {
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  Matrix w = (a.rows() < a.cols() ? MatrixXd(a.transpose()) : a).cast<long double>();
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < 60; ++sweep) {
    rotated = false;
    for (Index i = 0; i < w.cols(); ++i)
      for (Index j = i + 1; j < w.cols(); ++j) {
        const long double x = w.col(i).squaredNorm(), y = w.col(j).squaredNorm();
        const long double z = w.col(i).dot(w.col(j));
        if (z == 0 || std::abs(z) <= 1e-18L * std::sqrt(x * y)) continue;
        rotated = true;
        const long double tau = (y - x) / (2 * z);
        const long double t = std::copysign(1.0L, tau) / (std::abs(tau) + std::hypot(1.0L, tau));
        const long double c = 1 / std::hypot(1.0L, t);
        const Eigen::Matrix<long double, Eigen::Dynamic, 1> left = w.col(i);
        w.col(i) = c * (left - t * w.col(j));
        w.col(j) = c * (t * left + w.col(j));
      }
  }
  std::vector<long double> values;
  for (Index j = 0; j < w.cols(); ++j) values.push_back(w.col(j).squaredNorm());
  std::sort(values.rbegin(), values.rend());
  return values;
}

/// Squared distance of the matrix with these squared singular values to the nearest of this rank.
inline double squared_tail(const std::vector<long double>& values, Index rank) {
  long double sum = 0;
  for (std::size_t i = values.size(); i-- > static_cast<std::size_t>(rank);) sum += values[i];
  return static_cast<double>(sum);
}

inline double squared_distance_to_rank(const MatrixXd& a, Index rank) {
  return a.size() == 0 ? 0 : squared_tail(squared_singular_values(a), rank);
}

template <class Scalar>
Eigen::MatrixXd to_double(const strum::Tensor<Scalar>& tensor) {
  const auto view = tensor.matrix();
  return MatrixXd::NullaryExpr(view.rows(), view.cols(),
                               [&](Index i, Index j) { return static_cast<double>(view(i, j)); });
}

/// The fits' documented promise against the optimum: a relative 1e-9 of the squared error, the
/// square of max(m, n)·eps·‖W‖_F for triples that are not looked for, and as much again for
/// rounding; W itself is known to eps·‖W‖_F only, which moves its distance (not its square).
inline bool is_optimal(double squared_error, double squared_optimum, const MatrixXd& w) {
  const double noise = 2 * static_cast<double>(std::max(w.rows(), w.cols())) * 0x1p-52 * w.norm();
  const double error = std::sqrt(squared_error), optimum = std::sqrt(squared_optimum);
  return error <= optimum * (1 + 1e-9) + noise && error >= optimum * (1 - 1e-9) - noise;
}

}  // namespace fit_reference
