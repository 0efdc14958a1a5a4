// StreamingConvolution: a long causal filter on signals that arrive piece by piece.
#pragma once

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "strum/core/isa.hpp"
#include "strum/core/overlap.hpp"
#include "strum/core/owned_size.hpp"
#include "strum/transforms/filter_group.hpp"

namespace strum::inline STRUM_ABI {

/// What a StreamingConvolution remembers of its past. To be handed to one with the same filters.
template <class R>
struct StreamState {
  Index channels = 0, taps = 0, position = 0;
  std::string isa;        // the order of the numbers in a spectrum is its own
  std::vector<R> values;  // inputs, spectra of blocks, sums of outputs to come
};

/// y_t = Σ_{τ<K} k_τ·x_{t−τ} + D·x_t in each of H channels, x_t = 0 before the first: every output
/// as soon as its input is there.
///
/// The first 128 taps are applied directly, the others in parts whose sizes grow with their lag, by
/// products of spectra with those of past blocks of that size (Gardner, Efficient Convolution
/// without Input-Output Delay, 1995; several parts per size as in García, Optimal Filter Partition
/// for Efficient Convolution with Short Input/Output Delay, 2002, chosen for the fewest
/// operations). Parts from lag 2·S on have the time of S samples for a block's work; it is
/// done in steps, some after every 128 samples. Nominal operations per sample and channel, against
/// those of overlap-save with the best length, which waits for 10·K samples:
///
///     K            500    5000    20000    96000    10⁶
///     streaming    350     536      690      868   1172
///     batch         66      84       95      108    125
///
/// Single samples take O(log² K) on average; no push of 64 samples or more takes over 7 times the
/// operations that as many samples take on average.
///
/// An output is equal to that of a batch to rounding, and has the same bits in whatever pushes its
/// inputs came: when a step runs, and on what, depends on the number of samples so far alone.
/// One thread at a time; copies are streams of their own, at the same position.
template <class R>
class StreamingConvolution {
  static_assert(std::is_floating_point_v<R>, "StreamingConvolution: signals are real");

 public:
  using Scalar = R;

  /// Without channels, as after it was moved from.
  StreamingConvolution() = default;

  /// Filters k (H, K), skip D (H) or empty: zeros. Throws ShapeError for other shapes and for
  /// filters without channels or taps.
  explicit StreamingConvolution(const Tensor<R>& k, const Tensor<R>& skip = {})
      : channels_(checked_channels(k, skip)), taps_(k.shape()[1]) {
    const detail::StreamPlan plan = detail::stream_plan(taps_);
    block_ = plan.block;
    head_ = Buffer<R>(channels_ * head_taps());
    for (Index h = 0; h < channels_; ++h) {
      R* const head = head_.data() + h * head_taps();
      std::copy_n(k.data() + h * taps_, head_taps(), head);
      if (skip.size() > 0) head[0] += skip[h];
    }
    Index largest = 0, size = 2 * block_ * channels_ + kAlignment / Index{sizeof(R)};
    std::size_t bytes = 0;
    for (const detail::StreamGroup& group : plan.groups) {
      groups_.emplace_back(group, k, block_);
      largest = group.size;
      size += groups_.back().memory_size();
      bytes = std::max(bytes, groups_.back().workspace_bytes());
    }
    input_size_ = 3 * largest;  // the two blocks of a window, and the one that is being filled
    output_size_ = 2 * largest;
    size += channels_ * (input_size_ + output_size_);
    memory_ = Buffer<R>(size);
    scratch_ = Scratch(bytes + Workspace::rounded(static_cast<std::size_t>(block_) * sizeof(R)));
    reset();
  }

  [[nodiscard]] Index channels() const { return channels_; }
  [[nodiscard]] Index taps() const { return taps_; }
  /// Samples pushed so far.
  [[nodiscard]] Index position() const { return position_; }

  /// The next n samples of every channel: x and y are channels x n, in any layout, any n. They may
  /// be the same matrix. Allocates nothing. Throws ShapeError, or OverlapError where x and y share
  /// elements in any other way.
  void push(const MatrixView<const R>& x, const MatrixView<R>& y) {
    check(x, y);
    flops_ = 0;
    for (Index first = 0; first < x.cols();) {
      const Index phase = position_ % block_;
      const Index count = std::min(x.cols() - first, block_ - phase);
      for (Index h = 0; h < channels_; ++h)
        run_head(h, phase, count, &x(h, first), x.col_stride(), &y(h, first), y.col_stride());
      first += count;
      position_ = position_ + count;
      flops_ += detail::kTapFlops * channels_ * head_taps() * count;
      if (phase + count == block_) finish_block();
    }
  }

  /// The same of Eigen matrices, maps and blocks in memory.
  template <EigenInMemory X, class Y>
  void push(const X& x, Y&& y) {
    push(MatrixView<const R>(view(x)), mutable_view(y));
  }

  /// The next sample of the only channel. Throws ShapeError if there are more.
  [[nodiscard]] R push(R x) {
    R y;
    push(MatrixView<const R>(&x, 1, 1), MatrixView<R>(&y, 1, 1));
    return y;
  }

  /// Nominal operations of the last push: 2 a direct tap, 5/2·n·log₂ n a transform of n reals, 8 a
  /// complex multiply-add.
  [[nodiscard]] Index last_push_flops() const { return flops_; }
  /// The same on average, in the long run.
  [[nodiscard]] double flops_per_sample() const {
    auto sum = static_cast<double>(detail::kTapFlops * channels_ * head_taps());
    for (const auto& group : groups_)
      sum += static_cast<double>(group.flops()) / static_cast<double>(group.size());
    return sum;
  }

  /// Forgets all samples.
  void reset() {
    std::fill_n(memory_.data(), memory_.size(), R(0));
    position_ = 0;
    flops_ = 0;
  }

  /// Everything the next outputs depend on but the filters.
  [[nodiscard]] StreamState<R> state() const {
    return {channels_, taps_, position_, active_isa(),
            std::vector<R>(memory_.data(), memory_.data() + memory_.size())};
  }
  /// Goes on where that state was saved, with the same bits. Throws ShapeError if it is of another
  /// number of channels, taps or values, ValueError if of another instruction set or position < 0.
  void set_state(const StreamState<R>& state) {
    constexpr const char* kWhere = "StreamingConvolution::set_state";
    if (state.channels != channels_ || state.taps != taps_ ||
        static_cast<Index>(state.values.size()) != memory_.size())
      detail::fail<ShapeError>(kWhere, ": a state of ", state.channels, " channels, ", state.taps,
                               " taps and ", state.values.size(), " values, not ", Index{channels_},
                               ", ", Index{taps_}, " and ", memory_.size());
    if (state.isa != active_isa())
      detail::fail<ValueError>(kWhere, ": a state of instruction set '", state.isa,
                               "', here it is ", active_isa());
    if (state.position < 0) detail::fail<ValueError>(kWhere, ": a position of ", state.position);
    std::copy_n(state.values.data(), memory_.size(), memory_.data());
    position_ = state.position;
  }

 private:
  /// Scratch of a size; a copy has its own.
  struct Scratch {
    Workspace workspace;
    std::size_t bytes = 0;
    Scratch() = default;
    explicit Scratch(std::size_t size) : workspace(size), bytes(size) {}
    Scratch(const Scratch& other) : Scratch(other.bytes) {}
    Scratch(Scratch&&) noexcept = default;
    Scratch& operator=(Scratch other) noexcept {
      workspace = std::move(other.workspace);
      bytes = other.bytes;
      return *this;
    }
    ~Scratch() = default;
  };

  static Index checked_channels(const Tensor<R>& k, const Tensor<R>& skip) {
    if (k.rank() != 2 || k.size() == 0)
      detail::fail<ShapeError>("StreamingConvolution: filters of shape ", k.shape(),
                               ", not (channels, taps)");
    if (skip.size() > 0 && (skip.rank() != 1 || skip.size() != k.shape()[0]))
      detail::fail<ShapeError>("StreamingConvolution: a skip of shape ", skip.shape(), " for ",
                               k.shape()[0], " channels");
    return k.shape()[0];
  }

  void check(const MatrixView<const R>& x, const MatrixView<R>& y) const {
    if (x.rows() != channels_ || y.rows() != channels_ || x.cols() != y.cols())
      detail::fail<ShapeError>("StreamingConvolution::push: x is ", x.rows(), " x ", x.cols(),
                               " and y ", y.rows(), " x ", y.cols(), ", there are ",
                               Index{channels_}, " channels");
    const bool same = x.data() == y.data() && x.row_stride() == y.row_stride() &&
                      x.col_stride() == y.col_stride();
    if (detail::overlaps_itself(y) || (!same && detail::share_element<R>(x, y)))
      detail::fail<OverlapError>("StreamingConvolution::push: y (", y.rows(), " x ", y.cols(),
                                 ") shares elements with x or with itself");
  }

  [[nodiscard]] Index head_taps() const { return std::min<Index>(taps_, block_); }

  // Memory: of every channel the block before and the current one; the two rings (whole blocks of
  // input; outputs to come, without the head's part); the groups'; a cache line to read into.
  [[nodiscard]] R* recent(Index h) { return memory_.data() + h * 2 * block_; }
  [[nodiscard]] detail::StreamRing<R> input() { return {recent(channels_), input_size_}; }
  [[nodiscard]] detail::StreamRing<R> output() {
    return {input().data + channels_ * input_size_, output_size_};
  }

  void run_head(Index h, Index phase, Index count, const R* x, Index x_step, R* y, Index y_step) {
    R* const now = recent(h) + block_ + phase;
    for (Index t = 0; t < count; ++t) now[t] = x[t * x_step];
    Workspace::Frame frame(scratch_.workspace);
    R* const out = y_step == 1 ? y : frame.template take<R>(count);
    kernels::signals<R>().stream_head(
        {.n = count,
         .taps = head_taps(),
         .k = head_.data() + h * head_taps(),
         .x = now,
         .later = groups_.empty() ? nullptr : output().at(h, position_),
         .y = out});
    if (y_step != 1)
      for (Index t = 0; t < count; ++t) y[t * y_step] = out[t];
  }

  /// After every block: it goes to the ring, and the groups do their share of work.
  void finish_block() {
    for (Index h = 0; h < channels_; ++h) {
      R* const older = recent(h);
      std::copy_n(older + block_, block_, older);
      if (groups_.empty()) continue;
      std::copy_n(older, block_, input().at(h, position_ - block_));
      std::fill_n(output().at(h, position_ - block_), block_, R(0));
    }
    R* memory = output().data + channels_ * output_size_;
    for (const auto& group : groups_) {
      if (position_ >= group.size())
        flops_ += group.advance(position_ / group.size() - 1, position_ % group.size() / block_,
                                input(), output(), memory, scratch_.workspace);
      memory += group.memory_size();
    }
  }

  detail::OwnedSize channels_, taps_, position_;
  Index block_ = 1;  // samples between turns
  Buffer<R> head_;   // channels x head_taps()
  std::vector<detail::FilterGroup<R>> groups_;
  Index input_size_ = 0, output_size_ = 0;
  Buffer<R> memory_;  // all that changes but position_ and flops_
  Index flops_ = 0;
  Scratch scratch_;
};

}  // namespace strum::inline STRUM_ABI
