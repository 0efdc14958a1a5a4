// A matrix as the sum of one of a set and one of another: alternating projections, and the
// extrapolation that makes them fast.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "strum/core/error.hpp"
#include "strum/fit/alternating.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Anderson's extrapolation of a fixed-point iteration x -> g(x): of the steps taken so far, the
/// combination whose change g(x) − x is least.
class Extrapolation {
 public:
  using Matrix = Eigen::MatrixXd;

  /// Forgets the steps taken.
  void restart() { taken_ = 0; }

  /// Where to go on after x led to g.
  [[nodiscard]] Matrix next(const Matrix& x, const Matrix& g) {
    const OneThread one_thread;
    const Matrix change = g - x;
    if (changes_.cols() == 0) changes_.resize(x.size(), kDepth), results_ = changes_;
    Matrix result = g;
    if (taken_ > 0) {
      const Index at = (taken_ - 1) % kDepth, count = std::min(taken_, kDepth);
      changes_.col(at) = (change - last_change_).reshaped();
      results_.col(at) = (g - last_result_).reshaped();
      const auto changes = changes_.leftCols(count);
      Matrix normal = changes.transpose() * changes;
      normal.diagonal() *= 1 + kDamping;
      const Eigen::VectorXd weights = normal.ldlt().solve(changes.transpose() * change.reshaped());
      if (weights.allFinite()) result.reshaped() -= results_.leftCols(count) * weights;
    }
    last_change_ = change;
    last_result_ = g;
    ++taken_;
    return result;
  }

 private:
  /// Steps that are remembered: with 3 it takes a quarter more of them, with 10 a sixth fewer at
  /// most, and each is two matrices.
  static constexpr Index kDepth = 6;
  /// Of the normal equations, whose matrix may be singular.
  static constexpr double kDamping = 1e-12;

  Matrix changes_, results_;  // differences between one step and the next, columns in turn
  Matrix last_change_, last_result_;
  Index taken_ = 0;
};

/// First and Second take a matrix to one of their set. Second finds the nearest. First, which is
/// copied with what it remembers, finds one no farther away than the one that it found before.
template <class First, class Second>
class AlternatingSum {
 public:
  using Matrix = Eigen::MatrixXd;

  AlternatingSum(const Matrix& w, First first, Second second)
      : w_(w), second_(std::move(second)), now_{std::move(first), {}, kNone} {}

  /// Steps from a second matrix that need not be of its set. Returns one that is.
  [[nodiscard]] Matrix run(Matrix start, const fit::AlternatingOptions& options) {
    if (options.max_steps < 1)
      fail<ValueError>("fit: at most ", options.max_steps, " steps, needs 1 or more");
    const double norm = w_.norm(), rounding = 8 * std::numeric_limits<double>::epsilon() * norm;
    Extrapolation extrapolation;
    for (Index step = 1; step <= options.max_steps; ++step) {
      const double before = now_.error;
      Iterate next = step_from(start);
      if (next.error > before) {  // plain steps are never worse, but for rounding
        extrapolation.restart();
        start = now_.second;
        next = step_from(start);
      }
      if (next.error <= before) now_ = std::move(next);
      if (options.on_step) options.on_step(step, norm == 0 ? 0 : now_.error / norm);
      if (now_.error <= rounding || before - now_.error < options.tolerance * before) break;
      start = extrapolation.next(start, now_.second);
    }
    return std::move(now_.second);
  }

 private:
  static constexpr double kNone = std::numeric_limits<double>::max();

  struct Iterate {
    First first;
    Matrix second;
    double error;
  };

  [[nodiscard]] Iterate step_from(const Matrix& start) const {
    Iterate next{now_.first, {}, 0};
    const Matrix rest = w_ - next.first(w_ - start);
    next.second = second_(rest);
    next.error = (rest - next.second).norm();
    return next;
  }

  const Matrix& w_;
  Second second_;
  Iterate now_;
};

}  // namespace strum::inline STRUM_ABI::detail
