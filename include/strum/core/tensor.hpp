// Tensor: the form in which parameters and files are handed over. Row-major, as checkpoints are.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "strum/core/bfloat16.hpp"
#include "strum/core/config.hpp"
#include "strum/core/error.hpp"
#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// Number of elements; a ShapeError where it leaves the index type.
inline Index element_count(const Shape& shape, std::string_view where) {
  Index count = 1;
  for (const Index extent : shape) count = checked_product(count, extent, where);
  return count;
}

}  // namespace detail

/// An owning dense array of any rank in row-major (C) order: the last index is contiguous.
template <class Scalar>
class Tensor {
 public:
  Tensor() = default;

  /// Zeros. Throws ShapeError if an extent is negative or the element count leaves the index type.
  explicit Tensor(Shape shape)
      : shape_(std::move(shape)),
        values_(static_cast<std::size_t>(detail::element_count(shape_, "Tensor"))) {}

  /// Throws ShapeError unless `values` has as many elements as `shape` says.
  Tensor(Shape shape, std::vector<Scalar> values)
      : shape_(std::move(shape)), values_(std::move(values)) {
    if (detail::element_count(shape_, "Tensor") != size())
      detail::fail<ShapeError>("Tensor: ", size(), " values for shape ", shape_);
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] Index rank() const noexcept { return static_cast<Index>(shape_.size()); }
  [[nodiscard]] Index size() const noexcept { return static_cast<Index>(values_.size()); }
  [[nodiscard]] Scalar* data() noexcept { return values_.data(); }
  [[nodiscard]] const Scalar* data() const noexcept { return values_.data(); }

  [[nodiscard]] Scalar& operator[](Index i) noexcept {
    return values_[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] const Scalar& operator[](Index i) const noexcept {
    return values_[static_cast<std::size_t>(i)];
  }

  /// Element (i, j) of a matrix, (i, j, k) of a rank-3 tensor.
  [[nodiscard]] const Scalar& operator()(Index i, Index j) const noexcept {
    return (*this)[i * shape_[1] + j];
  }
  [[nodiscard]] Scalar& operator()(Index i, Index j) noexcept { return (*this)[i * shape_[1] + j]; }
  [[nodiscard]] const Scalar& operator()(Index i, Index j, Index k) const noexcept {
    return (*this)[(i * shape_[1] + j) * shape_[2] + k];
  }
  [[nodiscard]] Scalar& operator()(Index i, Index j, Index k) noexcept {
    return (*this)[(i * shape_[1] + j) * shape_[2] + k];
  }

  /// The tensor as a matrix: extents of 1 are dropped, a vector is one column.
  /// Throws ShapeError if more than two extents remain.
  [[nodiscard]] MatrixView<const Scalar> matrix() const {
    Shape extents;
    for (const Index extent : shape_)
      if (extent != 1) extents.push_back(extent);
    if (shape_.size() == 2) extents = shape_;
    if (extents.size() > 2)
      detail::fail<ShapeError>("Tensor::matrix: shape ", shape_, " is not 2-D");
    while (extents.size() < 2) extents.push_back(1);
    return {data(), extents[0], extents[1], extents[1], 1};
  }

  /// Every element as another type, rounded to nearest where that is narrower.
  template <class To>
  [[nodiscard]] Tensor<To> cast() const& {
    Tensor<To> converted(shape_);
    for (Index i = 0; i < size(); ++i) converted[i] = static_cast<To>((*this)[i]);
    return converted;
  }
  template <class To>
  [[nodiscard]] Tensor<To> cast() && {
    if constexpr (std::is_same_v<To, Scalar>)
      return std::move(*this);
    else
      return std::as_const(*this).template cast<To>();
  }

  friend bool operator==(const Tensor&, const Tensor&) = default;

 private:
  Shape shape_;
  std::vector<Scalar> values_;
};

}  // namespace strum::inline STRUM_ABI
