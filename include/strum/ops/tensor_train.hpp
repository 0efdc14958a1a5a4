// TensorTrain (Novikov et al. 2015): a matrix over tensors as a train of cores.
#pragma once

#include <numeric>
#include <string_view>
#include <vector>

#include "strum/ops/tied_op.hpp"

namespace strum::inline STRUM_ABI {

/// Inputs i_1···i_k, outputs o_1···o_k, ranks r_1, ..., r_{k+1} with r_1 = r_{k+1} = 1. With x and
/// y as row-major tensors,
///
///     y[β_1, ..., β_k] = Σ_γ Σ_ρ G_1[ρ_1, γ_1, β_1, ρ_2] ··· G_k[ρ_k, γ_k, β_k, ρ_{k+1}]
///                        · x[γ_1, ..., γ_k].
///
/// Parameters: `core0 (r_1, i_1, o_1, r_2)` = G_1, `core1` = G_2, ...; Σ r_t·i_t·o_t·r_{t+1} of
/// them, and no more are held. Core t is applied t-th, to o_1···o_{t−1}·i_{t+1}···i_k vectors of
/// r_t·i_t: the same steps as those of a block tensor train, whose weights differ from vector to
/// vector.
template <class ScalarType>
class TensorTrain
    : public detail::TiedOp<TensorTrain<ScalarType>, ScalarType, detail::TiedChain<ScalarType>> {
  using Base = detail::TiedOp<TensorTrain, ScalarType, detail::TiedChain<ScalarType>>;

 public:
  using Scalar = ScalarType;

  TensorTrain() = default;

  /// From the cores. Throws ShapeError if there is none, one is not of rank 4 or has no entries,
  /// the ranks of neighbours differ or the outer ones are not 1, or a product of sizes leaves the
  /// index type.
  explicit TensorTrain(const std::vector<Tensor<Scalar>>& cores)
      : Base(steps(cores), cores, places(cores.size())) {}

  [[nodiscard]] static constexpr std::string_view name() { return "TensorTrain"; }

 private:
  friend Base;
  static constexpr std::string_view kPrefix = "core";

  static detail::TiedChain<Scalar> steps(const std::vector<Tensor<Scalar>>& cores) {
    if (cores.empty()) detail::fail<ShapeError>("TensorTrain: no cores");
    Index d = 1, rank = 1;
    for (std::size_t t = 0; t < cores.size(); ++t) {
      const Shape& s = cores[t].shape();
      if (s.size() != 4 || cores[t].size() == 0)
        detail::fail<ShapeError>("TensorTrain: ", kPrefix, t, " has shape ", s,
                                 ", needs (rank in, in, out, rank out), none of them 0");
      if (s[0] != rank || (t + 1 == cores.size() && s[3] != 1))
        detail::fail<ShapeError>("TensorTrain: ", kPrefix, t, " has shape ", s,
                                 "; its rank in must be ", rank, ", that out of the last core 1");
      rank = s[3];
      d = detail::checked_product(d, s[1], name());
    }
    detail::TiedChain<Scalar> chain;
    Index a = 1;
    for (const auto& core : cores) {
      d /= core.shape()[1];
      chain.append({a, d, matrix(core)});
      a = detail::checked_product(a, core.shape()[2], name());
    }
    return chain;
  }

  static std::vector<Index> places(std::size_t count) {
    std::vector<Index> places(count);
    std::iota(places.begin(), places.end(), Index{0});
    return places;
  }

  /// visit(element of the core, that of W): W[(o, r'), (r, i)] = G[r, i, o, r'].
  template <class Visit>
  static void for_each_entry(const Shape& s, const Visit& visit) {
    const Index rank = s[0], in = s[1], out = s[2], next = s[3];
    for (Index r = 0; r < rank; ++r)
      for (Index i = 0; i < in; ++i)
        for (Index o = 0; o < out; ++o)
          for (Index to = 0; to < next; ++to)
            visit(((r * in + i) * out + o) * next + to, (o * next + to) * rank * in + r * in + i);
  }
  static Tensor<Scalar> matrix(const Tensor<Scalar>& core) {
    const Shape& s = core.shape();
    Tensor<Scalar> w({detail::checked_product(s[2], s[3], name()), s[0] * s[1]});
    for_each_entry(s, [&](Index from, Index to) { w[to] = core[from]; });
    return w;
  }
  static Tensor<Scalar> tensor(const Tensor<Scalar>& w, const Shape& shape) {
    Tensor<Scalar> core(shape);
    for_each_entry(shape, [&](Index to, Index from) { core[to] = w[from]; });
    return core;
  }
};

}  // namespace strum::inline STRUM_ABI
