// Matrices in every way they may lie in memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "strum/core/buffer.hpp"
#include "suite/random.hpp"
#include "suite/scalar.hpp"

namespace strum::test {

/// How a matrix lies in memory. `inner` is the stride along a column (column-major) or a row, `gap`
/// the elements between two of them, `multiple` what their distance is rounded up to, `offset` how
/// far the first element is from a cache line.
struct MatrixLayout {
  const char* name;
  bool row_major;
  Index inner, gap, multiple, offset;
  bool reversed;
};

inline constexpr std::array<MatrixLayout, 9> kLayouts = {
    {{"col", false, 1, 0, 1, 0, false},
     {"row", true, 1, 0, 1, 0, false},
     {"col in a larger matrix", false, 1, 3, 1, 1, false},
     {"row in a larger matrix", true, 1, 5, 1, 1, false},
     {"col with inner stride 2", false, 2, 1, 1, 0, false},
     {"row with inner stride 2", true, 2, 1, 1, 0, false},
     {"col backwards", false, 1, 2, 1, 1, true},
     {"row backwards", true, 1, 2, 1, 1, true},
     {"col with samples that collide in L1", false, 1, 0, 1024, 0, false}}};

/// The first two: those that Eigen and NumPy make.
inline constexpr std::size_t kPlainLayouts = 2;

/// Distance of two columns (column-major) or rows.
inline Index lead_of(const MatrixLayout& layout, Index rows, Index cols) {
  const Index length = (layout.row_major ? cols : rows) * layout.inner + layout.gap;
  return (length + layout.multiple - 1) / layout.multiple * layout.multiple;
}

/// Elements from the first to the last of a matrix, both included.
inline Index span_of(const MatrixLayout& layout, Index rows, Index cols) {
  if (rows == 0 || cols == 0) return 0;
  const Index inner = layout.row_major ? cols : rows, outer = layout.row_major ? rows : cols;
  return (inner - 1) * layout.inner + (outer - 1) * lead_of(layout, rows, cols) + 1;
}

/// A matrix in this layout whose lowest address is `memory`.
template <class T>
MatrixView<T> view_in(T* memory, const MatrixLayout& layout, Index rows, Index cols) {
  const Index step = layout.inner, lead = lead_of(layout, rows, cols);
  const Index row_stride = layout.row_major ? lead : step;
  const Index col_stride = layout.row_major ? step : lead;
  if (!layout.reversed) return {memory, rows, cols, row_stride, col_stride};
  const Index last = std::max<Index>(span_of(layout, rows, cols) - 1, 0);
  return {memory + last, rows, cols, -row_stride, -col_stride};
}

/// `batch` samples of a matrix from `first` on, written to a view of the same shape.
template <class Scalar>
void copy_samples(const Samples<Scalar>& from, Index first, const MatrixView<Scalar>& to) {
  for (Index s = 0; s < to.cols(); ++s)
    for (Index i = 0; i < to.rows(); ++i) to(i, s) = from(i, first + s);
}

/// A matrix of its own in some layout, with filled memory around and between its elements: NaN, so
/// that an input's neighbours spoil what reads them, and an output's show what was written there.
template <class Scalar>
class PlacedMatrix {
 public:
  PlacedMatrix(const MatrixLayout& layout, Index rows, Index cols)
      : memory_(layout.offset + span_of(layout, rows, cols) + kMargin),
        view_(view_in(memory_.data() + layout.offset, layout, rows, cols)) {
    std::fill_n(memory_.data(), static_cast<std::size_t>(memory_.size()), not_a_number<Scalar>());
  }
  /// With samples [first, first + batch) of `from` in it.
  PlacedMatrix(const MatrixLayout& layout, const Samples<Scalar>& from, Index first, Index batch)
      : PlacedMatrix(layout, from.rows, batch) {
    copy_samples(from, first, view_);
  }
  PlacedMatrix(PlacedMatrix&&) = delete;

  [[nodiscard]] const MatrixView<Scalar>& view() const { return view_; }

  /// Whether all memory, the elements and what surrounds them, has the bits of another's.
  [[nodiscard]] bool same_memory(const PlacedMatrix& other) const {
    return memory_.size() == other.memory_.size() &&
           (memory_.size() == 0 ||
            std::memcmp(memory_.data(), other.memory_.data(), memory_.bytes()) == 0);
  }

 private:
  static constexpr Index kMargin = 64;

  Buffer<Scalar> memory_;
  MatrixView<Scalar> view_;
};

template <class Scalar>
bool same_bits(Scalar a, Scalar b) {
  return std::memcmp(&a, &b, sizeof(Scalar)) == 0;
}

/// Where and how a placed result differs from samples [first, ...) of the expected ones.
template <class Scalar>
std::string first_difference(const MatrixView<Scalar>& got, const Samples<Scalar>& expected,
                             Index first) {
  for (Index s = 0; s < got.cols(); ++s)
    for (Index i = 0; i < got.rows(); ++i)
      if (!same_bits(got(i, s), expected(i, first + s)))
        return "row " + std::to_string(i) + ", sample " + std::to_string(s) + ": " +
               as_text(got(i, s)) + " instead of " + as_text(expected(i, first + s));
  return "memory outside the output was written to";
}

}  // namespace strum::test
