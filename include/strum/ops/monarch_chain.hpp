// MonarchChain: the Monarch product of more than two factors ("order-p Monarch").
#pragma once

#include <string>
#include <string_view>

#include "strum/ops/given_factors.hpp"

namespace strum::inline STRUM_ABI {

/// p factors KS(a_i, b_i, c_i, d_i), each a_i·b_i·d_i x a_i·c_i·d_i and as wide as the one before
/// it is high:
///
///     y[(α·b + β)·d + δ] = Σ_γ w[α][β][γ][δ] · x[(α·c + γ)·d + δ]
///
/// Parameters: `blkdiag1`, ..., `blkdiagp` of shape (a, b, c, d), blkdiag1 applied first. For a
/// matrix of n = b_1 ... b_p rows they are those of square(): a mixed-radix relative of the FFT
/// that joins every input to every output (Dao et al. 2022; order-p: Fu et al. 2023, Monarch
/// Mixer). Σ a·b·c·d multiply-adds per sample, n·(b_1 + ... + b_p) for a square one; p equal
/// blocks: p·n^(1 + 1/p).
template <class ScalarType, class WeightType = ScalarType>
class MonarchChain
    : public detail::GivenFactorsOp<MonarchChain<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::GivenFactorsOp<MonarchChain, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = MonarchChain<Scalar, Other>;

  MonarchChain() = default;

  /// From factors of shape (a, b, c, d), of Weight or of Scalar, factors[0] applied first. Throws
  /// ShapeError if neighbours do not fit or none is given.
  template <WeightOf<ScalarType> Source = Weight>
  explicit MonarchChain(const std::vector<Tensor<Source>>& factors)
      : Base(std::span<const Tensor<Source>>(factors)) {}

  /// Square, with blocks of block_sizes[i] in factor i. Throws ShapeError unless the factors have
  /// the shapes square(block_sizes).
  template <WeightOf<ScalarType> Source = Weight>
  MonarchChain(const std::vector<Index>& block_sizes, const std::vector<Tensor<Source>>& factors)
      : MonarchChain(checked(block_sizes, factors)) {}

  /// (n/(b_1 ... b_i), b_i, b_i, b_1 ... b_{i−1}) for i = 1, ..., p, n the product of all block
  /// sizes. Throws ShapeError for block sizes less than 1, or n beyond the index type.
  [[nodiscard]] static std::vector<Shape> square(const std::vector<Index>& block_sizes) {
    Index n = 1;
    for (const Index b : block_sizes) {
      if (b < 1) detail::fail<ShapeError>(name(), ": block size ", b);
      n = detail::checked_product(n, b, name());
    }
    std::vector<Shape> shapes;
    Index before = 1;
    for (const Index b : block_sizes) {
      shapes.push_back({n / before / b, b, b, before});
      before *= b;
    }
    return shapes;
  }

  [[nodiscard]] static constexpr std::string_view name() { return "MonarchChain"; }

 private:
  friend Base;

  static std::string tensor_name(Index i) { return "blkdiag" + std::to_string(i + 1); }

  template <class Source>
  static const std::vector<Tensor<Source>>& checked(const std::vector<Index>& block_sizes,
                                                    const std::vector<Tensor<Source>>& factors) {
    const std::vector<Shape> wanted = square(block_sizes);
    if (factors.size() != wanted.size())
      detail::fail<ShapeError>(name(), ": ", factors.size(), " factors for ", wanted.size(),
                               " block sizes");
    for (std::size_t i = 0; i < factors.size(); ++i)
      detail::check_shape(factors[i], wanted[i], name(), tensor_name(static_cast<Index>(i)));
    return factors;
  }
};

}  // namespace strum::inline STRUM_ABI
