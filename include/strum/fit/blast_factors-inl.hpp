// The factors of a BLAST as one vector, and the least-squares problem that they solve.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "strum/core/parallel.hpp"
#include "strum/fit/one_thread.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Multiply-adds from which on threads are worth it: a tenth of a millisecond's. The steps of small
/// problems are thousands of parts of microseconds; with a team for each of them, and its threads
/// without a core to themselves, they took 50 times as long.
inline constexpr Index kLeastBlockWork = Index{1} << 20;

/// body(i) for every i in [0, count), of `work` multiply-adds each, in parallel if that is worth
/// it. Eigen's products stay on their thread.
template <class Body>
void for_blocks(Index count, Index work, const Body& body) {
  if (count * work < kLeastBlockWork) {
    const OneThread one_thread;
    for (Index i = 0; i < count; ++i) body(i);
    return;
  }
  parallel_for(count, [&](Index i) {
    const OneThread one_thread;
    body(i);
  });
}

template <class List>
[[nodiscard]] auto& entry_of(List& list, Index i) {
  return list[static_cast<std::size_t>(i)];
}

/// U_i (m/b1 x r), V_jᵀ (n/b2 x r) and s_ij, column i·b2 + j of r x b1·b2; or a direction in their
/// space.
struct BlastFactors {
  using Matrix = Eigen::MatrixXd;

  std::vector<Matrix> u, v;
  Matrix s;

  [[nodiscard]] Index block_rows() const { return static_cast<Index>(u.size()); }
  [[nodiscard]] Index block_cols() const { return static_cast<Index>(v.size()); }
  [[nodiscard]] Index rank() const { return s.rows(); }
  [[nodiscard]] auto s_of(Index i, Index j) const { return s.col(i * block_cols() + j); }
  [[nodiscard]] auto s_of(Index i, Index j) { return s.col(i * block_cols() + j); }
  [[nodiscard]] const Matrix& u_of(Index i) const { return entry_of(u, i); }
  [[nodiscard]] Matrix& u_of(Index i) { return entry_of(u, i); }
  [[nodiscard]] const Matrix& v_of(Index j) const { return entry_of(v, j); }
  [[nodiscard]] Matrix& v_of(Index j) { return entry_of(v, j); }

  /// this = a·this + b·other.
  void combine(double a, double b, const BlastFactors& other) {
    for (Index i = 0; i < block_rows(); ++i) u_of(i) = a * u_of(i) + b * other.u_of(i);
    for (Index j = 0; j < block_cols(); ++j) v_of(j) = a * v_of(j) + b * other.v_of(j);
    s = a * s + b * other.s;
  }
  [[nodiscard]] double dot(const BlastFactors& other) const {
    double sum = s.cwiseProduct(other.s).sum();
    for (Index i = 0; i < block_rows(); ++i) sum += u_of(i).cwiseProduct(other.u_of(i)).sum();
    for (Index j = 0; j < block_cols(); ++j) sum += v_of(j).cwiseProduct(other.v_of(j)).sum();
    return sum;
  }

  /// Gives the columns of U_i and V_j one length, without a change of the product: then one damping
  /// fits all unknowns.
  void balance() {
    const auto normalise = [](Matrix& factor, Index a) {
      const double length = factor.col(a).norm();
      if (length == 0) return 1.0;
      factor.col(a) /= length;
      return length;
    };
    for (Index a = 0; a < rank(); ++a) {
      for (Index i = 0; i < block_rows(); ++i) {
        const double length = normalise(u_of(i), a);
        for (Index j = 0; j < block_cols(); ++j) s_of(i, j)[a] *= length;
      }
      for (Index j = 0; j < block_cols(); ++j) {
        const double length = normalise(v_of(j), a);
        for (Index i = 0; i < block_rows(); ++i) s_of(i, j)[a] *= length;
      }
    }
    const double size = std::cbrt(s.norm() / std::sqrt(static_cast<double>(s.size())));
    if (size == 0) return;
    s /= size * size;
    for (Matrix& factor : u) factor *= size;
    for (Matrix& factor : v) factor *= size;
  }
};

/// ‖W − A‖²: what it is, its gradient, and JᵀJ for the derivative J of A by the factors.
class BlastProblem {
 public:
  using Matrix = Eigen::MatrixXd;
  using Vector = Eigen::VectorXd;

  BlastProblem(const Matrix& w, Index block_rows, Index block_cols)
      : w_(w),
        block_rows_(block_rows),
        block_cols_(block_cols),
        height_(w.rows() / block_rows),
        width_(w.cols() / block_cols) {}

  [[nodiscard]] auto block(const Matrix& a, Index i, Index j) const {
    return a.block(i * height_, j * width_, height_, width_);
  }
  [[nodiscard]] const Matrix& matrix() const { return w_; }
  [[nodiscard]] Index height() const { return height_; }
  [[nodiscard]] Index width() const { return width_; }

  /// W − A.
  [[nodiscard]] Matrix residual(const BlastFactors& x) const {
    Matrix result(w_.rows(), w_.cols());
    for_blocks(block_rows_ * block_cols_, height_ * width_ * x.rank(), [&](Index ij) {
      const Index i = ij / block_cols_, j = ij % block_cols_;
      auto part = result.block(i * height_, j * width_, height_, width_);
      part = block(w_, i, j);
      part.noalias() -= x.u_of(i) * x.s_of(i, j).asDiagonal() * x.v_of(j).transpose();
    });
    return result;
  }

  /// Jᵀ·R of an m x n matrix R.
  [[nodiscard]] BlastFactors transposed_times(const BlastFactors& x, const Matrix& r) const {
    BlastFactors g = x;
    for_blocks(block_rows_, height_ * w_.cols() * x.rank(), [&](Index i) {
      g.u_of(i).setZero();
      for (Index j = 0; j < block_cols_; ++j) {
        const Matrix r_v = block(r, i, j) * x.v_of(j);
        g.u_of(i) += r_v * x.s_of(i, j).asDiagonal();
        g.s_of(i, j) = x.u_of(i).cwiseProduct(r_v).colwise().sum().transpose();
      }
    });
    for_blocks(block_cols_, width_ * w_.rows() * x.rank(), [&](Index j) {
      g.v_of(j).setZero();
      for (Index i = 0; i < block_rows_; ++i)
        g.v_of(j) += (block(r, i, j).transpose() * x.u_of(i)) * x.s_of(i, j).asDiagonal();
    });
    return g;
  }

 private:
  const Matrix& w_;
  Index block_rows_, block_cols_, height_, width_;
};

/// JᵀJ + damping at one point, and its diagonal blocks factorised. Everything is r x r: a product
/// takes (m + n)·r² multiply-adds, where one with J takes m·n·r.
class BlastNormalMatrix {
 public:
  using Matrix = Eigen::MatrixXd;
  using Cholesky = Eigen::LLT<Matrix>;

  explicit BlastNormalMatrix(const BlastFactors& x)
      : x_(x),
        u_work_((x.u_of(0).rows() + x.block_cols()) * x.rank() * x.rank()),
        v_work_((x.v_of(0).rows() + x.block_rows()) * x.rank() * x.rank()),
        uu_(x.u.size()),
        vv_(x.v.size()),
        of_u_(uu_.size()),
        of_v_(vv_.size()) {
    const Index b1 = x.block_rows(), b2 = x.block_cols(), r = x.rank();
    for_blocks(b1, u_work_, [&](Index i) { entry_of(uu_, i) = x.u_of(i).transpose() * x.u_of(i); });
    for_blocks(b2, v_work_, [&](Index j) { entry_of(vv_, j) = x.v_of(j).transpose() * x.v_of(j); });
    for_blocks(b1, u_work_, [&](Index i) {
      entry_of(of_u_, i).setZero(r, r);
      for (Index j = 0; j < b2; ++j)
        entry_of(of_u_, i) += outer(i, j).cwiseProduct(entry_of(vv_, j));
    });
    for_blocks(b2, v_work_, [&](Index j) {
      entry_of(of_v_, j).setZero(r, r);
      for (Index i = 0; i < b1; ++i)
        entry_of(of_v_, j) += outer(i, j).cwiseProduct(entry_of(uu_, i));
    });
  }

  /// The largest diagonal entry.
  [[nodiscard]] double largest() const {
    double most = 0;
    for (const auto* list : {&of_u_, &of_v_})
      for (const Matrix& g : *list) most = std::max(most, g.diagonal().maxCoeff());
    for (const Matrix& g : uu_)
      for (const Matrix& h : vv_)
        most = std::max(most, g.diagonal().cwiseProduct(h.diagonal()).maxCoeff());
    return most;
  }

  void factorise(double damping) {
    damping_ = damping;
    const Index b1 = x_.block_rows(), b2 = x_.block_cols(), r = x_.rank();
    const Matrix add = damping * Matrix::Identity(r, r);
    u_.resize(x_.u.size());
    v_.resize(x_.v.size());
    s_.resize(static_cast<std::size_t>(b1 * b2));
    for_blocks(b1, r * r * r, [&](Index i) { entry_of(u_, i).compute(entry_of(of_u_, i) + add); });
    for_blocks(b2, r * r * r, [&](Index j) { entry_of(v_, j).compute(entry_of(of_v_, j) + add); });
    for_blocks(b1 * b2, r * r * r, [&](Index ij) {
      entry_of(s_, ij).compute(entry_of(uu_, ij / b2).cwiseProduct(entry_of(vv_, ij % b2)) + add);
    });
  }

  /// (JᵀJ + damping)·d.
  [[nodiscard]] BlastFactors times(const BlastFactors& d) const {
    const Index b1 = x_.block_rows(), b2 = x_.block_cols(), r = x_.rank();
    std::vector<Matrix> udu(x_.u.size()), dvv(x_.v.size());
    for_blocks(b1, u_work_,
               [&](Index i) { entry_of(udu, i).noalias() = x_.u_of(i).transpose() * d.u_of(i); });
    for_blocks(b2, v_work_,
               [&](Index j) { entry_of(dvv, j).noalias() = d.v_of(j).transpose() * x_.v_of(j); });
    BlastFactors y = d;
    y.combine(damping_, 0, d);
    for_blocks(b1, u_work_, [&](Index i) {
      Matrix sum = Matrix::Zero(r, r);
      for (Index j = 0; j < b2; ++j) {
        const auto s = x_.s_of(i, j), ds = d.s_of(i, j);
        sum += (ds * s.transpose()).cwiseProduct(entry_of(vv_, j)) +
               outer(i, j).cwiseProduct(entry_of(dvv, j));
        y.s_of(i, j) += (entry_of(udu, i).cwiseProduct(entry_of(vv_, j)) +
                         entry_of(uu_, i).cwiseProduct(entry_of(dvv, j).transpose())) *
                            s +
                        entry_of(uu_, i).cwiseProduct(entry_of(vv_, j)) * ds;
      }
      y.u_of(i) += d.u_of(i) * entry_of(of_u_, i) + x_.u_of(i) * sum;
    });
    for_blocks(b2, v_work_, [&](Index j) {
      Matrix sum = Matrix::Zero(r, r);  // transposed: it multiplies V_jᵀ from the right
      for (Index i = 0; i < b1; ++i) {
        const auto s = x_.s_of(i, j), ds = d.s_of(i, j);
        sum += outer(i, j).cwiseProduct(entry_of(udu, i).transpose()) +
               (ds * s.transpose()).cwiseProduct(entry_of(uu_, i));
      }
      y.v_of(j) += d.v_of(j) * entry_of(of_v_, j) + x_.v_of(j) * sum;
    });
    return y;
  }

  /// What U, V and s would be changed by if the others stayed.
  [[nodiscard]] BlastFactors solved_apart(const BlastFactors& g) const {
    BlastFactors z = g;
    for_blocks(g.block_rows(), u_work_, [&](Index i) { solve_u(i, z.u_of(i)); });
    for_blocks(g.block_cols(), v_work_, [&](Index j) { solve_v(j, z.v_of(j)); });
    for_blocks(z.s.cols(), z.rank() * z.rank(),
               [&](Index ij) { z.s.col(ij) = entry_of(s_, ij).solve(g.s.col(ij)); });
    return z;
  }

 private:
  [[nodiscard]] Matrix outer(Index i, Index j) const {
    return x_.s_of(i, j) * x_.s_of(i, j).transpose();
  }
  void solve_u(Index i, Matrix& z) const { z = entry_of(u_, i).solve(z.transpose()).transpose(); }
  void solve_v(Index j, Matrix& z) const { z = entry_of(v_, j).solve(z.transpose()).transpose(); }

  const BlastFactors& x_;
  Index u_work_, v_work_;            // of what is done for a block row, a block column
  std::vector<Matrix> uu_, vv_;      // UᵀU, V·Vᵀ
  std::vector<Matrix> of_u_, of_v_;  // diagonal blocks of JᵀJ
  std::vector<Cholesky> u_, v_, s_;
  double damping_ = 0;
};

}  // namespace strum::inline STRUM_ABI::detail
