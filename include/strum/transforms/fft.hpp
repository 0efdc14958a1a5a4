// Fft: the discrete Fourier transform of any length.
//
//     strum::Fft<float> fft(4096);
//     fft.forward(x, y);     // every column of x, Eigen matrices or strum::MatrixViews
//     fft.inverse(y, x);
//
// Its passes are Kronecker-sparse factors with twiddles (kernels/fft.hpp). A transform object is
// cheap: what it needs is made at a length's first use and shared.
#pragma once

#include <algorithm>
#include <complex>
#include <memory>

#include "strum/core/linear_op.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/transforms/fft_plan.hpp"
#include "strum/transforms/norm.hpp"
#include "strum/transforms/signals.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// Throws unless x is n x batch and y m x batch.
inline void check_signals(std::string_view name, Index n, Index m, Size x, Size y) {
  if (x.rows != n || y.rows != m || x.cols != y.cols)
    fail<ShapeError>(name, ": x is ", x.rows, " x ", x.cols, " and y ", y.rows, " x ", y.cols,
                     ", should be ", n, " and ", m, " rows of as many columns");
}

}  // namespace detail

/// X[k] = Σ_j x[j]·e^{−2πijk/n} of every column of a matrix, and its inverse. Any length: factors
/// up to 31 have passes of their own, a larger prime makes it a convolution of a longer one
/// (Bluestein), about four times as slow.
///
/// A column has the same bits in whatever batch and layout it comes. Rows of samples that are
/// neighbours (a row-major matrix) fill vectors as they lie where a tile of them stays in cache; so
/// does a contiguous column; anything else is copied, 16 columns at a time. One thread.
template <class R>
class Fft {
 public:
  using Scalar = std::complex<R>;

  /// Of length 0, which transforms nothing.
  Fft() = default;
  /// Throws ShapeError unless n >= 1.
  explicit Fft(Index n) : plan_(detail::FftPlan<R>::get(n)) {}

  [[nodiscard]] Index length() const { return plan_ == nullptr ? 0 : plan_->length(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (plan_ == nullptr) return 0;
    const auto scratch = [&](bool tile) {
      return Workspace::rounded(static_cast<std::size_t>(plan_->scratch(tile)) * sizeof(R));
    };
    return std::max(scratch(true), scratch(false) + detail::signals_bytes<Scalar, Scalar>(
                                                        length(), length(), batch));
  }

  /// y = the transforms of x's columns; both n x batch, in any layout; they may be the same matrix.
  /// Throws ShapeError.
  void forward(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
               Norm norm = Norm::backward) const {
    run(false, norm, x, y, detail::thread_workspace());
  }
  void forward(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y, Norm norm,
               Workspace& workspace) const {
    run(false, norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void forward(const X& x, Y&& y, Norm norm = Norm::backward) const {
    forward(MatrixView<const Scalar>(view(x)), mutable_view(y), norm);
  }
  void inverse(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
               Norm norm = Norm::backward) const {
    run(true, norm, x, y, detail::thread_workspace());
  }
  void inverse(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y, Norm norm,
               Workspace& workspace) const {
    run(true, norm, x, y, workspace);
  }
  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void inverse(const X& x, Y&& y, Norm norm = Norm::backward) const {
    inverse(MatrixView<const Scalar>(view(x)), mutable_view(y), norm);
  }

 private:
  void run(bool inverse, Norm norm, const MatrixView<const Scalar>& x, const MatrixView<Scalar>& y,
           Workspace& workspace) const {
    const Index n = length();
    detail::check_signals("Fft", n, n, {x.rows(), x.cols()}, {y.rows(), y.cols()});
    if (x.size() == 0) return;
    const R scale = static_cast<R>(detail::norm_factor(norm, inverse, n));
    const bool rows = plan_->direct() && x.col_stride() == 1 && y.col_stride() == 1 &&
                      x.cols() > 1 && plan_->tile_pays();
    const bool columns = plan_->direct() && x.row_stride() == 1 && y.row_stride() == 1;
    Workspace::Frame frame(workspace);
    R* const scratch = frame.take<R>(plan_->scratch(rows && !columns));
    if (!rows && !columns) {
      detail::for_each_signal(Scalar(1), x, Scalar(0), y, workspace,
                              [&](const Scalar* in, Scalar* out) {
                                plan_->transform(inverse, scale, in, out, scratch);
                              });
      return;
    }
    kernels::signals<R>().fft_complex({.stages = &plan_->stages(),
                                       .x = reinterpret_cast<const R*>(x.data()),
                                       .y = reinterpret_cast<R*>(y.data()),
                                       .batch = x.cols(),
                                       .signals_are_neighbours = !columns,
                                       .x_step = x.row_stride(),
                                       .y_step = y.row_stride(),
                                       .x_pitch = x.col_stride(),
                                       .y_pitch = y.col_stride(),
                                       .scale = scale,
                                       .inverse = inverse,
                                       .scratch = scratch});
  }

  std::shared_ptr<const detail::FftPlan<R>> plan_;
};

}  // namespace strum::inline STRUM_ABI
