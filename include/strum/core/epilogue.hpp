// What may follow a product before its output leaves the cache: bias, activation, gate, residual.
#pragma once

#include "strum/core/config.hpp"

namespace strum::inline STRUM_ABI {

/// A function of one number, applied to every output of a layer. Each is right to
/// 2·eps·max(|x|, |f(x)|) for every finite x; NaN stays NaN.
///
///     identity      x
///     relu          max(x, 0);  ∞ at ∞
///     squared_relu  max(x, 0)²
///     gelu          x·Φ(x), Φ the normal distribution: PyTorch's default;  a zero at −∞
///     gelu_tanh     x·σ(2u), u = √(2/π)·(x + 0.044715·x³), that is x·(1 + tanh u)/2;  −0 at −∞
///     silu          x·σ(x), σ(x) = 1/(1 + e^−x), also known as swish;  −0 at −∞
///
/// Negative zeros and the sign of a NaN carry no meaning.
enum class Activation { identity, relu, squared_relu, gelu, gelu_tanh, silu };

namespace kernels {

/// Of row i (feature) and column s (sample) of a product v, in this order:
///
///     y = f(v + bias[i]) · gate(i, s) + residual(i, s)
///
/// Where the activation is the identity and there is no gate, the residual is added before the
/// bias, so that a residual that is y itself (the product's beta = 1) gives the same bits.
/// Pointers may be null: that step is left out. Element (i, s) of the gate is gate[i·gate_row +
/// s·gate_col].
template <class Scalar>
struct Epilogue {
  const Scalar* bias = nullptr;
  Activation activation = Activation::identity;
  const Scalar* gate = nullptr;
  Index gate_row = 0, gate_col = 0;
  const Scalar* residual = nullptr;
  Index residual_row = 0, residual_col = 0;
};

/// Moves what an epilogue reads to another first output. Always inlined: the kernels use it, and
/// their objects define no symbol that another instruction set's callers could get.
template <class Scalar>
STRUM_ALWAYS_INLINE void advance(Epilogue<Scalar>& e, Index row, Index sample) {
  if (e.bias != nullptr) e.bias += row;
  if (e.gate != nullptr) e.gate += row * e.gate_row + sample * e.gate_col;
  if (e.residual != nullptr) e.residual += row * e.residual_row + sample * e.residual_col;
}

/// An epilogue on a matrix in memory, in place: element (i, s) is y[i·y_row + s·y_col].
template <class Scalar>
struct EpilogueCall {
  Index rows, batch;
  Scalar* y;
  Index y_row, y_col;
  Epilogue<Scalar> epilogue;
};

}  // namespace kernels
}  // namespace strum::inline STRUM_ABI
