// The body of fit::blast: compiled once in the library, inline header-only.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <Eigen/Core>

#include "strum/fit/blast.hpp"
#include "strum/fit/blast_factors-inl.hpp"
#include "strum/fit/blast_start-inl.hpp"
#include "strum/fit/measure.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Rounds of least squares by turns that follow upon common eigenvectors, which are far off in the
/// columns that noise has mixed. The low-rank start does better without: of planted 24 x 24
/// matrices of rank 4 (64 x 64, rank 8) Gauss–Newton found 10 (6) of ten from it, after ten rounds
/// 9 (5), after 40 rounds 9 (2).
inline constexpr int kBlastRounds = 10;

/// Gauss–Newton steps with Levenberg's and Marquardt's damping, the damping by Nielsen's rule.
class BlastDescent {
 public:
  using Matrix = Eigen::MatrixXd;

  BlastDescent(const BlastProblem& problem, BlastFactors start)
      : problem_(problem), x_(std::move(start)), norm_(problem.matrix().norm()) {
    x_.balance();
    residual_ = problem_.residual(x_);
    error_ = residual_.norm();
  }

  void run(const fit::AlternatingOptions& options) {
    const Matrix& w = problem_.matrix();
    const double rounding = static_cast<double>(std::max(w.rows(), w.cols())) *
                            std::numeric_limits<double>::epsilon() * norm_;
    for (Index i = 1; i <= options.max_steps && error_ > rounding; ++i) {
      const double before = error_;
      if (!step()) break;
      if (options.on_step) options.on_step(i, error_ / norm_);
      if (before - error_ < options.tolerance * before) break;
    }
  }

  [[nodiscard]] const BlastFactors& factors() const { return x_; }
  [[nodiscard]] double error() const { return error_; }

 private:
  /// False if no damping makes the error smaller.
  bool step() {
    BlastNormalMatrix normal(x_);
    const double largest = normal.largest();
    if (!(largest > 0)) return false;
    if (damping_ < 0) damping_ = 1e-2 * largest;
    const BlastFactors gradient = problem_.transposed_times(x_, residual_);
    constexpr int kMostTries = 30;
    for (int i = 0; i < kMostTries; ++i) {
      // Less, and Cholesky's factorisation breaks down. If it does, NaN is no smaller error.
      damping_ = std::max(damping_, 1e-13 * largest);
      normal.factorise(damping_);
      const BlastFactors change = solve(normal, gradient);
      const double expected = 2 * gradient.dot(change) - change.dot(normal.times(change)) +
                              damping_ * change.dot(change);
      BlastFactors next = x_;
      next.combine(1, 1, change);
      next.balance();
      Matrix residual = problem_.residual(next);
      if (const double error = residual.norm(); error < error_) {
        const double ratio = (error_ * error_ - error * error) / expected;
        damping_ *= std::max(1.0 / 3, 1 - std::pow(2 * ratio - 1, 3));
        growth_ = 2;
        x_ = std::move(next);
        residual_ = std::move(residual);
        error_ = error;
        return true;
      }
      damping_ *= growth_;
      growth_ *= 2;
    }
    return false;
  }

  /// Conjugate gradients, as exact as the step is worth.
  [[nodiscard]] BlastFactors solve(const BlastNormalMatrix& normal, const BlastFactors& g) const {
    constexpr int kMostIterations = 50;
    const double enough = std::min(0.1, error_ / norm_);
    BlastFactors rest = g, change = g;
    change.combine(0, 0, g);
    BlastFactors z = normal.solved_apart(rest), direction = z;
    const double first = rest.dot(z);
    double size = first;
    for (int i = 0; i < kMostIterations && size > enough * enough * first; ++i) {
      const BlastFactors image = normal.times(direction);
      const double length = size / direction.dot(image);
      change.combine(1, length, direction);
      rest.combine(1, -length, image);
      z = normal.solved_apart(rest);
      const double now = rest.dot(z);
      direction.combine(now / size, 1, z);
      size = now;
    }
    return change;
  }

  const BlastProblem& problem_;
  BlastFactors x_;
  Matrix residual_;
  double norm_, error_ = 0;
  double damping_ = -1, growth_ = 2;  // −1: not yet known
};

[[nodiscard]] inline BlastDescent after_rounds(const BlastProblem& problem, BlastFactors x,
                                               int rounds) {
  BlastTurns turns(problem, x);
  turns.update_s();
  for (int i = 0; i < rounds; ++i) {
    turns.update_u();
    turns.update_s();
    turns.update_v();
    turns.update_s();
    x.balance();
  }
  return BlastDescent(problem, std::move(x));
}

[[nodiscard]] inline BlastDescent blast_start(const BlastProblem& problem,
                                              const fit::BlastShape& shape, std::uint64_t seed) {
  BlastDescent best = after_rounds(
      problem, low_rank_start(problem, shape.block_rows, shape.block_cols, shape.rank, seed), 0);
  if (std::min(shape.block_rows, shape.block_cols) < 2 ||
      shape.rank > std::min(problem.height(), problem.width()))
    return best;
  const CommonEigenvectors other(problem, shape.block_rows, shape.block_cols, shape.rank);
  if (auto start = other.start()) {
    BlastDescent second = after_rounds(problem, std::move(*start), kBlastRounds);
    if (second.error() < best.error()) return second;
  }
  return best;
}

inline void check_blast(Index m, Index n, const fit::BlastShape& s, Index max_steps) {
  if (s.block_rows < 1 || s.block_cols < 1 || s.rank < 1 || m < 1 || n < 1 ||
      m % s.block_rows != 0 || n % s.block_cols != 0)
    fail<ShapeError>("fit::blast: the matrix is ", m, " x ", n, ", ", s.block_rows, " x ",
                     s.block_cols, " blocks of rank ", s.rank);
  if (max_steps < 0) fail<ValueError>("fit::blast: ", max_steps, " steps");
}

}  // namespace strum::inline STRUM_ABI::detail

namespace strum::inline STRUM_ABI::fit {

template <class Scalar>
Fit<Blast<Scalar>> blast(MatrixView<const Scalar> w, const BlastShape& shape,
                         const AlternatingOptions& options) {
  strum::detail::check_blast(w.rows(), w.cols(), shape, options.max_steps);
  const Index b1 = shape.block_rows, b2 = shape.block_cols, r = shape.rank;
  Tensor<Scalar> b({b1, w.rows() / b1, r}), c({b2, r, w.cols() / b2}), d({b1, b2, r});
  const strum::detail::Scaling scaling(w, "fit::blast");
  const Eigen::MatrixXd scaled = strum::detail::scaled_matrix(w, scaling);
  const strum::detail::BlastProblem problem(scaled, b1, b2);
  auto descent = strum::detail::blast_start(problem, shape, options.seed);
  descent.run(options);

  const strum::detail::BlastFactors& x = descent.factors();
  for (Index i = 0; i < b1; ++i)
    for (Index o = 0; o < problem.height(); ++o)
      for (Index a = 0; a < r; ++a)
        b(i, o, a) = static_cast<Scalar>(x.u_of(i)(o, a) * scaling.factor());
  for (Index j = 0; j < b2; ++j)
    for (Index a = 0; a < r; ++a)
      for (Index o = 0; o < problem.width(); ++o)
        c(j, a, o) = static_cast<Scalar>(x.v_of(j)(o, a) * scaling.factor());
  for (Index i = 0; i < b1; ++i)
    for (Index j = 0; j < b2; ++j)
      for (Index a = 0; a < r; ++a) d(i, j, a) = static_cast<Scalar>(x.s_of(i, j)[a]);
  const Blast<double> exact(b.template cast<double>(), c.template cast<double>(),
                            d.template cast<double>());
  return strum::detail::measured(w, scaling, Blast<Scalar>(b, c, d), exact);
}

}  // namespace strum::inline STRUM_ABI::fit
