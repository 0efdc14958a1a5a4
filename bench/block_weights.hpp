// The weights of Dense or BlockDiagonal as peers take them.
#pragma once

#include "block_gemm.hpp"
#include "case.hpp"
#include "strum/core/buffer.hpp"
#include "strum/core/matrix_view.hpp"
#include "strum/core/tensor.hpp"

namespace bench {

/// Weights in both orders, each made when it is first needed, so that every layout and direction
/// is a product without transposes.
template <class S>
class BlockWeights {
 public:
  /// Of shape (m, n) or (blocks, m, n); the tensor must outlive this.
  explicit BlockWeights(const strum::Tensor<S>& weight) : weight_(weight) {
    const strum::Shape& shape = weight.shape();
    cols_ = shape.back();
    rows_ = shape[shape.size() - 2];
    blocks_ = weight.size() / (rows_ * cols_);
  }

  /// y = A·x, or Aᵀ·x if the case says so: C = y and B = x where features are contiguous, C = yᵀ
  /// and A = xᵀ where samples are.
  [[nodiscard]] BlockGemm<S> gemm(const Case& c, const strum::MatrixView<const S>& x,
                                  const strum::MatrixView<S>& y) {
    const Index out = c.transpose ? cols_ : rows_, in = c.transpose ? rows_ : cols_;
    if (c.row_major && c.batch > 1) {
      const S* const w = c.transpose ? column_major() : weight_.data();
      const Index ldx = x.row_stride(), ldy = y.row_stride();
      return {.blocks = blocks_,
              .m = c.batch,
              .n = out,
              .k = in,
              .a = x.data(),
              .b = w,
              .c = y.data(),
              .lda = ldx,
              .ldb = in,
              .ldc = ldy,
              .a_step = in * ldx,
              .b_step = out * in,
              .c_step = out * ldy,
              .batch_is_m = true};
    }
    const S* const w = c.transpose ? weight_.data() : column_major();
    // One sample may lie in either layout; there is no distance to the next.
    const Index ldx = c.batch == 1 ? blocks_ * in : x.col_stride();
    const Index ldy = c.batch == 1 ? blocks_ * out : y.col_stride();
    return {.blocks = blocks_,
            .m = out,
            .n = c.batch,
            .k = in,
            .a = w,
            .b = x.data(),
            .c = y.data(),
            .lda = out,
            .ldb = ldx,
            .ldc = ldy,
            .a_step = out * in,
            .b_step = in,
            .c_step = out,
            .batch_is_m = false};
  }

  /// The weights of gemm() in the other order, as dot products want them.
  [[nodiscard]] const S* transposed(const Case& c) {
    return c.transpose != (c.row_major && c.batch > 1) ? column_major() : weight_.data();
  }

 private:
  const S* column_major() {
    if (column_major_.size() == 0) {
      column_major_ = strum::Buffer<S>(weight_.size());
      S* const to = column_major_.data();
      for (Index first = 0; first < weight_.size(); first += rows_ * cols_)
        for (Index i = 0; i < rows_; ++i)
          for (Index j = 0; j < cols_; ++j)
            to[first + i + j * rows_] = weight_[first + i * cols_ + j];
    }
    return column_major_.data();
  }

  const strum::Tensor<S>& weight_;
  strum::Buffer<S> column_major_;
  Index blocks_, rows_, cols_;
};

}  // namespace bench
