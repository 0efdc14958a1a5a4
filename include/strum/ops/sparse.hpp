// Sparse: any matrix most of whose entries are zero, in compressed rows.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strum/core/linear_op.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/kernels/table.hpp"

namespace strum::inline STRUM_ABI {

/// An entry of a matrix and its place.
template <class Scalar>
struct Triplet {
  Index row, col;
  Scalar value;
};

/// y[r] = Σ_i values[i]·x[columns[i]], row_starts[r] <= i < row_starts[r + 1]. Parameter:
/// `values (nonzeros)`, row after row, columns ascending; columns and row starts belong to the
/// description. `nonzeros` multiply-adds per sample, each of which also reads an index: on one
/// thread, and worth it for matrices of which a tenth or less is kept.
template <class ScalarType>
class Sparse : public LinearOpBase<Sparse<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  Sparse() = default;

  /// From compressed rows: entry i of row r has column columns[i], row_starts[r] <= i <
  /// row_starts[r + 1]. Throws ShapeError for sizes that do not fit together (or 2^31 columns and
  /// more), ValueError for rows that do not follow each other and for columns that do not ascend
  /// within a row or lie outside.
  Sparse(Index cols, std::vector<Index> row_starts, const std::vector<Index>& columns,
         const Tensor<Scalar>& values)
      : cols_(cols), row_starts_(std::move(row_starts)) {
    check_sizes(static_cast<Index>(row_starts_.size()) - 1, cols);
    const auto count = static_cast<Index>(columns.size());
    detail::check_shape(values, {count}, name(), "values");
    if (row_starts_.front() != 0 || row_starts_.back() != count)
      detail::fail<ValueError>(name(), ": rows from ", row_starts_.front(), " to ",
                               row_starts_.back(), " of ", count, " entries");
    for (Index r = 0; r < rows(); ++r)
      if (row_start(r) > row_start(r + 1) || row_start(r + 1) > count)
        detail::fail<ValueError>(name(), ": row ", r, " goes from ", row_start(r), " to ",
                                 row_start(r + 1), " of ", count, " entries");
    for (Index r = 0; r < rows(); ++r)
      for (Index i = row_start(r); i < row_start(r + 1); ++i)
        append(r, columns[static_cast<std::size_t>(i)], values[i], i == row_start(r));
  }

  /// From entries in any order. Throws ShapeError for negative sizes (or 2^31 columns and more),
  /// ValueError for a place outside or one that is named twice.
  Sparse(Index rows, Index cols, std::vector<Triplet<Scalar>> entries) : cols_(cols) {
    check_sizes(rows, cols);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return a.row != b.row ? a.row < b.row : a.col < b.col;
    });
    row_starts_.push_back(0);
    for (const Triplet<Scalar>& entry : entries) {
      if (entry.row < 0 || entry.row >= rows)
        detail::fail<ValueError>(name(), ": an entry in row ", entry.row, " of ", rows);
      bool first = false;
      for (; this->rows() <= entry.row; first = true) row_starts_.push_back(row_starts_.back());
      append(entry.row, entry.col, entry.value, first);
      ++row_starts_.back();
    }
    row_starts_.resize(static_cast<std::size_t>(rows) + 1, row_starts_.back());
  }

  /// The entries of a matrix that are not zero. Throws ShapeError for 2^31 columns and more.
  template <class T>
  requires std::same_as<std::remove_const_t<T>, ScalarType>
  explicit Sparse(const MatrixView<T>& w) : cols_(w.cols()), row_starts_{0} {
    check_sizes(w.rows(), w.cols());
    for (Index r = 0; r < w.rows(); ++r) {
      for (Index j = 0; j < w.cols(); ++j)
        if (w(r, j) != Scalar(0)) append(r, j, w(r, j), true);
      row_starts_.push_back(nonzeros());
    }
  }

  /// The same of an Eigen matrix, map, block or expression.
  template <EigenDense W>
  explicit Sparse(const W& w) : Sparse(detail::view_of<Scalar>(detail::in_memory(w))) {}

  [[nodiscard]] Index rows() const {
    return row_starts_.empty() ? 0 : static_cast<Index>(row_starts_.size()) - 1;
  }
  [[nodiscard]] Index cols() const { return cols_; }
  /// Entries that are stored, zeros among them too.
  [[nodiscard]] Index nonzeros() const { return static_cast<Index>(values_.size()); }
  /// Where the entries of each row begin, and where those of the last one end.
  [[nodiscard]] const std::vector<Index>& row_starts() const { return row_starts_; }
  /// Of every entry.
  [[nodiscard]] std::vector<Index> columns() const { return {columns_.begin(), columns_.end()}; }

  [[nodiscard]] Index parameter_count() const { return nonzeros(); }
  [[nodiscard]] std::size_t bytes() const {
    return values_.size() * sizeof(Scalar) + columns_.size() * sizeof(columns_[0]) +
           row_starts_.size() * sizeof(Index);
  }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return Workspace::rounded(static_cast<std::size_t>(scratch_size(batch)) * sizeof(Scalar));
  }

  [[nodiscard]] static constexpr std::string_view name() { return "Sparse"; }
  [[nodiscard]] std::vector<ParameterInfo> parameters() const { return {{"values", {nonzeros()}}}; }
  /// A copy of the values. Throws ValueError for an unknown name.
  [[nodiscard]] Tensor<Scalar> get(const std::string& parameter) const {
    check_name(parameter);
    return Tensor<Scalar>({nonzeros()}, values_);
  }
  /// Replaces the values. Throws ValueError for an unknown name and ShapeError for another shape.
  void set(const std::string& parameter, const Tensor<Scalar>& values) {
    check_name(parameter);
    detail::check_shape(values, {nonzeros()}, name(), parameter);
    std::copy_n(values.data(), values.size(), values_.data());
  }

  [[nodiscard]] Description describe() const {
    Description description{std::string(name()),
                            {{"shape", {rows(), cols()}}, {"row_starts", row_starts_}}};
    if (nonzeros() > 0) description.attributes["columns"] = columns();  // no list is empty in files
    return description;
  }
  [[nodiscard]] static Sparse restore(const Description& description,
                                      const Parameters<Scalar>& parameters) {
    const std::vector<Index>& shape = description.list("shape", 2);
    check_sizes(shape[0], shape[1]);
    const Tensor<Scalar>& values = detail::find_parameter(parameters, "values", name());
    const auto count = static_cast<std::size_t>(values.size());
    return Sparse(shape[1], description.list("row_starts", static_cast<std::size_t>(shape[0]) + 1),
                  count == 0 ? std::vector<Index>{} : description.list("columns", count), values);
  }

 private:
  friend detail::OpAccess;

  static void check_sizes(Index rows, Index cols) {
    if (rows < 0 || cols < 0 || cols > std::numeric_limits<std::int32_t>::max())
      detail::fail<ShapeError>(name(), ": ", rows, " x ", cols,
                               " is not a size (negative, or 2^31 ", "columns and more)");
  }
  static void check_name(const std::string& parameter) {
    if (parameter != "values") detail::refuse_parameter(name(), parameter);
  }

  [[nodiscard]] Index row_start(Index r) const { return row_starts_[static_cast<std::size_t>(r)]; }

  void append(Index row, Index col, const Scalar& value, bool first_of_row) {
    if (col < 0 || col >= cols_)
      detail::fail<ValueError>(name(), ": an entry in column ", col, " of ", Index{cols_});
    if (!first_of_row && col <= columns_.back())
      detail::fail<ValueError>(name(), ": in row ", row, ", column ", col, " follows column ",
                               columns_.back());
    columns_.push_back(static_cast<std::int32_t>(col));
    values_.push_back(value);
  }

  [[nodiscard]] Index scratch_size(Index batch) const {
    (void)detail::checked_product(cols(), 64, name());
    return kernels::table<Scalar, Scalar>().sparse_scratch_size(rows(), cols(), batch);
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    kernels::table<Scalar, Scalar>().apply_sparse(
        {.rows = rows(),
         .cols = cols(),
         .row_starts = row_starts_.data(),
         .columns = columns_.data(),
         .values = values_.data(),
         .transpose = transposes(mode),
         .conjugate = conjugates(mode),
         .batch = x.cols(),
         .x = x.data(),
         .x_row = x.row_stride(),
         .x_col = x.col_stride(),
         .y = y.data(),
         .y_row = y.row_stride(),
         .y_col = y.col_stride(),
         .alpha = alpha,
         .beta = beta,
         .scratch = frame.take<Scalar>(scratch_size(x.cols()))});
  }

  detail::OwnedSize cols_;
  std::vector<Index> row_starts_;
  std::vector<std::int32_t> columns_;
  std::vector<Scalar> values_;
};

template <EigenDense W>
Sparse(const W&) -> Sparse<typename W::Scalar>;

template <class T>
Sparse(const MatrixView<T>&) -> Sparse<std::remove_const_t<T>>;

}  // namespace strum::inline STRUM_ABI
