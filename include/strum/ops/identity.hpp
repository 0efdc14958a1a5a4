// Identity: ones on the main diagonal, of any shape.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "strum/core/owned_size.hpp"
#include "strum/ops/fixed_op.hpp"
#include "strum/ops/move_blocks.hpp"

namespace strum::inline STRUM_ABI {

/// y[i] = x[i] for i < min(m, n), and 0 for the outputs beyond the inputs; inputs beyond the
/// outputs are not read. No parameters, no multiply-adds.
template <class ScalarType>
class Identity : public detail::FixedOp<Identity<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  Identity() = default;

  /// n x n. Throws ShapeError if n is negative.
  explicit Identity(Index n) : Identity(n, n) {}

  /// m x n. Throws ShapeError if a size is negative.
  Identity(Index m, Index n) : rows_(m), cols_(n) {
    if (m < 0 || n < 0) detail::fail<ShapeError>("Identity: ", m, " x ", n);
  }

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  [[nodiscard]] std::size_t bytes() const { return 0; }

  [[nodiscard]] static constexpr std::string_view name() { return "Identity"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}}};
  }
  [[nodiscard]] static Identity restore(const Description& description, const Parameters<Scalar>&) {
    const std::vector<Index> shape = description.list("shape", 2);
    return Identity(shape[0], shape[1]);
  }

 private:
  friend detail::OpAccess;

  void apply_unchecked(Mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace&) const {
    const Index common = std::min(rows(), cols());
    detail::move_blocks({.blocks = 1, .length = common}, alpha, x, beta, y);
    detail::scale(beta, y.block(common, 0, y.rows() - common, y.cols()));
  }

  detail::OwnedSize rows_, cols_;
};

}  // namespace strum::inline STRUM_ABI
