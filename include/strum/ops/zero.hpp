// Zero: the matrix of zeros.
#pragma once

#include <string>
#include <string_view>

#include "strum/core/owned_size.hpp"
#include "strum/ops/fixed_op.hpp"

namespace strum::inline STRUM_ABI {

/// y = 0, or beta·y. x is never read: a NaN there stays there. No parameters, no multiply-adds.
template <class ScalarType>
class Zero : public detail::FixedOp<Zero<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  Zero() = default;

  /// m x n. Throws ShapeError if a size is negative.
  Zero(Index m, Index n) : rows_(m), cols_(n) {
    if (m < 0 || n < 0) detail::fail<ShapeError>("Zero: ", m, " x ", n);
  }

  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index cols() const { return cols_; }
  [[nodiscard]] std::size_t bytes() const { return 0; }

  [[nodiscard]] static constexpr std::string_view name() { return "Zero"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {rows(), cols()}}}};
  }
  [[nodiscard]] static Zero restore(const Description& description, const Parameters<Scalar>&) {
    const std::vector<Index> shape = description.list("shape", 2);
    return Zero(shape[0], shape[1]);
  }

 private:
  friend detail::OpAccess;

  void apply_unchecked(Mode, Scalar, const MatrixView<const Scalar>&, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace&) const {
    detail::scale(beta, y);
  }

  detail::OwnedSize rows_, cols_;
};

}  // namespace strum::inline STRUM_ABI
