// ButterflyOrthogonal (BOFT, Liu et al. 2024): a butterfly of rotations, one permutation and the
// factors KS(nb/2^i, b, b, 2^i).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "strum/ops/cayley.hpp"
#include "strum/ops/derived_chain.hpp"
#include "strum/ops/permutation.hpp"

namespace strum::inline STRUM_ABI {

/// A = Rᵀ, R = F_K·…·F_1·F_0, n x n and orthogonal: row vectors are multiplied with R, so an
/// adapter's layer is diag(boft_s)·W·A (and R itself is A.transpose()). The vector consists of
/// half-blocks of h = b/2 entries. Block ρ·2^i + t of F_i couples the half-blocks t and t + 2^i of
/// the run ρ of 2^(i+1) half-blocks; it is (I − Q)(I + Q)⁻¹, Q = ½(D − Dᴴ), D the block of `boft_R`
/// with the same number. Blocks are computed in a wider type, b³ operations each, and rounded once.
///
/// Only the first of K + 1 permutations is executed: the product with F_iᵀ reads the halves of a
/// block as interleaved pairs and writes them one after the other, which is the order of the next.
///
/// Parameter: `boft_R (K + 1, nb, b, b)`, n = nb·b. (K + 1)·n·b multiply-adds per sample.
template <class ScalarType>
class ButterflyOrthogonal
    : public detail::DerivedFactors<ButterflyOrthogonal<ScalarType>, ScalarType> {
  using Base = detail::DerivedFactors<ButterflyOrthogonal, ScalarType>;

 public:
  using Scalar = ScalarType;

  ButterflyOrthogonal() = default;

  /// Throws ShapeError unless boft_R is (K + 1, nb, b, b), and for K > 0 b even and nb a multiple
  /// of 2^K.
  explicit ButterflyOrthogonal(const Tensor<Scalar>& boft_R) {
    this->assign({{"boft_R", boft_R}});
    if (factors() > 1) order_ = input_order(boft_R.shape());
  }

  /// K + 1.
  [[nodiscard]] Index factors() const { return this->chain().size(); }
  /// b.
  [[nodiscard]] Index block() const { return factors() == 0 ? 0 : this->chain().shape(0).b; }

  [[nodiscard]] std::size_t bytes() const { return Base::bytes() + order_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    if (factors() <= 1 || batch <= 0) return Base::workspace_bytes(batch);
    const Index samples = std::min(batch, kTile);
    return Workspace::rounded(static_cast<std::size_t>(lead() * samples) * sizeof(Scalar)) +
           Base::workspace_bytes(samples);
  }

  [[nodiscard]] static constexpr std::string_view name() { return "ButterflyOrthogonal"; }
  [[nodiscard]] Description describe() const {
    return {std::string(name()), {{"shape", {this->rows(), this->cols()}}}};
  }
  [[nodiscard]] static ButterflyOrthogonal restore(const Description&,
                                                   const Parameters<Scalar>& parameters) {
    return ButterflyOrthogonal(detail::find_parameter(parameters, "boft_R", name()));
  }

 private:
  friend Base;
  friend detail::OpAccess;

  /// Samples that are permuted at a time, so that they are still in cache for the factors.
  static constexpr Index kTile = 64;

  static void check(const Shape& s) {
    const bool fits = s.size() == 4 && s[0] >= 1 && s[0] < 63 && s[1] >= 1 && s[2] >= 1 &&
                      s[2] == s[3] &&
                      (s[0] == 1 || (s[2] % 2 == 0 && s[1] % (Index{1} << (s[0] - 1)) == 0));
    if (!fits)
      detail::fail<ShapeError>("ButterflyOrthogonal: boft_R has shape ", s,
                               ", needs (K + 1, nb, b, b), for K > 0 b even and nb a multiple of "
                               "2^K");
  }

  /// Within runs of 2^(K+1) half-blocks, entry j of half-block s goes to j·2^(K+1) + s: where the
  /// first factor applied, F_Kᵀ, reads it. K > 0.
  static Permutation<Scalar> input_order(const Shape& s) {
    const Index n = s[1] * s[2], halves = Index{1} << s[0], h = s[2] / 2, run = halves * h;
    std::vector<Index> p(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
      p[static_cast<std::size_t>(i)] = i / run * run + i % halves * h + i % run / halves;
    return Permutation<Scalar>(p);
  }

  /// Rᵀ of a block D of boft_R.
  static detail::Block<detail::Wider<Scalar>> rotation(const Scalar* d, Index b) {
    using Wide = detail::Wider<Scalar>;
    detail::Block<Wide> q(b, b);
    for (Index i = 0; i < b; ++i)
      for (Index j = 0; j < b; ++j)
        q(i, j) = (static_cast<Wide>(d[i * b + j]) -
                   Eigen::numext::conj(static_cast<Wide>(d[j * b + i]))) /
                  Wide(2);
    return detail::rotation_transposed(q, Cayley::exact);
  }

  /// F_Kᵀ, …, F_0ᵀ: w[ρ][u·h + j][2k + v][t] is entry (u·h + j, v·h + k) of block ρ·2^i + t.
  static detail::FactorChain<Scalar> make_chain(
      const std::vector<detail::StoredParameter<Scalar>>& parameters) {
    const Tensor<Scalar>& boft_R = parameters[0].values;
    check(boft_R.shape());
    const Index count = boft_R.shape()[0], nb = boft_R.shape()[1], b = boft_R.shape()[2];
    detail::FactorChain<Scalar> chain;
    Tensor<Scalar> w({nb, b, b});
    for (Index i = count - 1; i >= 0; --i) {
      const Index d = Index{1} << i, h = b / 2;
      for (Index k = 0; k < nb; ++k) {
        const auto block = rotation(boft_R.data() + (i * nb + k) * b * b, b);
        Scalar* const to = w.data() + k / d * b * b * d + k % d;
        for (Index row = 0; row < b; ++row)
          for (Index col = 0; col < b; ++col) {
            const Index gamma = count == 1 ? col : col % h * 2 + col / h;
            to[(row * b + gamma) * d] = static_cast<Scalar>(block(row, col));
          }
      }
      chain.append(detail::factor_shape(nb / d, b, b, d),
                   kernels::WeightView<Scalar>{w.data(), b * b * d, b * d, d, 1});
    }
    return chain;
  }

  /// Distance of two samples in a tile of them: whole cache lines, and an odd number of them.
  [[nodiscard]] Index lead() const {
    constexpr Index kLine = kAlignment / sizeof(Scalar);
    return ((this->rows() + kLine - 1) / kLine | 1) * kLine;
  }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    if (factors() == 1) return this->chain().apply(mode, alpha, x, beta, y, workspace);
    for (Index s = 0; s < x.cols(); s += kTile) {
      const Index samples = std::min(kTile, x.cols() - s);
      apply_tile(mode, alpha, x.block(0, s, x.rows(), samples), beta,
                 y.block(0, s, y.rows(), samples), workspace);
    }
  }

  /// The factors have the last word, or the first in the other direction; their other side lies as
  /// the matrix on this one does.
  void apply_tile(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                  const MatrixView<Scalar>& y, Workspace& workspace) const {
    Workspace::Frame frame(workspace);
    const Index n = this->rows(), samples = x.cols();
    Scalar* const memory = frame.take<Scalar>(lead() * samples);
    const Index row = transposes(mode) ? x.row_stride() : y.row_stride();
    const Index col = transposes(mode) ? x.col_stride() : y.col_stride();
    const MatrixView<Scalar> tile = col == 1 && row != 1
                                        ? MatrixView<Scalar>(memory, n, samples, samples, 1)
                                        : MatrixView<Scalar>(memory, n, samples, 1, lead());
    if (transposes(mode)) {
      this->chain().apply(mode, alpha, x, Scalar(0), tile, workspace);
      detail::OpAccess::run(order_, mode, Scalar(1), MatrixView<const Scalar>(tile), beta, y,
                            workspace);
    } else {
      detail::OpAccess::run(order_, mode, Scalar(1), x, Scalar(0), tile, workspace);
      this->chain().apply(mode, alpha, MatrixView<const Scalar>(tile), beta, y, workspace);
    }
  }

  Permutation<Scalar> order_;
};

}  // namespace strum::inline STRUM_ABI
