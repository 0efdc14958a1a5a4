// ShortConvolution and FrequencySparseConvolution against their definitions.
#include "strum/transforms/short_convolution.hpp"

#include <complex>
#include <string>
#include <vector>

#include "convolution_reference.hpp"
#include "strum/transforms/frequency_sparse_convolution.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

template <class R>
class ConvolutionTest : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(ConvolutionTest, Scalars);

TYPED_TEST(ConvolutionTest, ShortTapsAreStoredNewestLast) {
  using R = TypeParam;
  constexpr Index kBatch = 2, kChannels = 3;
  const struct {
    Index length, taps;
  } kSizes[] = {{1, 1}, {1, 3}, {2, 15}, {33, 2}, {40, 4}, {100, 15}, {2200, 3}};
  for (const auto& [length, taps] : kSizes) {
    SCOPED_TRACE(std::to_string(taps) + " taps, length " + std::to_string(length));
    const SignalProblem<R> problem(kBatch, kChannels, length, 3);
    const auto weight = random_tensor<R>({kChannels, taps}, 1);
    const auto bias = random_tensor<R>({kChannels}, 2);
    const ShortConvolution<R> op(length, weight, bias);
    EXPECT_EQ(op.flops(), 2 * kChannels * length * taps);
    const auto entry = [&, taps = taps](Index h, Index t, Index s) -> WideReal<R> {
      return s <= t && t - s < taps ? weight(h, taps - 1 - (t - s)) : R(0);
    };
    auto y_wanted = problem.product(entry, false, problem.pre, problem.u, problem.post);
    auto dpost_wanted = problem.product(entry, false, problem.pre, problem.u, problem.dy);
    for (Index i = 0; i < problem.u.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      const WideReal<R> b = bias[i / length % kChannels];
      y_wanted[at] += b * problem.post[i];
      dpost_wanted[at] += b * problem.dy[i];
    }
    const auto du_wanted = problem.product(entry, true, problem.post, problem.dy, problem.pre);
    const double bound = signal_bound<R>(taps + 1, taps + 1);

    const ConvolutionGates<R> gates{problem.read(problem.pre), problem.read(problem.post)};
    Tensor<R> y = problem.zeros(), du = y, dpost = y;
    op.apply(problem.read(problem.u), problem.write(y), gates);
    expect_near(y, y_wanted, bound, "y");
    Parameters<R> gradients = {{"weight", Tensor<R>({kChannels, taps})},
                               {"bias", Tensor<R>({kChannels})}};
    op.backward(problem.read(problem.u), problem.read(problem.dy), gates,
                {problem.write(du), {}, problem.write(dpost), &gradients});
    expect_near(du, du_wanted, bound, "du");
    expect_near(dpost, dpost_wanted, bound, "dpost");
    for (Index h = 0; h < kChannels; ++h) {
      for (Index j = 0; j < taps; ++j)
        EXPECT_NEAR(gradients.at("weight")(h, j),
                    static_cast<double>(problem.lag_gradient(h, taps - 1 - j, 0)),
                    tap_bound<R>(kBatch, length));
      WideReal<R> sum = 0;
      for (Index b = 0; b < kBatch; ++b)
        for (Index t = 0; t < length; ++t) {
          const Index i = (b * kChannels + h) * length + t;
          sum += WideReal<R>(problem.dy[i]) * WideReal<R>(problem.post[i]);
        }
      EXPECT_NEAR(gradients.at("bias")[h], static_cast<double>(sum), tap_bound<R>(kBatch, length));
    }
  }
}

TEST(ShortConvolution, WithABiasItIsNoMatrix) {
  const ShortConvolution<float> op(4, Tensor<float>({1, 3}), Tensor<float>({1}));
  EXPECT_EQ(thrown<ValueError>([&] { (void)op.to_dense(); }),
            "ShortConvolution: with a bias it is not a matrix; apply it to SignalBatch");
  EXPECT_EQ(thrown<ShapeError>([] {
              ShortConvolution<float>(4, Tensor<float>({2, 0}));
            }),
            "ShortConvolution: weight has shape (2, 0), needs (channels, taps), taps at least 1");
}

/// Period, length, taps, bins and phases: all of them, one, at the bound of the phases.
struct SparseCase {
  Index period, length, taps, keep, phases;
};
const std::vector<SparseCase> kSparse = {
    {1, 1, 1, 1, 1},     {9, 9, 4, 5, 1},        {64, 32, 32, 33, 1},    {64, 32, 20, 8, 4},
    {96, 50, 96, 3, 16}, {128, 128, 128, 1, 64}, {256, 128, 100, 4, 32}, {512, 256, 256, 16, 0}};

/// Entry τ of the periodic filter whose spectrum is zeroed from `keep` on, by the definition.
template <class R>
std::vector<WideReal<R>> low_pass(const SparseCase& c, const Tensor<R>& filter, Index h) {
  using Complex = std::complex<long double>;
  const auto root = [&](Index t) {
    const long double angle = 2 * std::acos(-1.0L) * static_cast<long double>(t % c.period) /
                              static_cast<long double>(c.period);
    return Complex(std::cos(angle), std::sin(angle));
  };
  std::vector<Complex> bins(static_cast<std::size_t>(c.keep));
  for (Index k = 0; k < c.keep; ++k)
    for (Index t = 0; t < c.taps; ++t)
      bins[static_cast<std::size_t>(k)] +=
          static_cast<long double>(filter(h, t)) * std::conj(root(t * k));
  std::vector<WideReal<R>> taps(static_cast<std::size_t>(c.period));
  for (Index t = 0; t < c.period; ++t) {
    long double sum = 0;
    for (Index k = 0; k < c.keep; ++k) {
      const bool once = k == 0 || 2 * k == c.period;
      sum += (once ? 1 : 2) * (bins[static_cast<std::size_t>(k)] * root(t * k)).real();
    }
    taps[static_cast<std::size_t>(t)] =
        static_cast<WideReal<R>>(sum / static_cast<long double>(c.period));
  }
  return taps;
}

TYPED_TEST(ConvolutionTest, FrequencySparseIsTheFullTransformWithAZeroedSpectrum) {
  using R = TypeParam;
  constexpr Index kBatch = 2, kChannels = 2;
  for (const SparseCase& c : kSparse) {
    SCOPED_TRACE("period " + std::to_string(c.period) + ", " + std::to_string(c.keep) + " bins, " +
                 std::to_string(c.phases) + " phases");
    const SignalProblem<R> problem(kBatch, kChannels, c.length, 13);
    const auto filter = random_tensor<R>({kChannels, c.taps}, 4);
    const auto skip = random_tensor<R>({kChannels}, 5);
    const FrequencySparseConvolution<R> op(c.length, c.period, c.keep, filter, skip, c.phases);
    if (c.phases > 0) {
      EXPECT_EQ(op.phases(), c.phases);
    }
    std::vector<std::vector<WideReal<R>>> taps;
    for (Index h = 0; h < kChannels; ++h) taps.push_back(low_pass(c, filter, h));
    const auto entry = [&](Index h, Index t, Index s) {
      const Index lag = (t - s + c.period) % c.period;
      return taps[static_cast<std::size_t>(h)][static_cast<std::size_t>(lag)] +
             (t == s ? WideReal<R>(skip[h]) : 0);
    };
    const auto y_wanted = problem.product(entry, false, problem.pre, problem.u, problem.post);
    const auto du_wanted = problem.product(entry, true, problem.post, problem.dy, problem.pre);
    const double bound = signal_bound<R>(c.taps + 1, c.length);
    const ConvolutionGates<R> gates{problem.read(problem.pre), problem.read(problem.post)};
    Tensor<R> y = problem.zeros(), du = y;
    op.apply(problem.read(problem.u), problem.write(y), gates);
    expect_near(y, y_wanted, bound, "y");
    Parameters<R> gradients = {{"filter", Tensor<R>({kChannels, c.taps})},
                               {"skip", Tensor<R>({kChannels})}};
    op.backward(problem.read(problem.u), problem.read(problem.dy), gates,
                {problem.write(du), {}, {}, &gradients});
    expect_near(du, du_wanted, bound, "du");

    // y is linear in filter and skip: ⟨gradient, parameter⟩ = ⟨dy, y⟩ in every channel, and for any
    // other parameters too.
    const auto other = random_tensor<R>({kChannels, c.taps}, 6);
    const FrequencySparseConvolution<R> moved(c.length, c.period, c.keep, other, skip, c.phases);
    Tensor<R> y_moved = problem.zeros();
    moved.apply(problem.read(problem.u), problem.write(y_moved), gates);
    for (Index h = 0; h < kChannels; ++h) {
      long double difference = 0;
      for (Index t = 0; t < c.taps; ++t)
        difference += static_cast<long double>(gradients.at("filter")(h, t)) * other(h, t);
      difference += static_cast<long double>(gradients.at("skip")[h]) * skip[h];
      for (Index b = 0; b < kBatch; ++b)
        for (Index t = 0; t < c.length; ++t) {
          const Index i = (b * kChannels + h) * c.length + t;
          difference -= static_cast<long double>(problem.dy[i]) * y_moved[i];
        }
      EXPECT_LE(std::abs(difference),
                tap_bound<R>(kBatch, c.length) * static_cast<double>(c.taps + 1) +
                    bound * static_cast<double>(kBatch * c.length));
    }
  }
}

TEST(FrequencySparseConvolution, RefusesWhatDoesNotFit) {
  const auto make = [](Index length, Index period, Index keep, Index phases) {
    return thrown<Error>([&] {
      FrequencySparseConvolution<float>(length, period, keep, Tensor<float>({1, 8}), std::nullopt,
                                        phases);
    });
  };
  EXPECT_EQ(make(9, 8, 1, 0), "FrequencySparseConvolution: signals of length 9, the period is 8");
  EXPECT_EQ(make(4, 7, 1, 0), "FrequencySparseConvolution: filter has 8 taps, the period is 7");
  EXPECT_EQ(make(8, 8, 6, 0), "FrequencySparseConvolution: 6 bins of the 5 of a period of 8");
  EXPECT_EQ(make(8, 64, 9, 4), "FrequencySparseConvolution: 4 phases for 9 bins of period 64");
}

}  // namespace
}  // namespace strum::test
