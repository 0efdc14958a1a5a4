// Fft: the discrete Fourier transform of any length.
#pragma once

#include <complex>
#include <vector>

#include "strum/core/angles.hpp"
#include "strum/core/error.hpp"
#include "strum/core/linear_op.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/transforms/norm.hpp"
#include "strum/transforms/signals.hpp"

namespace strum::inline STRUM_ABI {

/// X[k] = Σ_j x[j]·e^{−2πijk/n} of every column of a matrix, and its inverse.
template <class R>
class Fft {
 public:
  using Scalar = std::complex<R>;
  /// Throws ShapeError unless n >= 1.
  explicit Fft(Index n) : n_(n) {
    if (n < 1) detail::fail<ShapeError>("Fft: a length of ", n);
  }
  [[nodiscard]] Index length() const { return n_; }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return 2 * detail::signals_bytes<Scalar, Scalar>(n_, n_, batch);
  }

  /// y = the transforms of x's columns; both n x batch, in any layout; they may be the same matrix.
  void forward(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
               Norm norm = Norm::backward) const {
    forward(x, y, norm, detail::thread_workspace());
  }
  void forward(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y, Norm norm,
               Workspace& workspace) const {
    run(-1, detail::norm_factor(norm, false, n_), x, y, workspace);
  }
  void inverse(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
               Norm norm = Norm::backward) const {
    inverse(x, y, norm, detail::thread_workspace());
  }
  void inverse(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y, Norm norm,
               Workspace& workspace) const {
    run(1, detail::norm_factor(norm, true, n_), x, y, workspace);
  }

 private:
  void run(int sign, double scale, const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
           Workspace& workspace) const {
    if (x.rows() != n_ || y.rows() != n_ || x.cols() != y.cols())
      detail::fail<ShapeError>("Fft: x is ", x.rows(), " x ", x.cols(), " and y ", y.rows(), " x ",
                               y.cols(), ", the transform has length ", n_);
    detail::for_each_signal(
        Scalar(1), x, Scalar(0), y, workspace, [&](const Scalar* in, Scalar* out) {
          std::vector<std::complex<double>> sums(static_cast<std::size_t>(n_));
          for (Index k = 0; k < n_; ++k)
            for (Index j = 0; j < n_; ++j) {
              const Index a = 2 * ((j * k) % n_);
              sums[std::size_t(k)] +=
                  std::complex<double>(in[j]) *
                  std::complex<double>(detail::cos_pi(a, n_), sign * detail::sin_pi(a, n_));
            }
          for (Index k = 0; k < n_; ++k) out[k] = Scalar(sums[std::size_t(k)] * scale);
        });
  }
  Index n_;
};

}  // namespace strum::inline STRUM_ABI
