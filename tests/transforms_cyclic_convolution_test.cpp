// CyclicConvolution against the sum that it computes, for every length, wrap, mode and scalar.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <vector>

#include "strum/transforms/cyclic_convolution.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"

namespace strum::test {
namespace {

using Exactly = std::complex<long double>;

struct Cut {
  Index count_x, count_k, first_y, count_y;
};

/// y[t] = Σ_τ k[τ]·x[t − τ], from the definition, of A, Aᵀ, Aᴴ or conj(A).
template <class S>
Exactly entry(const std::vector<S>& k, const std::vector<S>& x, Index n, Wrap wrap, Mode mode,
              Index t) {
  Exactly sum = 0;
  for (Index j = 0; j < static_cast<Index>(x.size()); ++j) {
    Index lag = transposes(mode) ? j - t : t - j;
    long double sign = 1;
    if (lag < 0) {
      lag += n;
      sign = wrap == Wrap::cyclic ? 1 : -1;
    }
    if (lag >= static_cast<Index>(k.size())) continue;
    const Exactly tap(k[static_cast<std::size_t>(lag)]);
    sum +=
        sign * (conjugates(mode) ? std::conj(tap) : tap) * Exactly(x[static_cast<std::size_t>(j)]);
  }
  return sum;
}

template <class S>
void expect_definition(Index n, Wrap wrap, const Cut& cut) {
  using R = Real<S>;
  const CyclicConvolution<S> convolution(n, wrap);
  const auto x = random_samples<S>(cut.count_x, 1, 3).values;
  const auto k = random_samples<S>(cut.count_k, 1, 4).values;
  std::vector<S> y(static_cast<std::size_t>(cut.count_y));
  std::vector<R> filter(static_cast<std::size_t>(convolution.spectrum_size()));
  Workspace workspace(convolution.workspace_bytes());
  convolution.transform(k.data(), cut.count_k, filter.data(), workspace);
  long double taps = 0, squares = 0;
  for (const S& tap : k) taps += std::abs(Exactly(tap));
  for (const S& value : x) squares += std::norm(Exactly(value));
  // Three transforms, of Bluestein's lengths where the length is prime.
  const long double levels = 9 * (std::log2(static_cast<long double>(n)) + 2);
  const long double bound =
      (2 * levels + 4) * std::numeric_limits<R>::epsilon() * taps * std::sqrt(squares);
  for (const Mode mode : {Mode::plain, Mode::transpose, Mode::adjoint, Mode::conjugate}) {
    std::fill(y.begin(), y.end(), S(99));
    convolution.convolve(mode, filter.data(), x.data(), cut.count_x, y.data(), cut.first_y,
                         cut.count_y, workspace);
    for (Index t = 0; t<cut.count_y; t += cut.count_y> 600 ? 127 : 1)
      ASSERT_LE(std::abs(Exactly(y[static_cast<std::size_t>(t)]) -
                         entry(k, x, n, wrap, mode, cut.first_y + t)),
                bound)
          << "length " << n << (wrap == Wrap::cyclic ? ", cyclic" : ", negacyclic") << ", mode "
          << static_cast<int>(mode) << ", output " << cut.first_y + t;
  }
}

TEST(CyclicConvolution, IsTheDefinition) {
  std::mt19937 random(5);
  const auto up_to = [&](Index most) { return 1 + static_cast<Index>(random()) % most; };
  std::vector<Index> lengths = {384, 512, 592, 1024, 7680, 8192, 12288};
  for (Index n = 1; n <= 130; ++n) lengths.push_back(n);
  for (const Index n : lengths) {
    const Index first = up_to(n) - 1;
    for (const Cut& cut : {Cut{n, n, 0, n}, Cut{up_to(n), up_to(n), first, up_to(n - first)}})
      for (const Wrap wrap : {Wrap::cyclic, Wrap::negacyclic}) {
        if (wrap == Wrap::negacyclic && n % 2 != 0) continue;
        expect_definition<float>(n, wrap, cut);
        expect_definition<double>(n, wrap, cut);
        expect_definition<std::complex<float>>(n, wrap, cut);
        expect_definition<std::complex<double>>(n, wrap, cut);
      }
    if (HasFatalFailure()) return;
  }
}

/// multiply_add() adds, and spectra are linear.
TEST(CyclicConvolution, SpectraAddUp) {
  for (const Wrap wrap : {Wrap::cyclic, Wrap::negacyclic}) {
    const CyclicConvolution<double> convolution(48, wrap);
    const auto size = static_cast<std::size_t>(convolution.spectrum_size());
    const auto a = random_samples<double>(48, 1, 1).values,
               b = random_samples<double>(48, 1, 2).values;
    std::vector<double> sa(size), sb(size), sum(size), y(48), ya(48), yb(48);
    Workspace workspace;
    convolution.transform(a.data(), 48, sa.data(), workspace);
    convolution.transform(b.data(), 48, sb.data(), workspace);
    convolution.multiply(sa.data(), sb.data(), sum.data());
    convolution.multiply_add(sb.data(), sb.data(), sum.data(), true);
    convolution.inverse(sum.data(), y.data(), 0, 48, workspace);
    convolution.convolve(Mode::plain, sa.data(), b.data(), 48, ya.data(), 0, 48, workspace);
    convolution.convolve(Mode::adjoint, sb.data(), b.data(), 48, yb.data(), 0, 48, workspace);
    for (std::size_t t = 0; t < 48; ++t) EXPECT_NEAR(y[t], ya[t] + yb[t], 1e-13);
  }
}

TEST(CyclicConvolution, GoodLengthsAreEvenAndSmooth) {
  for (Index n = 1; n < 3000; n = n * 9 / 8 + 1) {
    Index good = CyclicConvolution<float>::good_length(n);
    EXPECT_GE(good, n);
    EXPECT_LE(good, 2 * n + 2);
    EXPECT_EQ(good % 2, 0);
    for (const Index prime : {2, 3, 5})
      while (good % prime == 0) good /= prime;
    EXPECT_EQ(good, 1);
  }
}

TEST(CyclicConvolution, Refusals) {
  EXPECT_EQ(thrown<ShapeError>([] { CyclicConvolution<float>(7, Wrap::negacyclic); }),
            "CyclicConvolution: a negacyclic one of length 7, which is not even");
  EXPECT_EQ(thrown<ShapeError>([] { CyclicConvolution<float>(0); }), "FFT: a length of 0");
}

}  // namespace
}  // namespace strum::test
