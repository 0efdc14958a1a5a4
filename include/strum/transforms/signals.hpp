// Batches of signals for what works on one contiguous signal at a time.
#pragma once

#include <algorithm>
#include <complex>
#include <type_traits>

#include "strum/core/arithmetic.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/core/workspace.hpp"
#include "strum/kernels/signals.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Signals that are copied together where a signal's elements are not neighbours: a cache line of
/// each row, or two.
inline constexpr Index kSignalGroup = 16;

/// y[j·y_step + i] = x[i·x_step + j] for rows of neighbouring elements of any type.
template <class T>
void transpose_elements(Index rows, Index cols, const T* x, Index x_step, T* y, Index y_step) {
  // A single-precision complex number is 8 bytes that move together, as a double does. Nothing is
  // computed with it.
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    kernels::signals<T>().transpose(rows, cols, x, x_step, y, y_step);
  else if constexpr (std::is_same_v<T, std::complex<float>>)
    kernels::signals<double>().transpose(rows, cols, reinterpret_cast<const double*>(x), x_step,
                                         reinterpret_cast<double*>(y), y_step);
  else
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < cols; ++j) y[j * y_step + i] = x[i * x_step + j];
}

/// Bytes that for_each_signal() takes for signals of these lengths.
template <class X, class Y>
[[nodiscard]] std::size_t signals_bytes(Index x_rows, Index y_rows, Index batch) {
  const auto count = static_cast<std::size_t>(std::min(batch, kSignalGroup));
  return Workspace::rounded(count * static_cast<std::size_t>(x_rows) * sizeof(X)) +
         Workspace::rounded(count * static_cast<std::size_t>(y_rows) * sizeof(Y));
}

/// y = alpha·f(x) + beta·y of every column: f(const X* in, Y* out) computes one, contiguous, from
/// another. Each has the same bits in every layout, since f never sees it.
template <class X, class Y, class F>
void for_each_signal(Y alpha, const MatrixView<X>& x, Y beta, const MatrixView<Y>& y,
                     Workspace& workspace, F&& f) {
  using In = std::remove_const_t<X>;
  const bool x_lies = x.row_stride() == 1 || x.rows() == 1;
  const bool y_lies = (y.row_stride() == 1 || y.rows() == 1) && alpha == Y(1) && beta == Y(0);
  Workspace::Frame frame(workspace);
  const Index most = std::min(x.cols(), kSignalGroup);
  In* const in = x_lies ? nullptr : frame.take<In>(most * x.rows());
  Y* const out = y_lies ? nullptr : frame.take<Y>(most * y.rows());
  for (Index first = 0; first < x.cols(); first += kSignalGroup) {
    const Index count = std::min(kSignalGroup, x.cols() - first);
    if (!x_lies) {
      if (x.col_stride() == 1)
        transpose_elements<In>(x.rows(), count, x.data() + first, x.row_stride(), in, x.rows());
      else
        for (Index i = 0; i < x.rows(); ++i)
          for (Index s = 0; s < count; ++s) in[s * x.rows() + i] = x(i, first + s);
    }
    for (Index s = 0; s < count; ++s)
      f(x_lies ? x.data() + (first + s) * x.col_stride() : in + s * x.rows(),
        y_lies ? y.data() + (first + s) * y.col_stride() : out + s * y.rows());
    if (y_lies) continue;
    if (y.col_stride() == 1 && alpha == Y(1) && beta == Y(0)) {
      transpose_elements<Y>(count, y.rows(), out, y.rows(), y.data() + first, y.row_stride());
      continue;
    }
    for (Index i = 0; i < y.rows(); ++i)
      for (Index s = 0; s < count; ++s) {
        const Y value = out[s * y.rows() + i];
        Y& to = y(i, first + s);
        to = beta == Y(0) ? (alpha == Y(1) ? value : multiply(alpha, value))
                          : multiply_add(alpha, value, multiply(beta, to));
      }
  }
}

}  // namespace strum::inline STRUM_ABI::detail
