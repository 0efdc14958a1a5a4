// Inverses of blocks, and of what consists of independent blocks.
#pragma once

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/LU>

#include "strum/algebra/operator_blocks.hpp"

namespace strum::inline STRUM_ABI::detail {

/// Inverts blocks and adds up the logarithms of their determinants.
template <class Scalar>
class BlockInverter {
 public:
  using Block = BlockMatrix<Scalar>;

  /// Without `invert` only determinants are taken; what is returned is then of no use.
  BlockInverter(bool invert, std::string owner) : invert_(invert), owner_(std::move(owner)) {}

  /// Σ log|det| so far.
  [[nodiscard]] double log_abs_determinant() const { return log_abs_determinant_; }

  /// The inverse; `what` says which block it is, where that is asked.
  template <class What>
  [[nodiscard]] Block operator()(const Block& block, What&& what, double times = 1) {
    if (block.rows() != block.cols())
      fail<ValueError>("factorize: ", owner_, ": ", what(), " is ", block.rows(), " x ",
                       block.cols(), "; only square blocks can be inverted");
    if (block.rows() == 0) return block;
    if (block.rows() == 1) return reciprocal(block, what, times);
    const Eigen::PartialPivLU<Block> lu(block);
    log_abs_determinant_ += times * lu.matrixLU().diagonal().array().abs().log().sum();
    if (!invert_) return block;
    const double rcond = lu.rcond();
    if (!(rcond >= std::numeric_limits<double>::epsilon())) refuse(what(), rcond);  // or NaN
    return lu.inverse();
  }

 private:
  template <class What>
  [[nodiscard]] Block reciprocal(const Block& block, const What& what, double times) {
    const double size = std::abs(block(0, 0));
    log_abs_determinant_ += times * std::log(size);
    if (invert_ && !(size > 0)) refuse(what(), 0);
    return block.cwiseInverse();
  }

  [[noreturn]] void refuse(const std::string& what, double rcond) const {
    std::ostringstream number;
    number << rcond;
    fail<ValueError>("factorize: ", owner_, ": ", what, " is singular (reciprocal condition ",
                     number.str(), ")");
  }

  bool invert_;
  std::string owner_;
  double log_abs_determinant_ = 0;
};

/// The factor with every block inverted: outputs and inputs change places.
template <class Scalar>
[[nodiscard]] LooseFactor<Scalar> inverted(const LooseFactor<Scalar>& factor,
                                           const std::string& which,
                                           BlockInverter<Scalar>& inverter) {
  const FactorShape t = transposed(factor.shape);
  LooseFactor<Scalar> result{t, std::vector<Scalar>(factor.weights.size())};
  for_each_block(factor, [&](Index alpha, Index delta, const BlockMatrix<Scalar>& block) {
    const auto inverse = inverter(block, [&] {
      return is_diagonal(factor.shape) ? "entry " + std::to_string(alpha * t.d + delta) + which
                                       : "block " + std::to_string(alpha * t.d + delta) + which;
    });
    for (Index i = 0; i < inverse.rows(); ++i)
      for (Index j = 0; j < inverse.cols(); ++j)
        result.weights[static_cast<std::size_t>(((alpha * t.b + i) * t.c + j) * t.d + delta)] =
            static_cast<Scalar>(inverse(i, j));
  });
  return result;
}

/// (F_p ··· F_1)⁻¹ = F_1⁻¹ ··· F_p⁻¹.
template <class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> inverted(const FactorChain<Scalar, Scalar>& chain,
                                           const std::string& name,
                                           BlockInverter<Scalar>& inverter) {
  const std::vector<LooseFactor<Scalar>> factors = loose_factors(chain);
  std::vector<LooseFactor<Scalar>> inverses;
  for (std::size_t i = factors.size(); i-- > 0;) {
    const std::string which = factors.size() == 1 ? "" : " of factor " + std::to_string(i);
    inverses.push_back(inverted(factors[i], which, inverter));
  }
  return operator_of("inverse(" + name + ")", std::move(inverses));
}

/// Of an operator whose parameters are square matrices, Op made of their inverses. weight(i) is the
/// power with which matrix i enters the determinant.
template <class Op, class Scalar, class Weight>
[[nodiscard]] AnyLinearOp<Scalar> inverted_matrices(const Op& op, std::string_view what,
                                                    BlockInverter<Scalar>& inverter,
                                                    Weight&& weight) {
  std::vector<Tensor<Scalar>> inverses;
  for (const BlockMatrix<Scalar>& matrix : matrices_of(op)) {
    const auto name = [&] { return std::string(what) + std::to_string(inverses.size()); };
    inverses.push_back(tensor_of<Scalar>(inverter(matrix, name, weight(matrix))));
  }
  return Op(inverses);
}

/// Of a butterfly of one stack without padding: the same with every T_i inverted and all factors
/// the other way round. T_i of a tensor (1, blocks, levels, n/R, R, R[, b, b]) are neighbours.
template <class Op, class Scalar>
[[nodiscard]] AnyLinearOp<Scalar> inverted_butterfly(const Op& op,
                                                     BlockInverter<Scalar>& inverter) {
  ButterflyShape shape = op.shape();
  const Index radix = shape.radix, b = shape.block, size = radix * b;
  const Index factors = shape.blocks * shape.levels(), matrices = shape.positions() / radix;
  const Tensor<Scalar> twiddle = op.get("twiddle");
  Tensor<Scalar> result(twiddle.shape());
  BlockMatrix<Scalar> t(size, size);
  for (Index f = 0; f < factors; ++f)
    for (Index i = 0; i < matrices; ++i) {
      const Index from = (f * matrices + i) * size * size;
      const Index to = ((factors - 1 - f) * matrices + i) * size * size;
      const auto place = [&](Index row, Index col) {
        return ((row / b * radix + col / b) * b + row % b) * b + col % b;
      };
      for (Index row = 0; row < size; ++row)
        for (Index col = 0; col < size; ++col)
          t(row, col) = static_cast<BlockScalar<Scalar>>(twiddle[from + place(row, col)]);
      const BlockMatrix<Scalar> inverse = inverter(
          t, [&] { return "matrix " + std::to_string(i) + " of factor " + std::to_string(f); });
      for (Index row = 0; row < size; ++row)
        for (Index col = 0; col < size; ++col)
          result[to + place(row, col)] = static_cast<Scalar>(inverse(row, col));
    }
  // Strides of an odd number of blocks now run the other way; of an even number they did already.
  if (shape.blocks % 2 == 1) shape.increasing_stride = !shape.increasing_stride;
  return Op(shape, result);
}

}  // namespace strum::inline STRUM_ABI::detail
