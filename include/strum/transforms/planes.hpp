// Complex signals for kernels that take them in planes, real parts before imaginary parts.
#pragma once

#include "strum/core/scalar.hpp"
#include "strum/core/workspace.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Number i of a plane of n, or of two.
template <class Scalar>
void to_planes(const Scalar& value, Real<Scalar>* planes, Index n, Index i,
               bool conjugate = false) {
  if constexpr (kIsComplex<Scalar>) {
    planes[i] = value.real();
    planes[n + i] = conjugate ? -value.imag() : value.imag();
  } else {
    planes[i] = value;
  }
}

/// Bytes of n numbers in planes; real ones are already.
template <class Scalar>
[[nodiscard]] std::size_t planes_bytes(Index n) {
  return kIsComplex<Scalar> ? Workspace::rounded(static_cast<std::size_t>(n) * sizeof(Scalar)) : 0;
}

/// f(in, out) on planes of x and y; conjugated: of the conjugates of both.
template <class Scalar, class F>
void in_planes(const Scalar* x, Index count_x, Scalar* y, Index count_y, bool conjugate,
               Workspace& workspace, F&& f) {
  using R = Real<Scalar>;
  if constexpr (!kIsComplex<Scalar>) {
    f(x, y);
  } else {
    Workspace::Frame frame(workspace);
    R* const in = frame.take<R>(2 * count_x);
    R* const out = frame.take<R>(2 * count_y);
    for (Index j = 0; j < count_x; ++j) to_planes(x[j], in, count_x, j, conjugate);
    f(static_cast<const R*>(in), out);
    for (Index i = 0; i < count_y; ++i)
      y[i] = {out[i], conjugate ? -out[count_y + i] : out[count_y + i]};
  }
}

}  // namespace strum::inline STRUM_ABI::detail
