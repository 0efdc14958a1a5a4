// LongConvolution against its definition: modes, methods, gates, partial filters, gradients.
#include "strum/transforms/long_convolution.hpp"

#include <string>
#include <vector>

#include "allocation_count.hpp"
#include "convolution_reference.hpp"
#include "thread_pool.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Method = ConvolutionMethod;

struct Case {
  ConvolutionMode mode;
  Index length, taps, backward_taps;  // the last one of bidirectional ones
  bool skip;
};

// Odd and even, lengths of 1, filters of one tap, of the whole length and in between, more than one
// block, more than one piece of direct sums.
const std::vector<Case> kCases = {{ConvolutionMode::causal, 1, 1, 0, true},
                                  {ConvolutionMode::causal, 37, 11, 0, true},
                                  {ConvolutionMode::causal, 64, 64, 0, false},
                                  {ConvolutionMode::causal, 301, 17, 0, true},
                                  {ConvolutionMode::causal, 2100, 5, 0, false},
                                  {ConvolutionMode::circular, 1, 1, 0, false},
                                  {ConvolutionMode::circular, 45, 45, 0, true},
                                  {ConvolutionMode::circular, 96, 7, 0, false},
                                  {ConvolutionMode::circular, 301, 20, 0, true},
                                  {ConvolutionMode::bidirectional, 1, 1, 1, false},
                                  {ConvolutionMode::bidirectional, 33, 5, 33, true},
                                  {ConvolutionMode::bidirectional, 80, 80, 80, false},
                                  {ConvolutionMode::bidirectional, 290, 3, 21, true}};

template <class R>
struct Convolved {
  Case c;
  Tensor<R> filter, backward_filter, skip;
  LongConvolution<R> op;

  Convolved(const Case& shape, Index channels, Method method)
      : c(shape),
        filter(random_tensor<R>({channels, c.taps}, 5)),
        backward_filter(random_tensor<R>({channels, std::max<Index>(1, c.backward_taps)}, 6)),
        skip(random_tensor<R>({channels}, 7)) {
    LongConvolutionOptions<R> options{.skip = std::nullopt, .method = method};
    if (c.skip) options.skip = skip;
    op = c.mode == ConvolutionMode::bidirectional
             ? LongConvolution<R>(c.mode, c.length, filter, backward_filter, options)
             : LongConvolution<R>(c.mode, c.length, filter, options);
  }

  [[nodiscard]] WideReal<R> entry(Index h, Index t, Index s) const {
    WideReal<R> value = c.skip && t == s ? skip[h] : R(0);
    Index d = t - s;
    if (c.mode == ConvolutionMode::circular) d = (d + c.length) % c.length;
    if (d >= 0 && d < c.taps) value += filter(h, d);
    if (c.mode == ConvolutionMode::bidirectional && d < 0 && -d <= c.backward_taps)
      value += backward_filter(h, -d - 1);
    return value;
  }
};

std::string describe(const Case& c, Method method) {
  return "mode " + std::to_string(static_cast<int>(c.mode)) + ", length " +
         std::to_string(c.length) + ", " + std::to_string(c.taps) + " taps, method " +
         std::to_string(static_cast<int>(method));
}

constexpr Method kMethods[] = {Method::direct, Method::blocks, Method::transform,
                               Method::automatic};

template <class R>
class LongConvolutionTest : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(LongConvolutionTest, Scalars);

TYPED_TEST(LongConvolutionTest, IsItsDefinitionWithGatesAndGradients) {
  using R = TypeParam;
  constexpr Index kBatch = 3, kChannels = 2;
  for (const Case& c : kCases) {
    const SignalProblem<R> problem(kBatch, kChannels, c.length, 11);
    const Convolved<R> reference(c, kChannels, Method::direct);
    const auto entry = [&](Index h, Index t, Index s) { return reference.entry(h, t, s); };
    const auto y_wanted = problem.product(entry, false, problem.pre, problem.u, problem.post);
    const auto du_wanted = problem.product(entry, true, problem.post, problem.dy, problem.pre);
    const auto dpre_wanted = problem.product(entry, true, problem.post, problem.dy, problem.u);
    const auto dpost_wanted = problem.product(entry, false, problem.pre, problem.u, problem.dy);
    for (const Method method : kMethods) {
      SCOPED_TRACE(describe(c, method));
      const Convolved<R> s(c, kChannels, method);
      if (method != Method::automatic) {
        EXPECT_EQ(s.op.method(), method);
      }
      const double bound = signal_bound<R>(c.taps + c.backward_taps + 1, c.length);
      const auto u = problem.read(problem.u), dy = problem.read(problem.dy);
      const ConvolutionGates<R> gates{problem.read(problem.pre), problem.read(problem.post)};
      Tensor<R> y = problem.zeros(), du = y, dpre = y, dpost = y;
      s.op.apply(u, problem.write(y), gates);
      expect_near(y, y_wanted, bound, "y");

      Parameters<R> parameters;
      for (const ParameterInfo& info : s.op.parameters())
        parameters[info.name] = Tensor<R>(info.shape);
      s.op.backward(u, dy, gates,
                    {problem.write(du), problem.write(dpre), problem.write(dpost), &parameters});
      expect_near(du, du_wanted, bound, "du");
      expect_near(dpre, dpre_wanted, bound, "dpre");
      expect_near(dpost, dpost_wanted, bound, "dpost");
      const double taps_bound = tap_bound<R>(kBatch, c.length);
      const Index period = c.mode == ConvolutionMode::circular ? c.length : 0;
      for (Index h = 0; h < kChannels; ++h) {
        const auto expect = [&](R got, Index lag, const char* what) {
          EXPECT_NEAR(got, static_cast<double>(problem.lag_gradient(h, lag, period)), taps_bound)
              << what << ", lag " << lag;
        };
        for (Index d = 0; d < c.taps; ++d) expect(parameters.at("filter")(h, d), d, "filter");
        for (Index d = 1; d <= c.backward_taps; ++d)
          expect(parameters.at("backward_filter")(h, d - 1), -d, "backward_filter");
        if (c.skip) expect(parameters.at("skip")[h], 0, "skip");
      }
    }
  }
}

/// One gate or none, one gradient or the other, and signals of any strides: the same bits.
TYPED_TEST(LongConvolutionTest, HasTheSameBitsInAnyBatchLayoutAndThreads) {
  using R = TypeParam;
  constexpr Index kBatch = 4, kChannels = 3;
  for (const Case& c : {Case{ConvolutionMode::causal, 150, 9, 0, true},
                        Case{ConvolutionMode::circular, 60, 60, 0, false}})
    for (const Method method : kMethods) {
      SCOPED_TRACE(describe(c, method));
      const Convolved<R> s(c, kChannels, method);
      const SignalProblem<R> problem(kBatch, kChannels, c.length, 21);
      const auto u = problem.read(problem.u), pre = problem.read(problem.pre);
      Tensor<R> wanted = problem.zeros(), last = problem.zeros(), plain(problem.shape);
      s.op.apply(u, problem.write(wanted), {pre, {}});
      s.op.apply(u, problem.write(plain));

      // The last batch entry alone, channels innermost (B x L x H).
      Tensor<R> turned({c.length, kChannels}), turned_y({c.length, kChannels});
      for (Index t = 0; t < c.length; ++t)
        for (Index h = 0; h < kChannels; ++h) turned(t, h) = u(kBatch - 1, h, t);
      const SignalBatch<const R> one(turned.data(), 1, kChannels, c.length, 0, 1, kChannels);
      const SignalBatch<R> one_y(turned_y.data(), 1, kChannels, c.length, 0, 1, kChannels);
      const SignalBatch<const R> one_pre(pre.signal(kBatch - 1, 0), 1, kChannels, c.length);
      s.op.apply(one, one_y, {one_pre, {}});
      for (Index t = 0; t < c.length; ++t)
        for (Index h = 0; h < kChannels; ++h)
          ASSERT_EQ(turned_y(t, h), wanted(kBatch - 1, h, t)) << t << ' ' << h;

      const CutAlways cut(3, run_backwards);
      s.op.apply(u, problem.write(last), {pre, {}});
      EXPECT_EQ(last, wanted);
      const MatrixView<const R> x(problem.u.data(), kChannels * c.length, kBatch);
      s.op.apply(x, MatrixView<R>(last.data(), kChannels * c.length, kBatch));
      EXPECT_EQ(last, plain) << "the matrix on the memory of B x H x L";
    }
}

/// On more threads than channels, or without those of the parameters, gradients are computed one by
/// one; elsewhere they share transforms.
TYPED_TEST(LongConvolutionTest, GradientsDependOnNoThreadsAndOnNoOthers) {
  using R = TypeParam;
  const Convolved<R> s({ConvolutionMode::causal, 90, 30, 0, true}, 2, Method::transform);
  const SignalProblem<R> problem(3, 2, 90, 31);
  const auto u = problem.read(problem.u), dy = problem.read(problem.dy);
  const ConvolutionGates<R> gates{problem.read(problem.pre), problem.read(problem.post)};
  const auto run = [&](int threads, bool parameters) {
    const CutAlways cut(threads, run_backwards);
    Tensor<R> du = problem.zeros(), dpre = du, dpost = du;
    Parameters<R> to = {{"filter", Tensor<R>({2, 30})}, {"skip", Tensor<R>({2})}};
    s.op.backward(
        u, dy, gates,
        {problem.write(du), problem.write(dpre), problem.write(dpost), parameters ? &to : nullptr});
    std::vector<Tensor<R>> all = {du, dpre, dpost};
    if (parameters) all.insert(all.end(), {to.at("filter"), to.at("skip")});
    return all;
  };
  auto together = run(1, true);
  EXPECT_EQ(run(2, true), together);
  EXPECT_EQ(run(4, true), together);
  together.resize(3);
  EXPECT_EQ(run(1, false), together);
}

TYPED_TEST(LongConvolutionTest, AllocatesNothingWithAWorkspace) {
  using R = TypeParam;
  for (const Method method : kMethods)
    for (const int threads : {1, 3}) {
      const Convolved<R> s({ConvolutionMode::bidirectional, 200, 20, 10, true}, 3, method);
      const SignalProblem<R> problem(2, 3, 200, 41);
      const auto u = problem.read(problem.u), dy = problem.read(problem.dy);
      const ConvolutionGates<R> gates{problem.read(problem.pre), problem.read(problem.post)};
      Tensor<R> y = problem.zeros(), du = y, dpre = y, dpost = y;
      Parameters<R> parameters = {{"filter", Tensor<R>({3, 20})},
                                  {"backward_filter", Tensor<R>({3, 10})},
                                  {"skip", Tensor<R>({3})}};
      const CutAlways cut(threads, run_backwards);
      Workspace forward(s.op.workspace_bytes(2)), back(s.op.backward_workspace_bytes(2));
      const AllocationCount count;
      s.op.apply(u, problem.write(y), gates, forward);
      EXPECT_EQ(count.calls(), 0u) << "apply, method " << static_cast<int>(method);
      s.op.backward(u, dy, gates,
                    {problem.write(du), problem.write(dpre), problem.write(dpost), &parameters},
                    back);
      EXPECT_EQ(count.calls(), 0u) << "backward, method " << static_cast<int>(method);
    }
}

/// FFT size == L is circular, and the modes say which is which.
TEST(LongConvolution, CausalDoesNotWrapAndLagZeroCountsOnce) {
  constexpr Index kLength = 16;
  Tensor<double> filter({1, kLength}), ones({1, kLength}), u({1, 1, kLength}), y = u;
  for (Index t = 0; t < kLength; ++t) filter[t] = ones[t] = 1;
  u[kLength - 1] = 1;
  const auto run = [&](const LongConvolution<double>& op) {
    op.apply(SignalBatch<const double>(u.data(), 1, 1, kLength),
             SignalBatch<double>(y.data(), 1, 1, kLength));
  };
  for (const Method method : kMethods) {
    run(LongConvolution<double>(ConvolutionMode::causal, kLength, filter, {.method = method}));
    EXPECT_NEAR(y[0], 0, 1e-14);
    EXPECT_NEAR(y[kLength - 1], 1, 1e-14);
    run(LongConvolution<double>(ConvolutionMode::circular, kLength, filter, {.method = method}));
    EXPECT_NEAR(y[0], 1, 1e-14);
    run(LongConvolution<double>(ConvolutionMode::bidirectional, kLength, filter, ones,
                                {.method = method}));
    EXPECT_NEAR(y[0], 1, 1e-14);
    EXPECT_NEAR(y[kLength - 1], 1, 1e-14) << "lag 0 once";
  }
}

/// The work scales with the filter, not with the signal.
TEST(LongConvolution, ShortFiltersAreLessWork) {
  const auto flops = [](Index taps) {
    return LongConvolution<float>(ConvolutionMode::causal, 1 << 14, Tensor<float>({1, taps}))
        .flops();
  };
  EXPECT_EQ(flops(3), 2 * 3 * (1 << 14));
  EXPECT_LT(flops(8), flops(1 << 14) / 5);
  const LongConvolution<float> direct(ConvolutionMode::causal, 1 << 14, Tensor<float>({1, 3}));
  EXPECT_EQ(direct.method(), Method::direct);
  const LongConvolution<float> blocks(ConvolutionMode::causal, 1 << 20,
                                      Tensor<float>({1, 1 << 10}));
  EXPECT_EQ(blocks.method(), Method::blocks);
  const LongConvolution<float> whole(ConvolutionMode::causal, 1 << 14, Tensor<float>({1, 1 << 14}));
  EXPECT_EQ(whole.method(), Method::transform);
}

TEST(LongConvolution, RefusesWhatDoesNotFit) {
  const auto make = [](ConvolutionMode mode, Index length, Shape shape) {
    return thrown<Error>([&] { LongConvolution<float>(mode, length, Tensor<float>(shape)); });
  };
  EXPECT_EQ(make(ConvolutionMode::causal, 8, {2, 9}),
            "LongConvolution: filter has 9 taps, signals have length 8");
  EXPECT_EQ(make(ConvolutionMode::circular, 8, {2, 0}),
            "LongConvolution: filter has 0 taps, signals have length 8");
  EXPECT_EQ(make(ConvolutionMode::causal, 8, {9}),
            "LongConvolution: filter has shape (9), needs (channels, taps)");
  EXPECT_EQ(make(ConvolutionMode::bidirectional, 8, {2, 3}),
            "LongConvolution: a backward filter is what bidirectional ones have, and they alone");
  EXPECT_EQ(thrown<ShapeError>([] {
              LongConvolution<float>(ConvolutionMode::bidirectional, 8, Tensor<float>({2, 3}),
                                     Tensor<float>({3, 3}));
            }),
            "LongConvolution: backward_filter has 3 channels, filter 2");
  const LongConvolution<float> op(ConvolutionMode::causal, 8, Tensor<float>({2, 3}));
  std::vector<float> memory(64);
  float* const p = memory.data();
  const SignalBatch<float> u(p, 2, 2, 8), y(p + 32, 2, 2, 8);
  EXPECT_EQ(thrown<ShapeError>([&] { op.apply(u, SignalBatch<float>(p + 32, 2, 2, 7)); }),
            "LongConvolution::apply: y is (2, 2, 7), needs (2, 2, 8) (batch, channels, length)");
  EXPECT_EQ(thrown<ShapeError>([&] { op.apply(u, y, {.pre = SignalBatch<float>(p, 1, 2, 8)}); }),
            "LongConvolution::apply: pre is (1, 2, 8), needs (2, 2, 8) (batch, channels, length)");
  const std::string overlap =
      "LongConvolution::apply: an output shares memory with an input or with itself";
  EXPECT_EQ(thrown<OverlapError>([&] { op.apply(u, SignalBatch<float>(p + 31, 2, 2, 8)); }),
            overlap);
  EXPECT_EQ(thrown<OverlapError>([&] { op.apply(u, y, {.post = y}); }), overlap);
  EXPECT_EQ(
      thrown<OverlapError>([&] { op.apply(u, SignalBatch<float>(p + 32, 2, 2, 8, 0, 8, 1)); }),
      overlap);
  // Halves of one tensor's channels are apart.
  op.apply(SignalBatch<float>(p, 2, 2, 8, 32, 8, 1), SignalBatch<float>(p + 16, 2, 2, 8, 32, 8, 1));
  Parameters<float> wrong = {{"bias", Tensor<float>({2})}};
  EXPECT_EQ(thrown<ValueError>([&] { op.backward(u, y, {}, {.parameters = &wrong}); }),
            "LongConvolution: there is no parameter 'bias'");
  wrong = {{"filter", Tensor<float>({2, 4})}};
  EXPECT_EQ(thrown<ShapeError>([&] { op.backward(u, y, {}, {.parameters = &wrong}); }),
            "LongConvolution: filter has shape (2, 4), needs (2, 3)");
}

}  // namespace
}  // namespace strum::test
