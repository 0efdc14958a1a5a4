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
    const Index copy = products > kChunk ? kChunkStride * std::max(rows(), cols()) : 0;
    return chain_.workspace_bytes(products) +
           Workspace::rounded(static_cast<std::size_t>(copy) * sizeof(Scalar));
  }

  /// y = alpha·(I_a ⊗ W ⊗ I_d)·x + beta·y, or with a relative of W, for `samples` samples.
  void apply(Mode mode, Index a, Index d, Index samples, Scalar alpha, const Scalar* x,
             const TensorStrides& from, Scalar beta, Scalar* y, const TensorStrides& to,
             Workspace& workspace) const {
    std::array<Axis, 3> axes = {
        {{samples, from.sample, to.sample}, {a, from.alpha, to.alpha}, {d, from.delta, to.delta}}};
    merge(axes);
    const auto [products, outer, other] = axes;
    const bool t = transposes(mode);
    const Index inputs = t ? rows() : cols(), outputs = t ? cols() : rows();
    for (Index i = 0; i < outer.count; ++i)
      for (Index j = 0; j < other.count; ++j)
        multiply(mode, alpha,
                 {x + i * outer.x + j * other.x, inputs, products.count, from.gamma, products.x},
                 beta,
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

  /// Products whose x is copied together, and how far apart its rows then are.
  static constexpr Index kChunk = 64, kChunkStride = kChunk + kAlignment / sizeof(Scalar);

  /// y = alpha·W·x + beta·y. Rows of x that are long and a power of two apart fall into the same
  /// sets of L1 and L2, and a product rereads all of them for every few of its rows: they are
  /// copied a piece at a time (64 x 64 on the slow axis, 64 samples next to each other: 13 times
  /// as fast).
  void multiply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                const MatrixView<Scalar>& y, Workspace& workspace) const {
    constexpr Index kFew = 16;
    const bool collide = x.row_stride() * Index{sizeof(Scalar)} % 1024 == 0;
    if (!collide || x.col_stride() != 1 || x.rows() < kFew || x.cols() <= kChunk)
      return chain_.apply(mode, alpha, x, beta, y, workspace);
    Workspace::Frame frame(workspace);
    Scalar* const copy = frame.take<Scalar>(kChunkStride * x.rows());
    for (Index first = 0; first < x.cols(); first += kChunk) {
      const Index count = std::min(kChunk, x.cols() - first);
      for (Index i = 0; i < x.rows(); ++i)
        std::copy_n(&x(i, first), count, copy + i * kChunkStride);
      chain_.apply(mode, alpha, {copy, x.rows(), count, kChunkStride, 1}, beta,
                   y.block(0, first, y.rows(), count), workspace);
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

/// Samples that pass through several steps together, where those of a feature are neighbours and
/// where not: up to 64, and in the latter case no more than leave a matrix of `features` features
/// in L2. (Of neighbours, fewer would leave the kernels short rows.)
template <class Scalar>
[[nodiscard]] Index tied_tile(Index features, Index batch, bool neighbours) {
  constexpr Index kBytes = 512 * 1024, kMost = 64;
  if (neighbours) return std::min(batch, kMost);
  const Index fit = kBytes / Index{sizeof(Scalar)} / std::max(features, Index{1});
  return std::min(batch, std::clamp(fit, Index{1}, kMost));
}

/// Whether x and y have the samples of a feature next to each other.
template <class Scalar>
[[nodiscard]] bool samples_are_neighbours(const MatrixView<const Scalar>& x,
                                          const MatrixView<Scalar>& y) {
  return x.cols() > 1 && x.col_stride() == 1 && y.col_stride() == 1;
}

}  // namespace strum::inline STRUM_ABI::detail
