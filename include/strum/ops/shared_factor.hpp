// SharedFactor: one set of weights for many vectors of a sample, F ⊗ I without writing it out.
#pragma once

#include <algorithm>

#include "strum/ops/factor_tensor.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Where `count` vectors lie in one longer one: element i of vector v at i·row + v·vector.
struct InterleavedVectors {
  Index row, vector;
};

/// Vectors v < count of the input become as many of the output, each by the same Kronecker-sparse
/// factor. They join the batch: the calls are either one for each v, on all samples, or one for
/// each sample, on all v, which changes no bit.
template <class Scalar, class Weight>
class SharedFactor {
 public:
  SharedFactor() = default;

  /// The factor's shape is that of one vector, in units of x.row and y.row.
  template <class Source>
  SharedFactor(FactorTensor tensor, const Source* data, Index count, InterleavedVectors x,
               InterleavedVectors y)
      : tensor_(std::move(tensor)), count_(count), x_(x), y_(y) {
    append_tensor(chain_, tensor_, data);
  }

  [[nodiscard]] bool empty() const { return chain_.size() == 0; }
  [[nodiscard]] const FactorTensor& tensor() const { return tensor_; }
  [[nodiscard]] Tensor<Weight> get() const { return get_tensor(chain_, 0, tensor_); }
  template <class Source>
  void set(const Source* data) {
    set_tensor(chain_, 0, tensor_, data);
  }

  /// Of all vectors.
  [[nodiscard]] Index multiply_adds() const { return chain_.parameter_count() * count_; }
  [[nodiscard]] std::size_t bytes() const { return chain_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index samples) const {
    return chain_.workspace_bytes(std::max(samples, count_));
  }
  void prepare_transpose() const { chain_.prepare_transpose(); }

  /// y = alpha·(F ⊗ I)·x + beta·y, or with the transpose.
  void apply(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
             const MatrixView<Scalar>& y, Workspace& workspace) const {
    const InterleavedVectors& in = transposes(mode) ? y_ : x_;
    const InterleavedVectors& out = transposes(mode) ? x_ : y_;
    const Index rows = transposes(mode) ? chain_.cols() : chain_.rows();
    const Index cols = transposes(mode) ? chain_.rows() : chain_.cols();
    const Index x_row = in.row * x.row_stride(), x_vector = in.vector * x.row_stride();
    const Index y_row = out.row * y.row_stride(), y_vector = out.vector * y.row_stride();
    if (x.cols() >= count_) {
      for (Index v = 0; v < count_; ++v)
        chain_.apply(mode, alpha, {x.data() + v * x_vector, cols, x.cols(), x_row, x.col_stride()},
                     beta, {y.data() + v * y_vector, rows, y.cols(), y_row, y.col_stride()},
                     workspace);
    } else {
      for (Index s = 0; s < x.cols(); ++s)
        chain_.apply(mode, alpha, {x.data() + s * x.col_stride(), cols, count_, x_row, x_vector},
                     beta, {y.data() + s * y.col_stride(), rows, count_, y_row, y_vector},
                     workspace);
    }
  }

 private:
  FactorTensor tensor_;
  FactorChain<Scalar, Weight> chain_;
  Index count_ = 0;
  InterleavedVectors x_{}, y_{};
};

}  // namespace strum::inline STRUM_ABI::detail
