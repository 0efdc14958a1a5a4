// Operators that know the gradients of their parameters.
#pragma once

#include <string>
#include <string_view>

#include "strum/core/linear_op.hpp"

namespace strum::inline STRUM_ABI {

/// An operator y = A(w)·x with backward(x, dy, dx, grads): from dy, the gradient of a real loss
/// with respect to y, to
///
///     dx = Aᴴ·dy,      grads[w] += Σ_ij conj(∂A_ij/∂w)·(dy·xᴴ)_ij,  summed over the batch.
///
/// Gradients of complex numbers are those whose real product with a step is the change of the loss,
/// dL = Re⟨g, δw⟩ (PyTorch's convention): dA = dy·xᴴ, projected on the parameters. `grads` mirrors
/// parameters(); what is missing in it is made, what is there is added to. A dx without memory
/// (MatrixView<Scalar>()) is not computed. Throws ShapeError where sizes do not fit. Unlike apply
/// it may allocate.
template <class Op>
concept DifferentiableOp = LinearOp<Op> &&
    requires(const Op& op, MatrixView<const typename Op::Scalar> x,
             MatrixView<typename Op::Scalar> dx, Parameters<typename Op::Scalar>& grads) {
  op.backward(x, x, dx, grads);
};

namespace detail {

template <class Scalar>
void check_gradient_shapes(std::string_view name, Index rows, Index cols,
                           const MatrixView<const Scalar>& x, const MatrixView<const Scalar>& dy,
                           const MatrixView<Scalar>& dx) {
  if (x.rows() != cols || dy.rows() != rows || x.cols() != dy.cols())
    fail<ShapeError>(name, "::backward: x is ", x.rows(), " x ", x.cols(), ", dy ", dy.rows(),
                     " x ", dy.cols(), ", operator ", rows, " x ", cols);
  if (dx.data() != nullptr && (dx.rows() != cols || dx.cols() != x.cols()))
    fail<ShapeError>(name, "::backward: dx is ", dx.rows(), " x ", dx.cols(), ", x ", x.rows(),
                     " x ", x.cols());
}

/// The gradient of a parameter, zeros if it is not there yet.
template <class Scalar>
[[nodiscard]] Tensor<Scalar>& gradient_of(Parameters<Scalar>& grads, const std::string& name,
                                          const Shape& shape, std::string_view owner) {
  const auto [at, made] = grads.try_emplace(name);
  if (made)
    at->second = Tensor<Scalar>(shape);
  else
    check_shape(at->second, shape, owner, "gradient of " + name);
  return at->second;
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
