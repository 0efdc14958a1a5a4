// MatrixView: the only way matrices cross strum's interfaces.
#pragma once

#include <type_traits>

#include "strum/core/config.hpp"
#include "strum/core/error.hpp"

namespace strum::inline STRUM_ABI {

/// A matrix in somebody else's memory: element (i, j) is data[i·row_stride + j·col_stride].
///
/// Strides count elements and may be anything: 1 and the leading dimension for a column-major
/// matrix, the reverse for a row-major one. In a batch of samples the columns are the samples, so a
/// row-major (batch, features) array of PyTorch or NumPy is `MatrixView(p, features, batch)`.
/// T is const for a matrix that is only read.
template <class T>
class MatrixView {
 public:
  using Scalar = std::remove_const_t<T>;

  MatrixView() = default;

  /// A column-major matrix without gaps. Throws ShapeError if a size is negative or their product
  /// leaves the index type.
  MatrixView(T* data, Index rows, Index cols) : MatrixView(data, rows, cols, 1, rows) {}

  /// Any strides. Throws like the other.
  MatrixView(T* data, Index rows, Index cols, Index row_stride, Index col_stride)
      : data_(data), rows_(rows), cols_(cols), row_stride_(row_stride), col_stride_(col_stride) {
    detail::checked_product(rows, cols, "MatrixView");
  }

  /// A view of mutable data is a view of constant data.
  operator MatrixView<const T>() const requires(!std::is_const_v<T>) {
    return {data_, rows_, cols_, row_stride_, col_stride_};
  }

  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] Index rows() const noexcept { return rows_; }
  [[nodiscard]] Index cols() const noexcept { return cols_; }
  [[nodiscard]] Index size() const noexcept { return rows_ * cols_; }
  [[nodiscard]] Index row_stride() const noexcept { return row_stride_; }
  [[nodiscard]] Index col_stride() const noexcept { return col_stride_; }

  [[nodiscard]] T& operator()(Index i, Index j) const noexcept {
    return data_[i * row_stride_ + j * col_stride_];
  }

  /// The m x n block whose first element is (i, j). Throws ShapeError if it leaves the matrix.
  [[nodiscard]] MatrixView block(Index i, Index j, Index m, Index n) const {
    if (i < 0 || j < 0 || m < 0 || n < 0 || i > rows_ - m || j > cols_ - n)
      detail::fail<ShapeError>("MatrixView::block: ", m, " x ", n, " at (", i, ", ", j,
                               ") leaves a matrix of ", rows_, " x ", cols_);
    return {data_ + i * row_stride_ + j * col_stride_, m, n, row_stride_, col_stride_};
  }

  [[nodiscard]] MatrixView col(Index j) const { return block(0, j, rows_, 1); }

  /// The same memory with rows and columns exchanged.
  [[nodiscard]] MatrixView transposed() const {
    return {data_, cols_, rows_, col_stride_, row_stride_};
  }

 private:
  T* data_ = nullptr;
  Index rows_ = 0, cols_ = 0, row_stride_ = 1, col_stride_ = 0;
};

}  // namespace strum::inline STRUM_ABI
