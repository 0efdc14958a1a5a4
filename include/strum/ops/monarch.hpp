// Monarch (Dao et al. 2022): two block-diagonal factors with a permutation between them that is
// never executed: KS(1, s, r, l) ∘ KS(k, q, p, 1).
#pragma once

#include <string_view>

#include "strum/ops/chain_op.hpp"

namespace strum::inline STRUM_ABI {

/// In which order a Monarch takes its input: block κ reads x[κ·p + i], or x[κ + k·i].
enum class MonarchInput { in_order, strided };

/// Sizes of a Monarch operator. First factor: k blocks of q x p; second: l blocks of s x r; l·r =
/// k·q. rows <= s·l and cols <= k·p: what lies beyond is padding, never read, multiplied or
/// counted.
struct MonarchShape {
  Index k, q, p;
  Index l, s, r;
  Index rows, cols;
  MonarchInput input = MonarchInput::in_order;

  /// Without padding.
  [[nodiscard]] static MonarchShape exact(Index k, Index q, Index p, Index l, Index s, Index r,
                                          MonarchInput input = MonarchInput::in_order) {
    return {k,
            q,
            p,
            l,
            s,
            r,
            detail::checked_product(s, l, "Monarch"),
            detail::checked_product(k, p, "Monarch"),
            input};
  }

  /// n x n with √n blocks of √n x √n. Throws ShapeError unless n is a square.
  [[nodiscard]] static MonarchShape square(Index n) {
    Index b = 0;
    while (b * b < n) ++b;
    if (b * b != n) detail::fail<ShapeError>("Monarch: ", n, " is not a square");
    return exact(b, b, b, b, b, b);
  }

  /// An m x n matrix in k blocks of columns and l interleaved sets of rows whose k·l sub-matrices
  /// each have rank `rank`: q = l·rank, r = k·rank, padded where k or l does not divide.
  [[nodiscard]] static MonarchShape of_rank(Index m, Index n, Index k, Index l, Index rank,
                                            MonarchInput input = MonarchInput::in_order) {
    if (k < 1 || l < 1 || rank < 0)
      detail::fail<ShapeError>("Monarch: k = ", k, ", l = ", l, ", rank = ", rank);
    return {k,
            detail::checked_product(l, rank, "Monarch"),
            detail::ceil_div(n, k),
            l,
            detail::ceil_div(m, l),
            detail::checked_product(k, rank, "Monarch"),
            m,
            n,
            input};
  }

  /// The layer convention "n_blocks" (`MonarchLinear`, BlockShuffle) for any m x n: k = l = blocks,
  /// in = ⌈n/blocks⌉, out = ⌈m/blocks⌉, hidden = min(in, out) per block. A square layer in 2 blocks
  /// costs as much as a dense one.
  [[nodiscard]] static MonarchShape layer(Index m, Index n, Index blocks) {
    if (blocks < 1) detail::fail<ShapeError>("Monarch: ", blocks, " blocks");
    const Index in = detail::ceil_div(n, blocks), out = detail::ceil_div(m, blocks);
    const Index hidden = in < out ? in : out;
    return {blocks, hidden, in, blocks, out, hidden, m, n};
  }

  /// n·q + m·r: the weights that join an input to an output.
  [[nodiscard]] Index parameter_count() const {
    return detail::weight_count(first()) + detail::weight_count(second());
  }

  /// h[κ·q + j] = Σ_i w1[κ, j, i] · x[κ·p + i]. Throws ShapeError if the sizes do not fit.
  [[nodiscard]] kernels::FactorShape first() const {
    kernels::FactorShape shape = detail::factor_shape(k, q, p, 1);
    if (cols < 0 || cols > shape.cols) refuse();
    shape.cols = cols;
    if (input == MonarchInput::strided) {
      shape.x_alpha = 1;
      shape.x_gamma = k;
    }
    return shape;
  }

  /// y[σ·l + λ] = Σ_ρ w2[λ, σ, ρ] · h[ρ·l + λ]. Throws ShapeError if the sizes do not fit.
  [[nodiscard]] kernels::FactorShape second() const {
    kernels::FactorShape shape = detail::factor_shape(1, s, r, l);
    if (rows < 0 || rows > shape.rows || l * r != k * q) refuse();
    shape.rows = rows;
    return shape;
  }

  friend bool operator==(const MonarchShape&, const MonarchShape&) = default;

 private:
  [[noreturn]] void refuse() const {
    detail::fail<ShapeError>("Monarch: k, q, p = ", k, ", ", q, ", ", p, " and l, s, r = ", l, ", ",
                             s, ", ", r, " do not make a ", rows, " x ", cols,
                             " operator (needs l·r = k·q, rows <= s·l, cols <= k·p)");
  }
};

namespace detail {

/// w[κ][j][i][0] = w1[κ, j, i] and w[0][σ][ρ][λ] = w2[λ, σ, ρ].
[[nodiscard]] inline std::vector<FactorTensor> monarch_tensors(const MonarchShape& s) {
  return {{"blkdiag1", {s.k, s.q, s.p}, s.first(), s.q * s.p, s.p, 1, 0},
          {"blkdiag2", {s.l, s.s, s.r}, s.second(), 0, s.r, 1, s.s * s.r}};
}

}  // namespace detail

/// y[σ·l + λ] = Σ_ρ w2[λ, σ, ρ] · h[ρ·l + λ],  h[κ·q + j] = Σ_i w1[κ, j, i] · x[κ·p + i].
/// Parameters: `blkdiag1 (k, q, p)` = w1, `blkdiag2 (l, s, r)` = w2.
/// n·q + m·r multiply-adds per sample (square, √n blocks: 2·n^(3/2)). A square operator with k = l
/// = 2 costs as much as a dense one.
template <class ScalarType, class WeightType = ScalarType>
class Monarch : public detail::ChainOp<Monarch<ScalarType, WeightType>, ScalarType, WeightType> {
  using Base = detail::ChainOp<Monarch, ScalarType, WeightType>;

 public:
  using Scalar = ScalarType;
  using Weight = WeightType;
  template <class Other>
  using WithWeights = Monarch<Scalar, Other>;

  Monarch() = default;

  /// w1 points to (k, q, p), w2 to (l, s, r), row-major, padding included, both of Weight or of
  /// Scalar. Throws ShapeError.
  template <WeightOf<ScalarType> Source = Weight>
  Monarch(const MonarchShape& shape, const Source* w1, const Source* w2)
      : Base(detail::monarch_tensors(shape), std::vector{w1, w2}), shape_(shape) {}

  /// Throws ShapeError unless w1 is (k, q, p) and w2 (l, s, r).
  template <WeightOf<ScalarType> Source = Weight>
  Monarch(const MonarchShape& shape, const Tensor<Source>& w1, const Tensor<Source>& w2)
      : Monarch(shape, checked(w1, {shape.k, shape.q, shape.p}, "blkdiag1"),
                checked(w2, {shape.l, shape.s, shape.r}, "blkdiag2")) {}

  /// Without padding, input in order: sizes from w1 (k, q, p) and w2 (l, s, r).
  template <WeightOf<ScalarType> Source = Weight>
  Monarch(const Tensor<Source>& w1, const Tensor<Source>& w2) : Monarch(shape_of(w1, w2), w1, w2) {}

  [[nodiscard]] const MonarchShape& shape() const { return shape_; }

  [[nodiscard]] static constexpr std::string_view name() { return "Monarch"; }
  [[nodiscard]] Description describe() const {
    const MonarchShape& s = shape_;
    return Base::description({{"shape", {s.rows, s.cols}},
                              {"blkdiag1", {s.k, s.q, s.p}},
                              {"blkdiag2", {s.l, s.s, s.r}},
                              {"input_stride", {s.input == MonarchInput::strided ? s.k : 1}}});
  }
  /// Throws ValueError or ShapeError where description and parameters do not make a Monarch.
  template <WeightOf<ScalarType> Source>
  [[nodiscard]] static Monarch restore(const Description& description,
                                       const Parameters<Source>& parameters) {
    const std::vector<Index> shape = description.list("shape", 2);
    const std::vector<Index> first = description.list("blkdiag1", 3);
    const std::vector<Index> second = description.list("blkdiag2", 3);
    const Index stride = description.value("input_stride");
    if (stride != 1 && stride != first[0])
      detail::fail<ValueError>("Monarch: input stride ", stride,
                               " is neither 1 nor k = ", first[0]);
    const MonarchInput input =
        stride == 1 && first[0] != 1 ? MonarchInput::in_order : MonarchInput::strided;
    return Monarch(
        {first[0], first[1], first[2], second[0], second[1], second[2], shape[0], shape[1], input},
        detail::find_parameter(parameters, "blkdiag1", name()),
        detail::find_parameter(parameters, "blkdiag2", name()));
  }

 private:
  template <class Source>
  static MonarchShape shape_of(const Tensor<Source>& w1, const Tensor<Source>& w2) {
    if (w1.rank() != 3 || w2.rank() != 3)
      detail::fail<ShapeError>("Monarch: blkdiag1 has shape ", w1.shape(), ", blkdiag2 ",
                               w2.shape());
    const Shape &a = w1.shape(), &b = w2.shape();
    return MonarchShape::exact(a[0], a[1], a[2], b[0], b[1], b[2]);
  }

  template <class Source>
  static const Source* checked(const Tensor<Source>& tensor, const Shape& wanted,
                               std::string_view which) {
    detail::check_shape(tensor, wanted, name(), which);
    return tensor.data();
  }

  MonarchShape shape_{};
};

}  // namespace strum::inline STRUM_ABI
