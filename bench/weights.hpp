// The weights of a case, the same for every library, as strum's parameters are laid out.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "case.hpp"
#include "strum/core/bfloat16.hpp"
#include "strum/core/error.hpp"
#include "strum/core/scalar.hpp"
#include "strum/core/tensor.hpp"

namespace bench {

template <class S>
using Tensors = std::vector<strum::Tensor<S>>;

/// Uniform values in (-scale, scale) from a fixed seed, none smaller than scale·2⁻²⁴, so neither
/// they nor their products are denormal. SplitMix64 (Steele, Lea, Flood 2014) because a dense
/// matrix has 16 million of them.
template <class S>
void fill_random_reals(S* values, Index count, std::uint64_t seed, double scale) {
  std::uint64_t state = seed;
  for (Index i = 0; i < count; ++i) {
    state += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    const auto integer = static_cast<std::int32_t>(static_cast<std::uint32_t>(z >> 32)) >> 8;
    values[i] = static_cast<S>((integer + 0.5) * scale * 0x1p-23);
  }
}

/// Both parts of complex ones, which are smaller by √2: their products' sums are as large.
template <class S>
void fill_random(S* values, Index count, std::uint64_t seed, double scale) {
  if constexpr (strum::kIsComplex<S>) {
    auto* const parts = reinterpret_cast<strum::Real<S>*>(values);
    return fill_random(parts, 2 * count, seed, scale * std::sqrt(0.5));
  } else {
    fill_random_reals(values, count, seed, scale);
  }
}

/// Shapes of the parameters of an m x n operator with blocks of b columns. Throws ValueError for an
/// operator that is not known.
///
///     Dense                 (m, n)
///     BlockDiagonal         (n/b, m·b/n, b)
///     LowRank               (b, n), (m, b): b is the rank
///     KroneckerSparse       one factor KS(1, b, b, n/b)
///     KroneckerSparseChain  KS(n/b, b, b, 1), KS(n/b², b, b, b), ... until every input reaches
///                           every output; the last block is what remains of n
///     Monarch               k = n/b blocks of b x b, then l = n/b blocks of b x b (l·r = k·q = n)
[[nodiscard]] inline std::vector<strum::Shape> weight_shapes(const Case& c) {
  const Index m = c.m, n = c.n, b = c.block;
  if (c.op == "Dense") return {{m, n}};
  if (c.op == "BlockDiagonal") return {{n / b, m * b / n, b}};
  if (c.op == "LowRank") return {{b, n}, {m, b}};
  if (c.op == "KroneckerSparse") return {{1, b, b, n / b}};
  if (c.op == "Monarch") return {{n / b, b, b}, {n / b, b, b}};
  if (c.op != "KroneckerSparseChain")
    strum::detail::fail<strum::ValueError>("strum_bench: no operator '", c.op, "'");
  std::vector<strum::Shape> factors;
  for (Index joined = 1; joined < n;) {
    const Index block = std::min(b, n / joined);
    factors.push_back({n / (joined * block), block, block, joined});
    joined *= block;
  }
  return factors;
}

/// Random weights, scaled so that entries of y are as large as those of x.
template <class S>
[[nodiscard]] Tensors<S> make_weights(const Case& c) {
  Tensors<S> tensors;
  for (const strum::Shape& shape : weight_shapes(c)) {
    strum::Tensor<S> tensor(shape);
    const Index fan_in = shape.size() == 4 ? shape[2] : shape.back();
    fill_random(tensor.data(), tensor.size(), tensors.size() + 1,
                std::sqrt(3.0 / static_cast<double>(fan_in)));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace bench
