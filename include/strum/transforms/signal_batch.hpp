// SignalBatch: batches of signals with channels, as convolutions take them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include "strum/core/overlap.hpp"

namespace strum::inline STRUM_ABI {

/// Signals in somebody else's memory: element t of channel h of batch entry b is
/// data[b·batch_stride + h·channel_stride + t·time_stride], as in a PyTorch tensor B x H x L. Any
/// strides will do, a part of a larger tensor (the gates beside the values of one projection) as
/// well as B x L x H; neighbouring times next to each other are what is fast. T is const for
/// signals that are only read.
template <class T>
class SignalBatch {
 public:
  using Scalar = std::remove_const_t<T>;

  SignalBatch() = default;

  /// B x H x L without gaps. Throws ShapeError if a size is negative or their product leaves the
  /// index type.
  SignalBatch(T* data, Index batch, Index channels, Index length)
      : SignalBatch(data, batch, channels, length, channels * length, length, 1) {}

  /// Any strides. Throws like the other.
  SignalBatch(T* data, Index batch, Index channels, Index length, Index batch_stride,
              Index channel_stride, Index time_stride)
      : data_(data),
        batch_(batch),
        channels_(channels),
        length_(length),
        batch_stride_(batch_stride),
        channel_stride_(channel_stride),
        time_stride_(time_stride) {
    detail::checked_product(batch, channels, length, "SignalBatch");
  }

  /// Signals that may be written may be read.
  operator SignalBatch<const T>() const requires(!std::is_const_v<T>) {
    return {data_, batch_, channels_, length_, batch_stride_, channel_stride_, time_stride_};
  }

  [[nodiscard]] T* data() const noexcept { return data_; }
  [[nodiscard]] Index batch() const noexcept { return batch_; }
  [[nodiscard]] Index channels() const noexcept { return channels_; }
  [[nodiscard]] Index length() const noexcept { return length_; }
  [[nodiscard]] Index batch_stride() const noexcept { return batch_stride_; }
  [[nodiscard]] Index channel_stride() const noexcept { return channel_stride_; }
  [[nodiscard]] Index time_stride() const noexcept { return time_stride_; }
  [[nodiscard]] Index size() const noexcept { return batch_ * channels_ * length_; }

  /// Where a signal begins.
  [[nodiscard]] T* signal(Index b, Index h) const noexcept {
    return data_ + b * batch_stride_ + h * channel_stride_;
  }
  [[nodiscard]] T& operator()(Index b, Index h, Index t) const noexcept {
    return signal(b, h)[t * time_stride_];
  }

 private:
  T* data_ = nullptr;
  Index batch_ = 0, channels_ = 0, length_ = 0;
  Index batch_stride_ = 0, channel_stride_ = 0, time_stride_ = 1;
};

namespace detail {

/// One batch entry as a matrix, channels for columns.
template <class T>
[[nodiscard]] MatrixView<T> channels_of(const SignalBatch<T>& x, Index b) {
  return {x.signal(b, 0), x.length(), x.channels(), x.time_stride(), x.channel_stride()};
}

/// Whether two batches have an element in common.
template <class R>
[[nodiscard]] bool share_element(const SignalBatch<const R>& x, const SignalBatch<const R>& y) {
  if (x.size() == 0 || y.size() == 0) return false;
  const auto merged = [](const SignalBatch<const R>& s) {
    return s.batch() == 1 || s.batch_stride() == s.channels() * s.channel_stride();
  };
  const auto all = [](const SignalBatch<const R>& s) {
    return MatrixView<const R>(s.data(), s.length(), s.batch() * s.channels(), s.time_stride(),
                               s.channel_stride());
  };
  if (merged(x) && merged(y)) return share_element(all(x), all(y));
  for (Index a = 0; a < x.batch(); ++a)
    for (Index b = 0; b < y.batch(); ++b)
      if (share_element(channels_of(x, a), channels_of(y, b))) return true;
  return false;
}

/// Whether each index in its turn, smallest stride first, steps over all that the ones before it
/// reach. Signals that are written must be so: then no two elements are one.
template <class R>
[[nodiscard]] bool nested(const SignalBatch<R>& y) {
  struct Extent {
    Index count, stride;
  };
  std::array<Extent, 3> extents = {{{y.batch(), std::abs(y.batch_stride())},
                                    {y.channels(), std::abs(y.channel_stride())},
                                    {y.length(), std::abs(y.time_stride())}}};
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.stride < b.stride; });
  Index reach = 0;
  for (const Extent& e : extents) {
    if (e.count <= 1) continue;
    if (e.stride <= reach) return false;
    reach += (e.count - 1) * e.stride;
  }
  return true;
}

/// Throws ShapeError unless `s`, which the message calls `what`, is batch x channels x length.
template <class R>
void check_signal_batch(const SignalBatch<const R>& s, Index batch, Index channels, Index length,
                        std::string_view name, std::string_view verb, std::string_view what) {
  if (s.batch() != batch || s.channels() != channels || s.length() != length)
    fail<ShapeError>(name, "::", verb, ": ", what, " is ",
                     Shape{s.batch(), s.channels(), s.length()}, ", needs ",
                     Shape{batch, channels, length}, " (batch, channels, length)");
}

/// Throws OverlapError if two elements of y are one, or one is an element of another batch; those
/// without data are none.
template <class R>
void check_overlap(const SignalBatch<R>& y, std::initializer_list<SignalBatch<const R>> others,
                   std::string_view name, std::string_view verb) {
  if (y.data() == nullptr) return;
  bool overlap = !nested(y);
  for (const SignalBatch<const R>& x : others)
    overlap = overlap || (x.data() != nullptr && share_element<R>(x, y));
  if (overlap)
    fail<OverlapError>(name, "::", verb, ": an output shares memory with an input or with itself");
}

}  // namespace detail
}  // namespace strum::inline STRUM_ABI
