// What transforms that take n real numbers to n real numbers have in common: their interface.
#pragma once

#include <complex>

#include "strum/core/error.hpp"
#include "strum/core/linear_op.hpp"
#include "strum/transforms/norm.hpp"
#include "strum/transforms/signals.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Which relative of a transform is wanted.
struct TransformMode {
  bool inverse, transpose;
};

/// Derived supplies length(), name(), pass(Norm, TransformMode), which says how to compute a
/// relative, signal_bytes(), and
///
///     void transform(const Pass&, const R* x, R* y, Workspace&) const;
///
/// for one contiguous signal; x and y may be the same.
template <class Derived, class R>
class RealToReal {
 public:
  using Scalar = R;

  /// What each of the functions below takes from a workspace.
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return workspace_bytes_of<R>(batch);
  }

  /// y = the transforms of x's columns; both n x batch, in any layout; they may be the same matrix.
  /// Throws ShapeError where the sizes do not fit.
  void forward(const MatrixView<const R>& x, const MatrixView<R>& y,
               Norm norm = Norm::backward) const {
    forward(x, y, norm, thread_workspace());
  }
  void forward(const MatrixView<const R>& x, const MatrixView<R>& y, Norm norm,
               Workspace& workspace) const {
    run_checked({false, false}, norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void forward(const X& x, Y&& y, Norm norm = Norm::backward) const {
    forward(MatrixView<const R>(view(x)), mutable_view(y), norm);
  }
  /// inverse(forward(x)) = x, of the same norm.
  void inverse(const MatrixView<const R>& x, const MatrixView<R>& y,
               Norm norm = Norm::backward) const {
    inverse(x, y, norm, thread_workspace());
  }
  void inverse(const MatrixView<const R>& x, const MatrixView<R>& y, Norm norm,
               Workspace& workspace) const {
    run_checked({true, false}, norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void inverse(const X& x, Y&& y, Norm norm = Norm::backward) const {
    inverse(MatrixView<const R>(view(x)), mutable_view(y), norm);
  }
  /// y = Tᵀ·x of the matrix T that forward() multiplies by: its adjoint. With Norm::ortho the
  /// inverse.
  void forward_transpose(const MatrixView<const R>& x, const MatrixView<R>& y,
                         Norm norm = Norm::backward) const {
    forward_transpose(x, y, norm, thread_workspace());
  }
  void forward_transpose(const MatrixView<const R>& x, const MatrixView<R>& y, Norm norm,
                         Workspace& workspace) const {
    run_checked({false, true}, norm, x, y, workspace);
  }
  /// y = (T⁻¹)ᵀ·x.
  void inverse_transpose(const MatrixView<const R>& x, const MatrixView<R>& y,
                         Norm norm = Norm::backward) const {
    inverse_transpose(x, y, norm, thread_workspace());
  }
  void inverse_transpose(const MatrixView<const R>& x, const MatrixView<R>& y, Norm norm,
                         Workspace& workspace) const {
    run_checked({true, true}, norm, x, y, workspace);
  }

  /// For operators: y = alpha·T·x + beta·y, T the relative, of real or complex numbers (of which it
  /// takes real and imaginary parts), and what that takes from a workspace. Sizes fit.
  template <class S>
  void run(TransformMode mode, Norm norm, S alpha, const MatrixView<const S>& x, S beta,
           const MatrixView<S>& y, Workspace& workspace) const {
    const auto pass = derived().pass(norm, mode);
    const Index n = derived().length();
    Workspace::Frame frame(workspace);
    R* const parts = frame.template take<R>(kIsComplex<S> ? 2 * n : 0);
    for_each_signal(alpha, x, beta, y, workspace, [&](const S* in, S* out) {
      if constexpr (kIsComplex<S>) {
        for (Index j = 0; j < n; ++j) {
          parts[j] = in[j].real();
          parts[n + j] = in[j].imag();
        }
        derived().transform(pass, parts, parts, workspace);
        derived().transform(pass, parts + n, parts + n, workspace);
        for (Index k = 0; k < n; ++k) out[k] = S(parts[k], parts[n + k]);
      } else {
        derived().transform(pass, in, out, workspace);
      }
    });
  }
  template <class S>
  [[nodiscard]] std::size_t workspace_bytes_of(Index batch) const {
    const Index n = derived().length();
    const auto parts = static_cast<std::size_t>(kIsComplex<S> ? 2 * n : 0);
    return signals_bytes<S, S>(n, n, batch) + Workspace::rounded(parts * sizeof(R)) +
           derived().signal_bytes();
  }

 private:
  [[nodiscard]] const Derived& derived() const { return static_cast<const Derived&>(*this); }

  void run_checked(TransformMode mode, Norm norm, const MatrixView<const R>& x,
                   const MatrixView<R>& y, Workspace& workspace) const {
    const Index n = derived().length();
    if (x.rows() != n || y.rows() != n || x.cols() != y.cols())
      fail<ShapeError>(derived().name(), ": x is ", x.rows(), " x ", x.cols(), " and y ", y.rows(),
                       " x ", y.cols(), ", the transform has length ", n);
    run(mode, norm, R(1), x, R(0), y, workspace);
  }
};

}  // namespace strum::inline STRUM_ABI::detail
