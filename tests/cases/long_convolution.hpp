// Convolutions of signals: block-diagonal, a Toeplitz or circulant matrix per channel.
#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "strum/transforms/frequency_sparse_convolution.hpp"
#include "strum/transforms/long_convolution.hpp"
#include "strum/transforms/short_convolution.hpp"
#include "suite/operator_case.hpp"

namespace strum::test {

/// Entry (t, s) of every channel, from the sum of the tensors' values there (most are 0).
template <class Scalar>
DenseFactor channel_blocks(Index channels, Index length,
                           const std::function<Scalar(Index h, Index t, Index s)>& entry) {
  DenseFactor factor(channels * length, channels * length);
  for (Index h = 0; h < channels; ++h)
    for (Index t = 0; t < length; ++t)
      for (Index s = 0; s < length; ++s) factor(h * length + t, h * length + s) = entry(h, t, s);
  return factor;
}

/// 5n·log₂ n + 3n.
inline Index transform_pair_flops(Index n) {
  const auto size = static_cast<double>(n);
  return static_cast<Index>(5 * size * std::log2(size) + 3 * size);
}

/// Taps are below 1. Three transforms, of the filter, there and back.
inline NormwiseBound convolution_bound(Index taps, Index n, Index channels) {
  return {static_cast<double>(taps), 3 * std::log2(static_cast<double>(n)) + 2, channels};
}

struct LongConvolutionShape {
  ConvolutionMode mode;
  Index channels, length, taps, backward_taps;  // the last is 0 but for bidirectional ones
  bool skip;
  Index transform;  // length of one transform, or 0: direct sums
};

template <class Scalar>
OperatorCase<Scalar> long_convolution_case(const LongConvolutionShape& c) {
  const bool circular = c.mode == ConvolutionMode::circular, both = c.backward_taps > 0;
  std::vector<std::pair<std::string, Tensor<Scalar>>> weights = {
      {"filter", random_tensor<Scalar>({c.channels, c.taps}, 61)}};
  if (both)
    weights.emplace_back("backward_filter",
                         random_tensor<Scalar>({c.channels, c.backward_taps}, 62));
  if (c.skip) weights.emplace_back("skip", random_tensor<Scalar>({c.channels}, 63));

  const Tensor<Scalar>& filter = weights[0].second;
  const auto matrix = [&](bool skip_only) {
    return channel_blocks<Scalar>(c.channels, c.length, [&](Index h, Index t, Index s) -> Scalar {
      if (skip_only) return t == s ? weights.back().second[h] : Scalar(0);
      const Index lag = circular ? (t - s + c.length) % c.length : t - s;
      if (lag >= 0) return lag < c.taps ? filter(h, lag) : Scalar(0);
      return -lag <= c.backward_taps ? weights[1].second(h, -lag - 1) : Scalar(0);
    });
  };
  DenseChain chain = {matrix(false)};
  if (c.skip) {  // [C D]·[I; I]
    const Index n = c.channels * c.length;
    DenseFactor twice(2 * n, n), sum(n, 2 * n);
    for (Index i = 0; i < n; ++i) twice(i, i) = twice(n + i, i) = 1;
    sum.place(0, 0, chain[0]);
    sum.place(0, n, matrix(true));
    chain = {twice, sum};
  }

  using Op = LongConvolution<Scalar>;
  LongConvolutionOptions<Scalar> options{
      .skip = std::nullopt,
      .method = c.transform > 0 ? ConvolutionMethod::transform : ConvolutionMethod::direct};
  if (c.skip) options.skip = weights.back().second;
  const Op op = both ? Op(c.mode, c.length, filter, weights[1].second, options)
                     : Op(c.mode, c.length, filter, options);
  const Index skip = c.skip ? 1 : 0, taps = c.taps + std::min(c.backward_taps, c.length - 1);
  auto made = make_case(shape_name(static_cast<int>(c.mode), c.channels, c.length, c.taps,
                                   c.backward_taps, skip, c.transform),
                        op, std::move(chain), std::move(weights));
  made.parameter_count = c.channels * (taps + skip);
  const Index signal = c.transform > 0 ? transform_pair_flops(c.transform) : 2 * c.length * taps;
  made.flops = c.channels * (signal + 2 * skip * c.length);
  made.linear_in_parameters = !both && !c.skip;
  if (c.transform > 0) made.normwise = convolution_bound(taps + skip, c.transform, c.channels);
  return made;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> long_convolution_cases() {
  const auto make = [](ConvolutionMode mode, Index channels, Index length, Index taps,
                       Index backward_taps, bool skip, Index transform) {
    return long_convolution_case<Scalar>(
        {mode, channels, length, taps, backward_taps, skip, transform});
  };
  using enum ConvolutionMode;
  return {make(causal, 1, 1, 1, 0, false, 0),       make(causal, 3, 21, 5, 0, true, 0),
          make(circular, 1, 17, 17, 0, false, 0),   make(bidirectional, 2, 19, 4, 19, false, 0),
          make(causal, 1, 150, 150, 0, false, 320), make(causal, 2, 50, 14, 0, true, 64),
          make(circular, 2, 45, 45, 0, false, 45),  make(bidirectional, 2, 33, 9, 33, true, 128)};
}

template <class Scalar>
OperatorCase<Scalar> short_convolution_case(Index channels, Index length, Index taps) {
  const auto weight = random_tensor<Scalar>({channels, taps}, 64);
  const auto entry = [&](Index h, Index t, Index s) -> Scalar {
    return s <= t && t - s < taps ? weight(h, taps - 1 - (t - s)) : Scalar(0);
  };
  auto c = make_case<ShortConvolution<Scalar>, Scalar>(
      shape_name(channels, length, taps), ShortConvolution<Scalar>(length, weight),
      {channel_blocks<Scalar>(channels, length, entry)}, {{"weight", weight}});
  c.parameter_count = channels * taps;
  c.flops = 2 * channels * length * taps;
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> short_convolution_cases() {
  return {short_convolution_case<Scalar>(1, 2, 3), short_convolution_case<Scalar>(3, 17, 4),
          short_convolution_case<Scalar>(2, 75, 15)};
}

/// Of all bins of the period when keep is period/2 + 1: then it is the circular convolution of that
/// length, cut. Otherwise the filter's low-pass by two sums of cosines and sines.
template <class Scalar>
OperatorCase<Scalar> frequency_sparse_case(Index channels, Index length, Index period, Index keep,
                                           Index phases) {
  const auto filter = random_tensor<Scalar>({channels, period}, 65);
  const long double turn = 2 * std::acos(-1.0L) / static_cast<long double>(period);
  const auto low_pass = [&](Index lag) {  // (1/N)·Σ_{|k| < keep} e^{2πi·k·lag/N}
    long double sum = 1;
    for (Index k = 1; k < keep; ++k)
      sum +=
          (2 * k == period ? 1 : 2) * std::cos(turn * static_cast<long double>(k * lag % period));
    return sum / static_cast<long double>(period);
  };
  const auto entry = [&](Index h, Index t, Index s) -> Scalar {
    long double sum = 0;
    for (Index tau = 0; tau < period; ++tau)
      sum += filter(h, tau) * low_pass((t - s - tau + 2 * period) % period);
    return static_cast<Scalar>(sum);
  };
  auto c = make_case<FrequencySparseConvolution<Scalar>, Scalar>(
      shape_name(channels, length, period, keep, phases),
      FrequencySparseConvolution<Scalar>(length, period, keep, filter, std::nullopt, phases),
      {channel_blocks<Scalar>(channels, length, entry)}, {{"filter", filter}});
  c.parameter_count = channels * period;
  c.flops = channels * static_cast<Index>(detail::pruned_flops(period, keep, phases));
  c.normwise = convolution_bound(period, period, channels);
  return c;
}

template <class Scalar>
std::vector<OperatorCase<Scalar>> frequency_sparse_cases() {
  return {frequency_sparse_case<Scalar>(1, 9, 15, 8, 1),
          frequency_sparse_case<Scalar>(2, 20, 32, 5, 2),
          frequency_sparse_case<Scalar>(1, 60, 96, 3, 16)};
}

}  // namespace strum::test
