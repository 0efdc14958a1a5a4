// FilterGroup: the parts of one size of a filter that a stream passes through.
#pragma once

#include <algorithm>
#include <vector>

#include "strum/core/tensor.hpp"
#include "strum/transforms/sliced_transform.hpp"
#include "strum/transforms/stream_plan.hpp"

namespace strum::inline STRUM_ABI::detail {

/// A buffer that goes round, of every channel of a stream: sample t lies at t mod size.
template <class R>
struct StreamRing {
  R* data = nullptr;
  Index size = 0;

  /// `t` may be as far back as one size before the beginning.
  [[nodiscard]] R* at(Index channel, Index t) const {
    return data + channel * size + (t + size) % size;
  }
};

/// Of every channel, for blocks of S samples and parts F_p of S taps, p < parts, from lag `offset`:
///
///     Y_m = Σ_p F_p·X_{m−p},   X_m the spectrum of blocks m − 1 and m,
///
/// whose inverse are outputs m·S + offset ... + S − 1. Once block m is complete, that is
///
///     channels · (steps of the transform + parts·leaves + steps of the inverse)
///
/// steps, done in turn over the next S samples, in S/tick turns, so that as nearly as can be every
/// turn has as many operations. Everything that a step reads and writes is where it is for good:
/// what a step computes does not depend on when.
template <class R>
class FilterGroup {
 public:
  /// Turns are `tick` samples apart.
  FilterGroup(const StreamGroup& group, const Tensor<R>& filter, Index tick)
      : group_(group),
        channels_(filter.shape()[0]),
        transform_(group.size, group.leaves),
        filters_(checked_product(channels_ * group.parts, transform_.spectrum_size(),
                                 "StreamingConvolution")) {
    Workspace workspace;
    const Index taps = filter.shape()[1];
    for (Index h = 0; h < channels_; ++h)
      for (Index p = 0; p < group.parts; ++p) {
        const Index first = group.offset + p * group.size;
        transform_.prepare(filter.data() + h * taps + first, std::min(group.size, taps - first),
                           filters_.data() + place(h, p), workspace);
      }
    schedule(group.size / tick);
  }

  [[nodiscard]] Index size() const { return group_.size; }
  /// Operations for a block of every channel.
  [[nodiscard]] Index flops() const { return channels_ * channel_flops_; }
  /// Reals that advance() keeps from call to call.
  [[nodiscard]] Index memory_size() const {
    return filters_.size() + transform_.spectrum_size() + transform_.work_size();
  }
  [[nodiscard]] std::size_t workspace_bytes() const { return transform_.workspace_bytes(); }

  /// The `turn`-th of the turns after block m >= 0, which lies in `input`, as does the block
  /// before; adds to `output`. Returns the operations done.
  Index advance(Index m, Index turn, const StreamRing<R>& input, const StreamRing<R>& output,
                R* memory, Workspace& workspace) const {
    Index flops = 0;
    for (Index i = turns_[std::size_t(turn)]; i < turns_[std::size_t(turn) + 1]; ++i)
      flops += step(i / channel_steps(), i % channel_steps(), m, input, output, memory, workspace);
    return flops;
  }

 private:
  [[nodiscard]] Index products() const { return group_.parts * group_.leaves; }
  [[nodiscard]] Index channel_steps() const { return 2 * transform_.steps() + products(); }
  /// The last step of a channel adds its outputs.
  [[nodiscard]] Index step_flops(Index i) const {
    const Index steps = transform_.steps(), back = i - steps - products();
    if (back >= 0)
      return transform_.flops(steps - 1 - back) + (back == steps - 1 ? group_.size : 0);
    return i < steps ? transform_.flops(i) : transform_.product_flops();
  }

  /// Where the spectrum of a part, or of a block, of a channel lies among all.
  [[nodiscard]] Index place(Index channel, Index part) const {
    return (channel * group_.parts + part) * transform_.spectrum_size();
  }

  /// Turn r ends with the first step at which its share of the operations, (r + 1)/turns, is done.
  void schedule(Index turns) {
    for (Index i = 0; i < channel_steps(); ++i) channel_flops_ += step_flops(i);
    turns_.push_back(0);
    Index i = 0;
    double done = 0;
    for (Index turn = 1; turn <= turns; ++turn) {
      const double share =
          static_cast<double>(flops()) * static_cast<double>(turn) / static_cast<double>(turns);
      for (; i < channels_ * channel_steps() && done < share; ++i)
        done += static_cast<double>(step_flops(i % channel_steps()));
      turns_.push_back(i);
    }
  }

  Index step(Index h, Index i, Index m, const StreamRing<R>& input, const StreamRing<R>& output,
             R* memory, Workspace& workspace) const {
    const Index steps = transform_.steps();
    R* const sum = memory + filters_.size();
    R* const work = sum + transform_.spectrum_size();
    if (i < steps) {
      transform_.forward(i, input.at(h, (m - 1) * group_.size), input.at(h, m * group_.size), work,
                         memory + place(h, m % group_.parts), workspace);
      if (i == 0) std::fill_n(sum, transform_.spectrum_size(), R(0));
    } else if (i < steps + products()) {
      // Parts inside: a leaf's sum stays in the nearest cache.
      const Index p = (i - steps) % group_.parts, leaf = (i - steps) / group_.parts;
      const Index then = (m - p + group_.parts) % group_.parts;  // zeros before the first block
      transform_.multiply_add(leaf, filters_.data() + place(h, p), memory + place(h, then), sum);
    } else {
      transform_.inverse(i - steps - products(), sum, work, workspace);
      if (i == channel_steps() - 1) {
        R* const y = output.at(h, m * group_.size + group_.offset);
        for (Index t = 0; t < group_.size; ++t) y[t] += work[group_.size + t];
      }
    }
    return step_flops(i);
  }

  StreamGroup group_;
  Index channels_, channel_flops_ = 0;
  SlicedTransform<R> transform_;
  Buffer<R> filters_;         // channels x parts spectra
  std::vector<Index> turns_;  // the first step of each, and behind the last
};

}  // namespace strum::inline STRUM_ABI::detail
