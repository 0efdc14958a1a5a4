// ConvolutionPlan: which way a convolution of some shape is computed, and in which pieces.
#pragma once

#include <algorithm>
#include <string_view>

#include "strum/transforms/convolution_cost.hpp"
#include "strum/transforms/cyclic_convolution.hpp"

namespace strum::inline STRUM_ABI {

/// How a convolution is computed. `automatic`: whichever costs least for the shape.
enum class ConvolutionMethod {
  automatic,
  direct,    ///< sums of products, by the definition
  blocks,    ///< overlap-save: transforms much shorter than the signal
  transform  ///< one transform of the whole signal
};

namespace detail {

/// Lags of a filter: y[t] takes u[t − front] … u[t + back].
struct Lags {
  Index back, front;
  [[nodiscard]] Index taps() const { return back + front + 1; }
};

/// A piece of a convolution: outputs `out … out + out_count − 1` from inputs `in … in + in_count −
/// 1`, of which those before the signal's beginning and behind its end are zeros, or the signal
/// again where it is circular.
struct Segment {
  Index in, in_count, out, out_count;
};

/// Outputs of one piece of a direct convolution, so that it stays in L1 (48 KB) with its inputs.
inline constexpr Index kDirectBlock = 2048;

/// Every output of a piece is right where no index wraps: n >= outputs + back + front. A single
/// piece has zeros on both sides, and the longer of them is enough: n >= length + max(back, front).
struct ConvolutionPlan {
  Index length = 0;
  Lags lags = {0, 0};
  bool circular = false;
  Index scalar_bytes = 4;
  ConvolutionMethod method = ConvolutionMethod::direct;
  Index transform_length = 0;  ///< n, 0 if direct
  Wrap wrap = Wrap::cyclic;
  Index outputs = 0;  ///< of each piece but the last

  [[nodiscard]] Index pieces() const { return outputs == 0 ? 0 : (length + outputs - 1) / outputs; }
  [[nodiscard]] bool whole() const { return method == ConvolutionMethod::transform; }

  /// Inputs before the first output: the lags that point back in time.
  [[nodiscard]] Index lead(bool transposed) const {
    return whole() ? 0 : transposed ? lags.back : lags.front;
  }
  [[nodiscard]] Segment segment(Index piece, bool transposed) const {
    if (whole()) return {0, length, 0, length};
    const Index out = piece * outputs, count = std::min(outputs, length - out);
    const Index in = out - lead(transposed);
    Index in_count = count + lags.taps() - 1;
    // Zeros at the end need not be there: transforms extend their input with them.
    if (method == ConvolutionMethod::blocks && !circular)
      in_count = std::min(in_count, length - in);
    return {in, in_count, out, count};
  }
  [[nodiscard]] Index most_inputs() const {
    return whole() ? length : std::min(outputs, length) + lags.taps() - 1;
  }

  /// Real operations of one signal.
  [[nodiscard]] double flops() const {
    if (transform_length == 0) return direct_convolution_flops(length, lags.taps());
    return static_cast<double>(pieces()) * cyclic_convolution_flops(transform_length);
  }
  /// In operations of transforms that take as long.
  [[nodiscard]] double cost() const {
    if (transform_length == 0) return flops() / kDirectPerTransformFlop;
    return flops() * cache_factor(transform_length, scalar_bytes) +
           static_cast<double>(pieces()) * kPieceOverhead;
  }
};

/// By transforms of length n, in pieces that it is long enough for.
template <class R>
[[nodiscard]] ConvolutionPlan plan_blocks(ConvolutionPlan plan, Index n) {
  plan.method = ConvolutionMethod::blocks;
  plan.transform_length = n;
  plan.wrap = Wrap::negacyclic;
  plan.outputs = std::min(plan.length, n - plan.lags.taps() + 1);
  return plan;
}

/// The cheapest length of blocks: from the first that has as many outputs as it has others, each
/// twice as long, to the first that needs no second.
template <class R>
[[nodiscard]] ConvolutionPlan plan_best_blocks(const ConvolutionPlan& plan) {
  ConvolutionPlan best;
  for (Index at_least = std::max<Index>(16, 2 * plan.lags.taps());; at_least *= 2) {
    const ConvolutionPlan blocks =
        plan_blocks<R>(plan, CyclicConvolution<R>::good_length(at_least));
    if (best.outputs == 0 || blocks.cost() < best.cost()) best = blocks;
    if (blocks.outputs == plan.length) return best;
  }
}

template <class R>
[[nodiscard]] ConvolutionPlan plan_transform(ConvolutionPlan plan) {
  plan.method = ConvolutionMethod::transform;
  plan.outputs = plan.length;
  plan.wrap = plan.circular ? Wrap::cyclic : Wrap::negacyclic;
  plan.transform_length = plan.circular
                              ? plan.length
                              : CyclicConvolution<R>::good_length(
                                    plan.length + std::max(plan.lags.back, plan.lags.front));
  return plan;
}

[[nodiscard]] inline ConvolutionPlan plan_direct(ConvolutionPlan plan) {
  plan.method = ConvolutionMethod::direct;
  plan.outputs = std::min(plan.length, kDirectBlock);
  return plan;
}

/// The plan for signals of `length` >= 1 and these lags, by the method asked for.
template <class R>
[[nodiscard]] ConvolutionPlan make_convolution_plan(Index length, Lags lags, bool circular,
                                                    ConvolutionMethod method) {
  (void)checked_product(length, Index{16}, "convolution");
  const ConvolutionPlan shape{
      .length = length, .lags = lags, .circular = circular, .scalar_bytes = Index{sizeof(R)}};
  switch (method) {
    case ConvolutionMethod::direct:
      return plan_direct(shape);
    case ConvolutionMethod::blocks:
      return plan_best_blocks<R>(shape);
    case ConvolutionMethod::transform:
      return plan_transform<R>(shape);
    case ConvolutionMethod::automatic:
      break;
  }
  ConvolutionPlan best = plan_direct(shape);
  for (const ConvolutionPlan& other : {plan_transform<R>(shape), plan_best_blocks<R>(shape)})
    if (other.cost() < best.cost()) best = other;
  return best;
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
