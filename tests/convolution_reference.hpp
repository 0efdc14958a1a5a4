// Convolutions of signals by their definition in a wider type, with their gradients, and the bounds
// that hold for what computes them.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "strum/transforms/signal_batch.hpp"
#include "suite/random.hpp"
#include "suite/reference.hpp"

namespace strum::test {

/// y = post ⊙ A·(pre ⊙ u), A[t, s] of channel h = entry(h, t, s), on random signals.
template <class R>
struct SignalProblem {
  using Number = WideReal<R>;
  using Entry = std::function<Number(Index h, Index t, Index s)>;

  SignalProblem(Index batch, Index channels, Index length, std::uint32_t seed)
      : shape{batch, channels, length},
        u(random_tensor<R>(shape, seed)),
        pre(random_tensor<R>(shape, seed + 1)),
        post(random_tensor<R>(shape, seed + 2)),
        dy(random_tensor<R>(shape, seed + 3)) {}

  [[nodiscard]] SignalBatch<const R> read(const Tensor<R>& t) const {
    return {t.data(), shape[0], shape[1], shape[2]};
  }
  [[nodiscard]] SignalBatch<R> write(Tensor<R>& t) const {
    return {t.data(), shape[0], shape[1], shape[2]};
  }
  [[nodiscard]] Tensor<R> zeros() const { return Tensor<R>(shape); }

  /// out ⊙ A·(in ⊙ x), or with Aᵀ.
  [[nodiscard]] std::vector<Number> product(const Entry& entry, bool transposed,
                                            const Tensor<R>& in, const Tensor<R>& x,
                                            const Tensor<R>& out) const {
    std::vector<Number> y(static_cast<std::size_t>(x.size()));
    for (Index i = 0; i < x.size(); ++i) {
      const Index t = i % shape[2], h = i / shape[2] % shape[1], first = i - t;
      Number sum = 0;
      for (Index s = 0; s < shape[2]; ++s)
        sum += (transposed ? entry(h, s, t) : entry(h, t, s)) * Number(in[first + s]) *
               Number(x[first + s]);
      y[static_cast<std::size_t>(i)] = sum * Number(out[i]);
    }
    return y;
  }

  /// Σ_b Σ_t g[t]·v[t − d] with g = post ⊙ dy and v = pre ⊙ u, times modulo `period` if that is not
  /// 0: the gradient of the filter's lag d.
  [[nodiscard]] Number lag_gradient(Index h, Index d, Index period) const {
    Number sum = 0;
    for (Index b = 0; b < shape[0]; ++b)
      for (Index t = 0; t < shape[2]; ++t) {
        Index s = t - d;
        if (period > 0) s = (s % period + period) % period;
        if (s < 0 || s >= shape[2]) continue;
        const Index first = (b * shape[1] + h) * shape[2];
        sum += Number(post[first + t]) * Number(dy[first + t]) * Number(pre[first + s]) *
               Number(u[first + s]);
      }
    return sum;
  }

  Shape shape;
  Tensor<R> u, pre, post, dy;
};

template <class R>
void expect_near(const Tensor<R>& got, const std::vector<WideReal<R>>& wanted, double bound,
                 const char* what) {
  ASSERT_EQ(got.size(), static_cast<Index>(wanted.size())) << what;
  for (Index i = 0; i < got.size(); ++i)
    ASSERT_LE(std::abs(static_cast<double>(got[i] - wanted[static_cast<std::size_t>(i)])), bound)
        << what << '[' << i << "] is " << got[i] << ", should be "
        << wanted[static_cast<std::size_t>(i)];
}

/// What holds every output of a convolution whose filters have this many taps below 1, by sums or
/// by transforms of signals of a length, gates and signals below 1: c·eps·‖k‖₁·‖u‖₂.
template <class R>
double signal_bound(Index taps, Index length) {
  const auto k = static_cast<double>(taps), n = static_cast<double>(length);
  const double roundings = std::max(k + 6, 6 * std::log2(4 * n) + 8);
  return roundings * std::numeric_limits<R>::epsilon() * k * std::sqrt(n);
}

/// The same of a gradient of taps: sums over batch and time.
template <class R>
double tap_bound(Index batch, Index length) {
  const auto n = static_cast<double>(batch * length);
  const double roundings = std::max(n + 6, 6 * std::log2(4 * n) + 8);
  return roundings * std::numeric_limits<R>::epsilon() * n;
}

}  // namespace strum::test
