// StreamingConvolution against the definition, over pushes of all sizes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "strum/transforms/streaming_convolution.hpp"
#include "suite/random.hpp"
#include "suite/reference.hpp"
#include "thrown.hpp"

#include "allocation_count.hpp"  // behind <mm_malloc.h>, whose declarations clang wants first

namespace strum::test {
namespace {

/// Channels x samples, every channel's samples neighbours.
template <class R>
MatrixView<const R> samples(const Tensor<R>& x, Index first, Index count) {
  const Index n = x.shape()[1];
  return {x.data() + first, x.shape()[0], count, n, 1};
}
template <class R>
MatrixView<R> samples(Tensor<R>& x, Index first, Index count) {
  const Index n = x.shape()[1];
  return {x.data() + first, x.shape()[0], count, n, 1};
}

/// All of x in pushes of the sizes that next() returns.
template <class R, class Next>
Tensor<R> pushed(StreamingConvolution<R>& stream, const Tensor<R>& x, Next&& next) {
  Tensor<R> y(x.shape());
  for (Index first = 0; first < x.shape()[1];) {
    const Index count = std::min<Index>(next(), x.shape()[1] - first);
    stream.push(samples(x, first, count), samples(y, first, count));
    first += count;
  }
  return y;
}

/// Sizes 1 ... most.
struct RandomSizes {
  std::mt19937 generator;
  Index most;
  Index operator()() { return 1 + static_cast<Index>(generator()) % most; }
};

/// y = k * x against the definition, at every `step`-th output. The bound is NormwiseBound's for
/// the largest transforms, with no less than the norm of the filter, Σ|k_τ|; the head's sums of 128
/// terms keep to it too.
template <class R>
void expect_right(Index channels, Index taps, bool with_skip, Index length, Index step = 1) {
  using W = WideReal<R>;
  const auto k = random_tensor<R>({channels, taps}, 1);
  const auto skip = with_skip ? random_tensor<R>({channels}, 2) : Tensor<R>();
  const auto x = random_tensor<R>({channels, length}, 3);
  StreamingConvolution<R> stream(k, skip);
  const Tensor<R> y = pushed(stream, x, RandomSizes{std::mt19937(4), 1000});
  EXPECT_EQ(stream.position(), length);

  double largest = 128;
  for (const auto& group : detail::stream_plan(taps).groups)
    largest = static_cast<double>(group.size);
  const double levels = 3 * std::log2(2 * largest);
  for (Index h = 0; h < channels; ++h) {
    std::vector<W> filter(k.data() + h * taps, k.data() + (h + 1) * taps);
    if (with_skip) filter[0] += static_cast<W>(skip[h]);
    W norm = 0, squares = 0, worst = 0;
    for (const W tap : filter) norm += std::abs(tap);
    for (Index t = 0; t < length; ++t) squares += static_cast<W>(x(h, t)) * static_cast<W>(x(h, t));
    for (Index t = 0; t < length; t += step) {
      W sum = 0;
      for (Index tau = 0; tau < std::min(taps, t + 1); ++tau)
        sum += filter[static_cast<std::size_t>(tau)] * static_cast<W>(x(h, t - tau));
      worst = std::max(worst, std::abs(sum - static_cast<W>(y(h, t))));
    }
    EXPECT_LE(worst, static_cast<W>(2 * levels + 4) * std::numeric_limits<R>::epsilon() * norm *
                         std::sqrt(squares))
        << channels << " channels, " << taps << " taps";
  }
}

TEST(StreamingConvolution, IsTheDefinition) {
  for (const Index taps : {1, 2, 63, 64, 65, 256, 257, 1000, 5000}) {
    expect_right<float>(1, taps, true, 2000 + taps);
    expect_right<double>(3, taps, false, 2000 + taps, taps < 1000 ? 1 : 7);
  }
}

/// Long enough for transforms that are cut.
TEST(StreamingConvolution, LongFiltersAreTheDefinition) {
  const Index taps = 60000;
  EXPECT_GT(detail::stream_plan(taps).groups.back().leaves, 1);
  expect_right<double>(1, taps, true, 90000, 599);
}

TEST(StreamingConvolution, PushesDoNotChangeBits) {
  for (const auto& [channels, taps] : {std::pair<Index, Index>{1, 50}, {2, 700}, {1, 3000}}) {
    const auto k = random_tensor<float>({channels, taps}, 1);
    const auto x = random_tensor<float>({channels, 5000}, 2);
    StreamingConvolution<float> stream(k);
    const Tensor<float> whole = pushed(stream, x, [] { return Index{5000}; });
    for (const Index size : {1, 7, 64, 65, 300}) {
      stream.reset();
      EXPECT_EQ(pushed(stream, x, [&] { return size; }), whole) << size;
    }
    stream.reset();
    EXPECT_EQ(pushed(stream, x, RandomSizes{std::mt19937(3), 1000}), whole);
  }
}

TEST(StreamingConvolution, LayoutsDoNotChangeBits) {
  const auto k = random_tensor<float>({3, 300}, 1);
  const auto x = random_tensor<float>({3, 500}, 2);
  StreamingConvolution<float> stream(k);
  const Tensor<float> y = pushed(stream, x, [] { return Index{500}; });
  stream.reset();
  Tensor<float> channels_last({500, 3});
  for (Index h = 0; h < 3; ++h)
    for (Index t = 0; t < 500; ++t) channels_last(t, h) = x(h, t);
  const MatrixView<float> view(channels_last.data(), 3, 500);
  stream.push(view, view);  // in place
  for (Index h = 0; h < 3; ++h)
    for (Index t = 0; t < 500; ++t) ASSERT_EQ(channels_last(t, h), y(h, t)) << h << ", " << t;
}

/// The largest push of `size` samples, in operations per sample, over the average.
double worst_push(StreamingConvolution<float>& stream, const Tensor<float>& x, Index size) {
  stream.reset();
  Tensor<float> y(x.shape());
  double worst = 0;
  for (Index first = 0; first + size <= x.shape()[1]; first += size) {
    stream.push(samples(x, first, size), samples(y, first, size));
    worst = std::max(worst, static_cast<double>(stream.last_push_flops()));
  }
  return worst / static_cast<double>(size) / stream.flops_per_sample();
}

TEST(StreamingConvolution, NoPushDoesMuchMoreThanItsShare) {
  for (const auto& [channels, taps] :
       {std::pair<Index, Index>{1, 100}, {1, 257}, {1, 1000}, {2, 5000}, {1, 50000}}) {
    StreamingConvolution<float> stream(random_tensor<float>({channels, taps}, 1));
    const auto x = random_tensor<float>({channels, std::max<Index>(3000, 3 * taps / 2)}, 2);
    for (const Index size : {64, 65, 100, 128, 441, 1024})
      EXPECT_LE(worst_push(stream, x, size), 8) << taps << " taps, pushes of " << size;
  }
}

TEST(StreamingConvolution, CountsWhatItDoes) {
  StreamingConvolution<float> stream(random_tensor<float>({2, 5000}, 1));
  const auto x = random_tensor<float>({2, 8192}, 2);
  Tensor<float> y(x.shape());
  stream.push(samples(x, 0, 8192), samples(y, 0, 8192));
  stream.push(samples(x, 0, 8192), samples(y, 0, 8192));  // all groups at work from the start
  EXPECT_DOUBLE_EQ(static_cast<double>(stream.last_push_flops()), 8192 * stream.flops_per_sample());
}

TEST(StreamingConvolution, GoesOnFromASavedState) {
  const auto k = random_tensor<float>({2, 3000}, 1);
  const auto x = random_tensor<float>({2, 4000}, 2);
  StreamingConvolution<float> stream(k), other(k);
  Tensor<float> y(x.shape()), z(x.shape());
  stream.push(samples(x, 0, 2345), samples(y, 0, 2345));
  const StreamState<float> state = stream.state();
  StreamingConvolution<float> copy(stream);
  stream.push(samples(x, 2345, 1655), samples(y, 2345, 1655));
  other.push(samples(x, 0, 99), samples(z, 0, 99));
  other.set_state(state);
  EXPECT_EQ(other.position(), 2345);
  other.push(samples(x, 2345, 1655), samples(z, 2345, 1655));
  for (Index h = 0; h < 2; ++h)
    for (Index t = 2345; t < 4000; ++t) ASSERT_EQ(y(h, t), z(h, t)) << h << ", " << t;

  // Copies and what was moved into have memory of their own.
  StreamingConvolution<float> moved;
  moved = std::move(copy);
  EXPECT_EQ(copy.channels(), 0);  // NOLINT: moved-from is empty
  Tensor<float> w(x.shape());
  moved.push(samples(x, 2345, 1655), samples(w, 2345, 1655));
  for (Index t = 2345; t < 4000; ++t) ASSERT_EQ(y(1, t), w(1, t)) << t;
}

TEST(StreamingConvolution, AllocatesNothingInPushes) {
  for (const Index taps : {10, 1000, 5000}) {
    StreamingConvolution<float> stream(random_tensor<float>({1, taps}, 1));
    const StreamState<float> state = stream.state();
    const auto x = random_tensor<float>({1, 5000}, 2);
    Tensor<float> y(x.shape());
    const AllocationCount count;
    for (Index first = 0; first < 5000; first += 50)
      stream.push(samples(x, first, 50), samples(y, first, 50));
    stream.set_state(state);
    stream.reset();
    EXPECT_EQ(count.calls(), 0u) << taps;
  }
}

TEST(StreamingConvolution, OneSampleOfOneChannel) {
  StreamingConvolution<double> stream(Tensor<double>({1, 3}, {1, 2, 4}), Tensor<double>({1}, {8}));
  EXPECT_EQ(stream.push(1), 9);
  EXPECT_EQ(stream.push(0), 2);
  EXPECT_EQ(stream.push(10), 94);
  stream.reset();
  EXPECT_EQ(stream.push(0), 0);
}

TEST(StreamingConvolution, RefusesWhatDoesNotFit) {
  using Stream = StreamingConvolution<float>;
  EXPECT_EQ(thrown<ShapeError>([] { Stream(Tensor<float>({3})); }),
            "StreamingConvolution: filters of shape (3), not (channels, taps)");
  EXPECT_EQ(thrown<ShapeError>([] {
              Stream(Tensor<float>({3, 0}));
            }),
            "StreamingConvolution: filters of shape (3, 0), not (channels, taps)");
  EXPECT_EQ(thrown<ShapeError>([] {
              Stream(Tensor<float>({3, 4}), Tensor<float>({4}));
            }),
            "StreamingConvolution: a skip of shape (4) for 3 channels");
  Stream stream(Tensor<float>({2, 4}));
  std::vector<float> x(12), y(12);
  const auto push = [&](Index rows, Index cols, float* to) {
    stream.push(MatrixView<const float>(x.data(), 2, 3), MatrixView<float>(to, rows, cols));
  };
  EXPECT_EQ(thrown<ShapeError>([&] { push(2, 4, y.data()); }),
            "StreamingConvolution::push: x is 2 x 3 and y 2 x 4, there are 2 channels");
  EXPECT_EQ(thrown<OverlapError>([&] { push(2, 3, x.data() + 1); }),
            "StreamingConvolution::push: y (2 x 3) shares elements with x or with itself");
  EXPECT_EQ(stream.position(), 0);
  StreamState<float> state = Stream(Tensor<float>({2, 5})).state();
  EXPECT_EQ(
      thrown<ShapeError>([&] { stream.set_state(state); }),
      "StreamingConvolution::set_state: a state of 2 channels, 5 taps and 1040 values, not 2, "
      "4 and 1040");
  state = stream.state();
  state.isa = "vax";
  EXPECT_NE(thrown<ValueError>([&] { stream.set_state(state); }).find("instruction set 'vax'"),
            std::string::npos);
}

}  // namespace
}  // namespace strum::test
