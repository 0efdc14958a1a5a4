// TiedFactor: I_a ⊗ W ⊗ I_d with the one matrix W held once, whatever a and d are.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include "strum/ops/factor_chain.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Where element (α, γ, δ) of a sample's tensor lies, and the next sample's.
struct TensorStrides {
  Index alpha, gamma, delta, sample;

  /// Of a tensor (a, extent, d) in row-major order whose features lie `row` apart.
  [[nodiscard]] static TensorStrides of(Index extent, Index d, Index row, Index sample) {
    return {extent * d * row, d * row, row, sample};
  }
};

/// y[α, β, δ] = Σ_γ W[β, γ]·x[α, γ, δ]: a dense product whose samples are all α and δ of all
/// samples. As many of them as lie at equal distances go through the kernels in one call.
template <class Scalar>
class TiedFactor {
 public:
  /// From a matrix W (m, n).
  explicit TiedFactor(const Tensor<Scalar>& w) {
    chain_.append(factor_shape(1, w.shape()[0], w.shape()[1], 1), strides(w.data(), w.shape()[1]));
  }

  [[nodiscard]] Index rows() const { return chain_.rows(); }
  [[nodiscard]] Index cols() const { return chain_.cols(); }
  [[nodiscard]] std::size_t bytes() const { return chain_.bytes(); }
  void prepare_transpose() const { chain_.prepare_transpose(); }

  /// Takes another W of the same shape.
  void set(const Tensor<Scalar>& w) { chain_.set(0, strides(w.data(), cols())); }
  [[nodiscard]] Tensor<Scalar> get() const {
    Tensor<Scalar> w({rows(), cols()});
    chain_.get(0, w.data(), strides(w.data(), cols()));
    return w;
  }

  /// For any number of products up to this one.
  [[nodiscard]] std::size_t workspace_bytes(Index products) const {
    return chain_.workspace_bytes(products);
  }

  /// y = alpha·(I_a ⊗ W ⊗ I_d)·x + beta·y, or with a relative of W, for `samples` samples.
  void apply(Mode mode, Index a, Index d, Index samples, Scalar alpha, const Scalar* x,
             const TensorStrides& from, Scalar beta, Scalar* y, const TensorStrides& to,
             Workspace& workspace) const {
    std::array<Axis, 3> axes = {
        {{samples, from.sample, to.sample}, {a, from.alpha, to.alpha}, {d, from.delta, to.delta}}};
    merge(axes);
    const auto [products, outer, other] = axes;
    const Index inputs = transposes(mode) ? rows() : cols();
    const Index outputs = transposes(mode) ? cols() : rows();
    for (Index i = 0; i < outer.count; ++i)
      for (Index j = 0; j < other.count; ++j)
        chain_.apply(
            mode, alpha,
            {x + i * outer.x + j * other.x, inputs, products.count, from.gamma, products.x}, beta,
            {y + i * outer.y + j * other.y, outputs, products.count, to.gamma, products.y},
            workspace);
  }

 private:
  /// `count` products at these distances in x and y.
  struct Axis {
    Index count, x, y;
  };

  /// Joins axes where one goes on at the distance at which the other ends, and puts the one with
  /// the most products first; among equals that whose products are closest neighbours.
  static void merge(std::array<Axis, 3>& axes) {
    for (Axis& inner : axes)
      for (Axis& outer : axes)
        if (&inner != &outer && outer.count > 1 && inner.count > 1 &&
            outer.x == inner.count * inner.x && outer.y == inner.count * inner.y) {
          inner.count *= outer.count;
          outer.count = 1;
        }
    for (Axis& axis : axes) {
      Axis& first = axes[0];
      const bool closer = std::abs(axis.x) < std::abs(first.x);
      if (axis.count > first.count || (axis.count == first.count && closer)) std::swap(axis, first);
    }
  }

  static WeightView<Scalar> strides(const Scalar* data, Index cols) {
    return {data, 0, cols, 1, 0};
  }

  FactorChain<Scalar> chain_;
};

/// The matrix W of an axis of a tensor, at its place I_a ⊗ W ⊗ I_d.
template <class Scalar>
struct TiedStep {
  /// Throws ShapeError if a size leaves the index type.
  TiedStep(Index before, Index behind, const Tensor<Scalar>& w) : a(before), d(behind), factor(w) {
    constexpr const char* kWhere = "I_a ⊗ W ⊗ I_d";
    const Index blocks = checked_product(a, d, kWhere);
    checked_product(checked_product(blocks, factor.rows(), kWhere), factor.cols(), kWhere);
  }

  [[nodiscard]] Index rows() const { return a * factor.rows() * d; }
  [[nodiscard]] Index cols() const { return a * factor.cols() * d; }
  [[nodiscard]] Index multiply_adds() const { return rows() * factor.cols(); }

  /// y = alpha·(I_a ⊗ W ⊗ I_d)·x + beta·y for matrices of `samples` columns with these strides.
  void apply(Mode mode, Index samples, Scalar alpha, const Scalar* x, Index x_row, Index x_col,
             Scalar beta, Scalar* y, Index y_row, Index y_col, Workspace& workspace) const {
    const bool t = transposes(mode);
    const Index in = t ? factor.rows() : factor.cols(), out = t ? factor.cols() : factor.rows();
    factor.apply(mode, a, d, samples, alpha, x, TensorStrides::of(in, d, x_row, x_col), beta, y,
                 TensorStrides::of(out, d, y_row, y_col), workspace);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index samples) const {
    return factor.workspace_bytes(checked_product(a * d, samples, "I_a ⊗ W ⊗ I_d"));
  }

  Index a, d;
  TiedFactor<Scalar> factor;
};

/// Samples that pass through several steps together: as many as leave a matrix of `features`
/// features in L2, but a cache line of them, so that neighbouring samples are not read line by line
/// for one of their elements.
template <class Scalar>
[[nodiscard]] Index tied_tile(Index features, Index batch) {
  constexpr Index kBytes = 512 * 1024, kLine = kAlignment / sizeof(Scalar), kMost = 64;
  const Index fit = kBytes / Index{sizeof(Scalar)} / std::max(features, Index{1});
  return std::min(batch, std::clamp(fit, kLine, kMost));
}

}  // namespace strum::inline STRUM_ABI::detail
