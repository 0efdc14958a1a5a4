// FactorTensor: a Kronecker-sparse factor as the tensor that a checkpoint has for it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

/// One index of a tensor: how many values it takes, and how far apart in memory they lie.
struct TensorAxis {
  Index extent, stride;
};

/// The axes of a row-major tensor in another order, or some of them.
[[nodiscard]] inline std::vector<TensorAxis> axes_of(const Shape& shape,
                                                     const std::vector<std::size_t>& order) {
  std::vector<TensorAxis> in_place(shape.size());
  Index stride = 1;
  for (std::size_t i = shape.size(); i-- > 0; stride *= shape[i]) in_place[i] = {shape[i], stride};
  std::vector<TensorAxis> axes;
  for (const std::size_t i : order) axes.push_back(in_place[i]);
  return axes;
}

/// A factor as a published tensor: the name and shape it has in a checkpoint (row-major), the
/// factor it stands for, and where w[α][β][γ][δ] lies in it.
struct FactorTensor {
  std::string name;
  Shape tensor_shape;
  FactorShape shape;
  Index alpha, beta, gamma, delta;
  /// Where one stride each does not tell: the tensor's indices in the order in which they make up
  /// α, β, γ and δ, slowest first. The four strides are then those of a copy in that order.
  std::vector<TensorAxis> axes = {};

  template <class Weight>
  [[nodiscard]] WeightView<Weight> view(const Weight* data) const {
    return {data, alpha, beta, gamma, delta};
  }
};

/// A tensor whose indices, in the order of these axes, are those of w[α][β][γ][δ].
[[nodiscard]] inline FactorTensor reordered_tensor(std::string name, Shape tensor_shape,
                                                   const FactorShape& f,
                                                   std::vector<TensorAxis> axes) {
  return {std::move(name), std::move(tensor_shape), f, f.b * f.c * f.d, f.c * f.d, f.d, 1,
          std::move(axes)};
}

/// Calls f(i) with the place i of every weight in its tensor, in the order w[α][β][γ][δ].
template <class F>
void for_each_place(const std::vector<TensorAxis>& axes, F&& f, std::size_t axis = 0,
                    Index place = 0) {
  if (axis == axes.size()) return f(place);
  for (Index i = 0; i < axes[axis].extent; ++i)
    for_each_place(axes, f, axis + 1, place + i * axes[axis].stride);
}

/// Calls f with the weights of a published tensor as a view, of a copy where it takes one.
template <class Source, class F>
void with_weight_view(const FactorTensor& tensor, const Source* data, F&& f) {
  if (tensor.axes.empty()) return f(tensor.view(data));
  Buffer<Source> ordered(tensor.shape.a * tensor.shape.b * tensor.shape.c * tensor.shape.d);
  Source* to = ordered.data();
  for_each_place(tensor.axes, [&](Index place) { *to++ = data[place]; });
  f(tensor.view(std::as_const(ordered).data()));
}

/// Adds the factor of a published tensor to a chain.
template <class Scalar, class Weight, class Source>
void append_tensor(FactorChain<Scalar, Weight>& chain, const FactorTensor& tensor,
                   const Source* data) {
  with_weight_view(tensor, data, [&](const auto& view) { chain.append(tensor.shape, view); });
}

/// Replaces the weights of factor i of a chain by those of its published tensor.
template <class Scalar, class Weight, class Source>
void set_tensor(FactorChain<Scalar, Weight>& chain, Index i, const FactorTensor& tensor,
                const Source* data) {
  with_weight_view(tensor, data, [&](const auto& view) { chain.set(i, view); });
}

/// Factor i of a chain as its published tensor.
template <class Scalar, class Weight>
[[nodiscard]] Tensor<Weight> get_tensor(const FactorChain<Scalar, Weight>& chain, Index i,
                                        const FactorTensor& tensor) {
  Tensor<Weight> values(tensor.tensor_shape);
  if (tensor.axes.empty()) {
    chain.get(i, values.data(), tensor.template view<Weight>(values.data()));
    return values;
  }
  Buffer<Weight> ordered(values.size());
  chain.get(i, ordered.data(), tensor.template view<Weight>(ordered.data()));
  const Weight* from = ordered.data();
  for_each_place(tensor.axes, [&](Index place) { values[place] = *from++; });
  return values;
}

}  // namespace strum::inline STRUM_ABI::detail
