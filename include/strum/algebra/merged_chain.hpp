// Neighbours in a product made one: chains fused, diagonals taken into weights, permutations into
// strides.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "strum/core/any_linear_op.hpp"
#include "strum/ops/factor_chain.hpp"
#include "strum/ops/permutation.hpp"

namespace strum::inline STRUM_ABI {

namespace detail {

/// A factor out of a chain, w[α][β][γ][δ] without gaps.
template <class Scalar>
struct LooseFactor {
  FactorShape shape;
  std::vector<Scalar> weights;

  [[nodiscard]] WeightView<Scalar> view() const {
    const Index row = shape.c * shape.d;
    return {weights.data(), shape.b * row, row, shape.d, 1};
  }
};

template <class Scalar>
[[nodiscard]] std::vector<LooseFactor<Scalar>> loose_factors(
    const FactorChain<Scalar, Scalar>& chain) {
  std::vector<LooseFactor<Scalar>> factors;
  for (Index i = 0; i < chain.size(); ++i) {
    const FactorShape& f = chain.shape(i);
    LooseFactor<Scalar> factor{
        f, std::vector<Scalar>(static_cast<std::size_t>(f.a * f.b * f.c * f.d))};
    chain.get(i, factor.weights.data(), factor.view());
    factors.push_back(std::move(factor));
  }
  return factors;
}

/// One weight for every feature, in order.
[[nodiscard]] inline bool is_diagonal(const FactorShape& f) {
  return f.b == 1 && f.c == 1 && f.rows == f.a * f.d && f.cols == f.rows &&
         (f.a == 1 || (f.x_alpha == f.d && f.y_alpha == f.d));
}

/// A chain that is a diagonal and nothing else: its own transpose.
template <class Scalar>
[[nodiscard]] bool is_diagonal(const FactorChain<Scalar, Scalar>* chain) {
  return chain != nullptr && chain->size() == 1 && is_diagonal(chain->shape(0));
}

/// w[α][β][γ][δ] times the diagonal's weight for the input (or output) that it belongs to.
template <class Scalar>
void take_diagonal(LooseFactor<Scalar>& factor, const LooseFactor<Scalar>& diagonal,
                   bool of_input) {
  const FactorShape& f = factor.shape;
  Scalar* w = factor.weights.data();
  for (Index alpha = 0; alpha < f.a; ++alpha)
    for (Index beta = 0; beta < f.b; ++beta)
      for (Index gamma = 0; gamma < f.c; ++gamma)
        for (Index delta = 0; delta < f.d; ++delta, ++w) {
          const Index i = of_input ? alpha * f.x_alpha + gamma * f.x_gamma + delta
                                   : alpha * f.y_alpha + beta * f.y_beta + delta;
          if (i < (of_input ? f.cols : f.rows)) *w *= diagonal.weights[static_cast<std::size_t>(i)];
        }
}

/// Strides that reach place p[α·outer + γ·inner + δ] for all α < a, γ < c and δ < d, where there
/// are any: what a permutation in front of a factor makes of those it reads with.
struct StridePair {
  Index outer, inner;
};
template <class Place>
[[nodiscard]] std::optional<StridePair> permuted_strides(Index a, Index c, Index d,
                                                         const StridePair& strides, Index n,
                                                         const Place& place) {
  if (a * c * d != n || n == 0 || place(0) != 0) return std::nullopt;  // padding stays where it is
  const StridePair to = {a > 1 ? place(strides.outer) : c * d, c > 1 ? place(strides.inner) : d};
  for (Index alpha = 0; alpha < a; ++alpha)
    for (Index gamma = 0; gamma < c; ++gamma)
      for (Index delta = 0; delta < d; ++delta)
        if (place(alpha * strides.outer + gamma * strides.inner + delta) !=
            alpha * to.outer + gamma * to.inner + delta)
          return std::nullopt;
  return to;
}

/// F·P: z = P·x is read as x, z[i] = x[p[i]].
template <class Scalar>
[[nodiscard]] bool take_permutation_before(LooseFactor<Scalar>& factor,
                                           const Permutation<Scalar>& p) {
  FactorShape& f = factor.shape;
  const auto strides = permuted_strides(f.a, f.c, f.d, {f.x_alpha, f.x_gamma}, f.cols,
                                        [&](Index i) { return p.index(i); });
  if (!strides) return false;
  f.x_alpha = strides->outer;
  f.x_gamma = strides->inner;
  return true;
}

/// P·F: output i of F becomes output p⁻¹[i].
template <class Scalar>
[[nodiscard]] bool take_permutation_after(LooseFactor<Scalar>& factor,
                                          const Permutation<Scalar>& p) {
  FactorShape& f = factor.shape;
  const Permutation<Scalar> inverse = p.inverse();
  const auto strides = permuted_strides(f.a, f.b, f.d, {f.y_alpha, f.y_beta}, f.rows,
                                        [&](Index i) { return inverse.index(i); });
  if (!strides) return false;
  f.y_alpha = strides->outer;
  f.y_beta = strides->inner;
  return true;
}

/// Both lists as one, the first applied first; diagonals beside another factor are taken into it.
template <class Scalar>
[[nodiscard]] std::vector<LooseFactor<Scalar>> joined_factors(
    std::vector<LooseFactor<Scalar>> first, std::vector<LooseFactor<Scalar>> second) {
  for (LooseFactor<Scalar>& factor : second) {
    if (is_diagonal(factor.shape)) {
      take_diagonal(first.back(), factor, false);
    } else if (is_diagonal(first.back().shape)) {
      take_diagonal(factor, first.back(), true);
      first.back() = std::move(factor);
    } else {
      first.push_back(std::move(factor));
    }
  }
  return first;
}

}  // namespace detail

/// A product of operators that became one chain of Kronecker-sparse factors: what simplify() makes
/// of neighbours that are such chains, diagonals or permutations. No parameters: they were those of
/// the operators it was made from. Multiply-adds per sample: the weights that are left.
template <class ScalarType>
class MergedChain : public LinearOpBase<MergedChain<ScalarType>, ScalarType> {
 public:
  using Scalar = ScalarType;

  MergedChain() = default;
  MergedChain(std::string name, const std::vector<detail::LooseFactor<Scalar>>& factors)
      : name_(std::move(name)) {
    for (const auto& factor : factors) chain_.append(factor.shape, factor.view());
  }

  [[nodiscard]] Index rows() const { return chain_.rows(); }
  [[nodiscard]] Index cols() const { return chain_.cols(); }
  /// Of the product, such as "(Diagonal * Monarch)".
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Weights that are left.
  [[nodiscard]] Index parameter_count() const { return chain_.parameter_count(); }
  [[nodiscard]] std::size_t bytes() const { return chain_.bytes(); }
  [[nodiscard]] std::size_t workspace_bytes(Index batch) const {
    return chain_.workspace_bytes(batch);
  }
  /// Makes the second packing that some transposed products need now, not at their first use.
  void prepare_transpose() const { chain_.prepare_transpose(); }

 private:
  friend detail::OpAccess;
  friend detail::StructureAccess;

  [[nodiscard]] const detail::FactorChain<Scalar, Scalar>* factor_chain() const { return &chain_; }

  void apply_unchecked(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                       const MatrixView<Scalar>& y, Workspace& workspace) const {
    chain_.apply(mode, alpha, x, beta, y, workspace);
  }

  bool apply_fused(Mode mode, Scalar alpha, const MatrixView<const Scalar>& x, Scalar beta,
                   const MatrixView<Scalar>& y, const kernels::Epilogue<Scalar>& epilogue,
                   Workspace& workspace) const {
    chain_.apply(mode, alpha, x, beta, y, workspace, epilogue);
    return true;
  }

  std::string name_;
  detail::FactorChain<Scalar> chain_;
};

namespace detail {

/// second·first as one operator, where that is less work than the two; else nothing.
template <class Scalar>
[[nodiscard]] std::optional<AnyLinearOp<Scalar>> merged(const AnyLinearOp<Scalar>& second,
                                                        const AnyLinearOp<Scalar>& first) {
  const auto* const p = first.template target<Permutation<Scalar>>();
  const auto* const q = second.template target<Permutation<Scalar>>();
  if (p != nullptr && q != nullptr) return AnyLinearOp<Scalar>(compose(*q, *p));

  const FactorChain<Scalar, Scalar>* const before = StructureAccess::factor_chain(first);
  const FactorChain<Scalar, Scalar>* const after = StructureAccess::factor_chain(second);
  std::vector<LooseFactor<Scalar>> factors;
  if (p != nullptr && after != nullptr) {
    factors = loose_factors(*after);
    if (!take_permutation_before(factors.front(), *p)) return std::nullopt;
  } else if (before != nullptr && q != nullptr) {
    factors = loose_factors(*before);
    if (!take_permutation_after(factors.back(), *q)) return std::nullopt;
  } else if (before != nullptr && after != nullptr) {
    factors = joined_factors(loose_factors(*before), loose_factors(*after));
  } else {
    return std::nullopt;
  }
  return MergedChain<Scalar>("(" + second.name() + " * " + first.name() + ")", factors);
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
