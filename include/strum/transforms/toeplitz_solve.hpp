// Toeplitz systems by conjugate gradients with a circulant preconditioner.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <sstream>
#include <utility>
#include <vector>

#include "strum/transforms/circulant.hpp"
#include "strum/transforms/toeplitz.hpp"

namespace strum::inline STRUM_ABI {

struct ToeplitzSolveOptions {
  /// Relative residual ‖b − T·x‖ / ‖b‖ that is enough; 0: eps^¾ of the scalar type.
  double tolerance = 0;
  /// Products with T, at most, for each right-hand side; 0: 8n + 100.
  Index most_iterations = 0;
};

/// The solution of a system by iterations.
template <class Scalar>
struct IterativeSolution {
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> x;
  Index iterations = 0;          ///< of the right-hand side that took most
  double relative_residual = 0;  ///< of the worst, computed from x
};

namespace detail {

/// T. Chan's preconditioner, the circulant nearest to T in the Frobenius norm: c_k = ((n − k)·t_k +
/// k·t_{k−n})/n. Holds its inverse; eigenvalues that are nothing beside the largest count as that.
template <class Scalar>
class ChanPreconditioner {
 public:
  explicit ChanPreconditioner(const Toeplitz<Scalar>& t) {
    const Index n = t.rows();
    Tensor<Scalar> c({n});
    for (Index k = 0; k < n; ++k)
      c[k] = (static_cast<Real<Scalar>>(n - k) * t.diagonal(k) +
              (k == 0 ? Scalar(0) : static_cast<Real<Scalar>>(k) * t.diagonal(k - n))) /
             static_cast<Real<Scalar>>(n);
    std::vector<std::complex<double>> values = circulant_eigenvalues(c);
    double largest = 0;
    for (const auto& value : values) largest = std::max(largest, std::abs(value));
    const double floor = std::sqrt(std::numeric_limits<double>::epsilon()) * largest;
    for (auto& value : values) {
      positive_ = positive_ && value.real() > floor;
      value = largest == 0 ? 1 : 1.0 / (std::abs(value) > floor ? value : largest);
    }
    inverse_ = Circulant<Scalar>(circulant_column<Scalar>(std::move(values)));
  }

  /// Of a Hermitian T: whether it is positive definite.
  [[nodiscard]] bool positive() const { return positive_; }
  [[nodiscard]] const Circulant<Scalar>& inverse() const { return inverse_; }

 private:
  bool positive_ = true;
  Circulant<Scalar> inverse_;
};

/// One system. Conjugate gradients on T where it is Hermitian and positive definite, else on the
/// normal equations of C⁻¹·T (R. Chan and Ng 1996).
template <class Scalar>
class ToeplitzSolver {
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  using R = Real<Scalar>;

 public:
  ToeplitzSolver(const Toeplitz<Scalar>& t, double tolerance, Index most)
      : t_(t), preconditioner_(t), tolerance_(tolerance), most_(most) {
    definite_ = preconditioner_.positive();
    for (Index d = 0; d < t.rows(); ++d)
      definite_ = definite_ && t.diagonal(d) == Scalar(Eigen::numext::conj(t.diagonal(-d)));
  }

  [[nodiscard]] Vector solve(const Vector& b) {
    iterations = 0;
    Vector x = Vector::Zero(b.size());
    for (double before = std::numeric_limits<double>::infinity();;) {
      const Vector r = b - t_ * x;  // not the recurrence's, which drifts from it
      residual = b.norm() == 0 ? 0 : static_cast<double>(r.norm() / b.norm());
      if (residual <= tolerance_ || !(residual < before) || iterations >= most_) return x;
      before = residual / 2;
      const double wanted = tolerance_ * static_cast<double>(b.norm()) / 2;
      if (!definite_ || !by_definite(x, r, wanted)) {
        definite_ = false;
        by_normal_equations(x, r, wanted);
      }
    }
  }

  Index iterations = 0;
  double residual = 0;

 private:
  /// x += T⁻¹·r to a residual of this norm. False, and x as it was, where T is not positive
  /// definite.
  [[nodiscard]] bool by_definite(Vector& x, Vector r, double wanted) {
    const Vector start = x;
    Vector z = preconditioner_.inverse() * r, p = z;
    R rz = std::real(r.dot(z));
    for (; iterations<most_&& static_cast<double>(r.norm())> wanted; ++iterations) {
      const Vector q = t_ * p;
      const R curvature = std::real(p.dot(q));
      if (!(curvature > 0) || !(rz > 0)) {
        x = start;
        return false;
      }
      const R step = rz / curvature;
      x += step * p;
      r -= step * q;
      z = preconditioner_.inverse() * r;
      const R next = std::real(r.dot(z));
      p = z + (next / rz) * p;
      rz = next;
    }
    return true;
  }

  void by_normal_equations(Vector& x, Vector r, double wanted) {
    const auto& c = preconditioner_.inverse();
    Vector d = c * r;
    const auto gradient = [&] { return Vector(t_.adjoint() * Vector(c.adjoint() * d)); };
    Vector s = gradient(), p = s;
    R ss = s.squaredNorm();
    for (; iterations<most_&& static_cast<double>(r.norm())> wanted && ss > 0; ++iterations) {
      const Vector tp = t_ * p, q = c * tp;
      const R step = ss / q.squaredNorm();
      x += step * p;
      r -= step * tp;
      d -= step * q;
      s = gradient();
      const R next = s.squaredNorm();
      p = s + (next / ss) * p;
      ss = next;
    }
  }

  const Toeplitz<Scalar>& t_;
  ChanPreconditioner<Scalar> preconditioner_;
  double tolerance_;
  Index most_;
  bool definite_ = false;
};

}  // namespace detail

/// The X with T·X = B, one or more columns, to a relative residual: conjugate gradients with T.
/// Chan's circulant preconditioner where T is Hermitian and positive definite (some ten iterations
/// where T comes from a smooth positive function, whatever n is), the same on the normal equations
/// where not. O(n·log n) an iteration. (Dense: Levinson's n², LU's n³.)
///
/// Throws ShapeError unless T is square and B has as many rows, and Error, with iterations and
/// residual, where the tolerance is not reached: T is singular, or too ill-conditioned for Scalar.
template <class Scalar, class B>
[[nodiscard]] IterativeSolution<Scalar> solve_toeplitz(const Toeplitz<Scalar>& t,
                                                       const Eigen::MatrixBase<B>& b,
                                                       const ToeplitzSolveOptions& options = {}) {
  const Index n = t.rows();
  if (t.cols() != n || b.rows() != n || n == 0)
    detail::fail<ShapeError>("solve_toeplitz: T is ", n, " x ", t.cols(), ", b has ", b.rows(),
                             " rows");
  const double eps = static_cast<double>(std::numeric_limits<Real<Scalar>>::epsilon());
  const double tolerance = options.tolerance > 0 ? options.tolerance : std::pow(eps, 0.75);
  const Index most = options.most_iterations > 0 ? options.most_iterations : 8 * n + 100;
  detail::ToeplitzSolver<Scalar> solver(t, tolerance, most);
  IterativeSolution<Scalar> solution;
  solution.x.resize(n, b.cols());
  for (Index j = 0; j < b.cols(); ++j) {
    solution.x.col(j) = solver.solve(b.col(j));
    if (!(solver.residual <= tolerance)) {
      std::ostringstream text;
      text << "solve_toeplitz: column " << j << " has a relative residual of " << solver.residual
           << " after " << solver.iterations << " iterations, wanted " << tolerance;
      detail::fail<Error>(text.str());
    }
    solution.iterations = std::max(solution.iterations, solver.iterations);
    solution.relative_residual = std::max(solution.relative_residual, solver.residual);
  }
  return solution;
}

}  // namespace strum::inline STRUM_ABI
