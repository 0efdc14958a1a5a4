// Whether two strided matrices share an element: an output must not.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "strum/core/matrix_view.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Addresses [first, last) that a view spans.
struct AddressRange {
  std::uintptr_t first, last;
};

template <class T>
AddressRange address_range(const MatrixView<const T>& x) {
  const Index i = (x.rows() - 1) * x.row_stride(), j = (x.cols() - 1) * x.col_stride();
  const Index low = std::min<Index>(i, 0) + std::min<Index>(j, 0);
  const Index high = std::max<Index>(i, 0) + std::max<Index>(j, 0) + 1;
  const auto address = reinterpret_cast<std::uintptr_t>(x.data());
  return {address + static_cast<std::uintptr_t>(low * Index{sizeof(T)}),
          address + static_cast<std::uintptr_t>(high * Index{sizeof(T)})};
}

/// Whether i·a, 0 <= i < m, and offset + k·b, 0 <= k < n, have a number in common.
inline bool progressions_meet(Index a, Index m, Index b, Index n, Index offset) {
  const Index last_a = (m - 1) * a, last_b = offset + (n - 1) * b;
  if (std::max(offset, last_b) < std::min<Index>(0, last_a) ||
      std::min(offset, last_b) > std::max<Index>(0, last_a))
    return false;
  if (m < n) return progressions_meet(b, n, a, m, -offset);
  for (Index k = 0; k < n; ++k) {
    const Index number = offset + k * b;
    if (a == 0 ? number == 0 : number % a == 0 && number / a >= 0 && number / a < m) return true;
  }
  return false;
}

/// Whether x and y have an element in common. Disjoint blocks of one matrix (equal strides) are
/// told apart in a few steps, others by pairs of columns (or of rows, where those lie together).
template <class T>
bool share_element(MatrixView<const T> x, MatrixView<const T> y) {
  if (x.size() == 0 || y.size() == 0) return false;
  const AddressRange a = address_range(x), b = address_range(y);
  if (a.last <= b.first || b.last <= a.first) return false;
  const auto bytes = static_cast<Index>(reinterpret_cast<std::uintptr_t>(y.data()) -
                                        reinterpret_cast<std::uintptr_t>(x.data()));
  if (bytes % Index{sizeof(T)} != 0) return true;  // elements that straddle each other
  const Index offset = bytes / Index{sizeof(T)};

  // The larger stride outside.
  if (std::abs(x.row_stride()) > std::abs(x.col_stride())) x = x.transposed();
  if (std::abs(y.row_stride()) > std::abs(y.col_stride())) y = y.transposed();
  const Index inner = x.row_stride(), outer = x.col_stride();
  const bool equal_outer = outer == y.col_stride();
  const bool nested = std::abs(inner) * std::max(x.rows(), y.rows()) <= std::abs(outer);
  if (inner == y.row_stride() && equal_outer && inner != 0 && nested) {
    // An element is shared iff offset = di·inner + dj·outer with -y.rows() < di < x.rows() and dj
    // likewise. |di·inner| < |outer|, so dj is one of the two quotients next to offset / outer.
    for (Index dj = offset / outer - 1; dj <= offset / outer + 1; ++dj) {
      const Index rest = offset - dj * outer;
      if (rest % inner != 0) continue;
      const Index di = rest / inner;
      if (di > -y.rows() && di < x.rows() && dj > -y.cols() && dj < x.cols()) return true;
    }
    return false;
  }
  // Of columns equally far apart in x and y only the difference of their numbers matters.
  const Index y_cols = equal_outer ? 1 : y.cols();
  for (Index jx = equal_outer ? 1 - y.cols() : 0; jx < x.cols(); ++jx)
    for (Index jy = 0; jy < y_cols; ++jy)
      if (progressions_meet(inner, x.rows(), y.row_stride(), y.rows(),
                            offset + jy * y.col_stride() - jx * outer))
        return true;
  return false;
}

/// Whether two elements of y are one.
template <class T>
bool overlaps_itself(const MatrixView<T>& y) {
  Index inner = std::abs(y.row_stride()), outer = std::abs(y.col_stride());
  Index inner_size = y.rows(), outer_size = y.cols();
  if (y.size() <= 1) return false;
  if (inner_size == 1) return outer == 0;
  if (outer_size == 1) return inner == 0;
  if (inner > outer) {
    std::swap(inner, outer);
    std::swap(inner_size, outer_size);
  }
  if (inner == 0) return true;
  if (outer > inner * (inner_size - 1)) return false;
  // Columns interleave: equal addresses need dj·outer = di·inner within the sizes.
  for (Index dj = 1; dj < outer_size; ++dj)
    if (dj * outer % inner == 0 && dj * outer / inner < inner_size) return true;
  return false;
}

}  // namespace strum::inline STRUM_ABI::detail
