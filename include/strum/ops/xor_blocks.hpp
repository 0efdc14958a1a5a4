// XorBlocks: a block-sparse matrix that keeps block (i, j) where i xor j is 0 or a small power of
// two.
#pragma once

#include <algorithm>

#include "strum/ops/tied_factor.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Sizes of a flat butterfly: a grid x grid matrix of blocks (grid a power of two), block (i, j)
/// kept where i xor j is one of 0, 1, 2, 4, ..., 2^(levels − 1); the last blocks cut to rows, cols.
struct XorShape {
  Index grid, levels;
  Index block_rows, block_cols;
  Index rows, cols;

  /// Blocks in a row.
  [[nodiscard]] Index kept() const { return levels + 1; }
  /// i xor j of the t-th of them.
  [[nodiscard]] static Index mask(Index t) { return t == 0 ? 0 : Index{1} << (t - 1); }

  [[nodiscard]] XorShape transposed() const {
    return {grid, levels, block_cols, block_rows, cols, rows};
  }
  /// Entries of block i of `extents` that exist.
  [[nodiscard]] static Index existing(Index i, Index block, Index extent) {
    return std::clamp(extent - i * block, Index{0}, block);
  }
  /// Weights that join an input to an output.
  [[nodiscard]] Index parameter_count() const {
    Index count = 0;
    for (Index i = 0; i < grid; ++i)
      for (Index t = 0; t < kept(); ++t)
        count += existing(i, block_rows, rows) * existing(i ^ mask(t), block_cols, cols);
    return count;
  }
};

/// y_i = Σ_t W[i][t]·x_{i xor mask(t)}: each block row is one dense product of the t blocks of x it
/// needs, gathered side by side. (Products by t, added up, would go through y t times, and through
/// the kernels 2·√grid times for each of the larger masks.)
template <class Scalar>
class XorBlocks {
 public:
  XorBlocks() = default;

  /// W points to (grid, kept, block_rows, block_cols); padding is ignored.
  XorBlocks(const XorShape& shape, const Scalar* w) : shape_(shape) {
    Tensor<Scalar> clean({shape.grid, shape.block_rows, shape.kept() * shape.block_cols});
    for_each_weight([&](Index i, Index t, Index o, Index j, Index row_major) {
      if (o < XorShape::existing(i, shape.block_rows, shape.rows) &&
          j < XorShape::existing(i ^ XorShape::mask(t), shape.block_cols, shape.cols))
        clean(i, o, t * shape.block_cols + j) = w[row_major];
    });
    chain_.append(factor(), strides(clean.data()));
  }

  [[nodiscard]] bool empty() const { return chain_.size() == 0; }
  [[nodiscard]] const XorShape& shape() const { return shape_; }

  /// (grid, kept, block_rows, block_cols), padding as zeros.
  [[nodiscard]] Tensor<Scalar> get() const {
    const XorShape& s = shape_;
    Tensor<Scalar> packed({s.grid, s.block_rows, s.kept() * s.block_cols});
    chain_.get(0, packed.data(), strides(packed.data()));
    Tensor<Scalar> w({s.grid, s.kept(), s.block_rows, s.block_cols});
    for_each_weight([&](Index i, Index t, Index o, Index j, Index row_major) {
      w[row_major] = packed(i, o, t * s.block_cols + j);
    });
    return w;
  }

  /// The transpose is of the same kind: block (j, i) lies where j xor i does.
  [[nodiscard]] XorBlocks transposed() const {
    const XorShape& s = shape_;
    const Tensor<Scalar> w = get();
    Tensor<Scalar> t_w({s.grid, s.kept(), s.block_cols, s.block_rows});
    for_each_weight([&](Index i, Index t, Index o, Index j, Index row_major) {
      t_w[(((i ^ XorShape::mask(t)) * s.kept() + t) * s.block_cols + j) * s.block_rows + o] =
          w[row_major];
    });
    return XorBlocks(s.transposed(), t_w.data());
  }

  [[nodiscard]] Index multiply_adds() const { return chain_.parameter_count(); }
  [[nodiscard]] std::size_t bytes() const { return chain_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (empty() || batch <= 0) return 0;
    return bytes_of(shape_, batch);
  }
  /// What workspace_bytes() will be of an operator of this shape.
  [[nodiscard]] static std::size_t bytes_of(const XorShape& shape, Index batch) {
    const kernels::PackedFactor<Scalar> packed{factor(shape), kernels::Layout::panel, false,
                                               nullptr};
    const Index samples = tile(shape, batch, true);
    return Workspace::rounded(static_cast<std::size_t>(samples * stride(shape)) * sizeof(Scalar)) +
           Workspace::rounded(sizeof(packed)) +
           chain_scratch_bytes(kernels::table<Scalar, Scalar>(), &packed, 1, samples);
  }

  /// y = alpha·A·x + beta·y, or with the conjugate of A; `mode` does not transpose.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const bool neighbours = samples_are_neighbours(x, y);
    const Index most = tile(shape_, x.cols(), neighbours);
    Scalar* const gathered = frame.take<Scalar>(most * stride(shape_));
    const Index features = factor(shape_).cols;
    for (Index first = 0; first < x.cols(); first += most) {
      const Index samples = std::min(most, x.cols() - first);
      const MatrixView<Scalar> to(gathered, features, samples, neighbours ? samples : 1,
                                  neighbours ? 1 : stride(shape_));
      gather(x.block(0, first, x.rows(), samples), to, neighbours);
      chain_.apply(mode, alpha, to, beta, y.block(0, first, y.rows(), samples), workspace);
    }
  }

 private:
  static FactorShape factor(const XorShape& s) {
    FactorShape f = factor_shape(s.grid, s.block_rows,
                                 checked_product(s.kept(), s.block_cols, "flat butterfly"), 1);
    f.rows = s.rows;
    return f;
  }
  [[nodiscard]] FactorShape factor() const { return factor(shape_); }
  [[nodiscard]] WeightView<Scalar> strides(const Scalar* data) const {
    const Index row = shape_.kept() * shape_.block_cols;
    return {data, shape_.block_rows * row, row, 1, 0};
  }

  template <class Visit>
  void for_each_weight(const Visit& visit) const {
    Index row_major = 0;
    for (Index i = 0; i < shape_.grid; ++i)
      for (Index t = 0; t < shape_.kept(); ++t)
        for (Index o = 0; o < shape_.block_rows; ++o)
          for (Index j = 0; j < shape_.block_cols; ++j) visit(i, t, o, j, row_major++);
  }

  static Index tile(const XorShape& s, Index batch, bool neighbours) {
    return tied_tile<Scalar>(factor(s).cols, batch, neighbours);
  }
  /// A leading dimension: samples a power of two apart would collide in L1.
  static Index stride(const XorShape& s) {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return (ceil_div(factor(s).cols, kLine) | 1) * kLine;
  }

  /// to[i][t] = x_{i xor mask(t)}, what does not exist as zeros. `neighbours`: samples are.
  void gather(const MatrixView<const Scalar>& x, const MatrixView<Scalar>& to,
              bool neighbours) const {
    const Index b = shape_.block_cols;
    for (Index i = 0; i < shape_.grid; ++i)
      for (Index t = 0; t < shape_.kept(); ++t) {
        const Index j = i ^ XorShape::mask(t), count = XorShape::existing(j, b, shape_.cols);
        const auto block = to.block((i * shape_.kept() + t) * b, 0, b, to.cols());
        if (neighbours) {
          for (Index o = 0; o < count; ++o) std::copy_n(&x(j * b + o, 0), x.cols(), &block(o, 0));
          std::fill_n(block.data() + count * block.row_stride(), (b - count) * x.cols(), Scalar(0));
        } else {
          for (Index s = 0; s < x.cols(); ++s) {
            Scalar* const p = &block(0, s);
            if (x.row_stride() == 1 && count > 0)
              std::copy_n(&x(j * b, s), count, p);
            else
              for (Index o = 0; o < count; ++o) p[o] = x(j * b + o, s);
            std::fill_n(p + count, b - count, Scalar(0));
          }
        }
      }
  }

  XorShape shape_{};
  FactorChain<Scalar> chain_;
};

}  // namespace strum::inline STRUM_ABI::detail
