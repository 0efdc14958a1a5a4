// Fft and RealFft against the definition, and what they promise of bits, memory and errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <cstdlib>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include "strum/transforms/real_fft.hpp"
#include "suite/random.hpp"
#include "thrown.hpp"
#include "transform_definitions.hpp"

#include "allocation_count.hpp"  // behind <mm_malloc.h>, whose declarations clang wants first

namespace strum::test {
namespace {

using Exactly = std::complex<long double>;

/// Every output up to this length, above it some of them.
constexpr Index kAllOutputs = 2048, kSomeOutputs = 64;
/// Primes, products of them with and without passes of their own, powers.
constexpr Index kLong[] = {257,   263,   509,   512,   961,   1000,  1021, 1155,
                           1369,  2047,  2048,  3125,  4093,  4096,  6561, 8191,
                           10007, 16384, 20014, 30030, 44100, 65521, 65536};

/// The processor is emulated.
bool small() { return std::getenv("STRUM_TEST_SMALL") != nullptr; }

std::vector<Index> lengths() {
  std::vector<Index> all;
  for (Index n = 1; n <= (small() ? 64 : 256); ++n) all.push_back(n);
  if (!small()) all.insert(all.end(), std::begin(kLong), std::end(kLong));
  return all;
}

/// Numbers that floats hold too, so that both precisions share a reference.
std::vector<std::complex<float>> signal(Index n) {
  return random_samples<std::complex<float>>(n, 1, 7).values;
}

/// Outputs to look at.
std::vector<Index> outputs(Index n) {
  std::set<Index> some;
  std::mt19937_64 random(9);
  if (n <= kAllOutputs)
    for (Index k = 0; k < n; ++k) some.insert(k);
  else
    for (Index i = 0; i < kSomeOutputs; ++i)
      some.insert(static_cast<Index>(random() % static_cast<std::uint64_t>(n)));
  return {some.begin(), some.end()};
}

/// Σ_j x[j]·e^{∓2πijk/n} of some k.
template <class X>
std::vector<Exactly> transform(const std::vector<X>& x, bool inverse,
                               const std::vector<Index>& ks) {
  const auto n = static_cast<Index>(x.size());
  const Angles angles(n);
  std::vector<Exactly> sums;
  for (const Index k : ks) {
    Exactly sum = 0;
    for (Index j = 0, turn = 0; j < n; ++j, turn = (turn + k) % n) {
      const Exactly w(angles.cos(2 * turn), (inverse ? 1 : -1) * angles.sin(2 * turn));
      const Exactly value(x[static_cast<std::size_t>(j)]);
      sum += Exactly(value.real() * w.real() - value.imag() * w.imag(),
                     value.real() * w.imag() + value.imag() * w.real());
    }
    sums.push_back(sum);
  }
  return sums;
}

template <class X>
long double norm_of(const std::vector<X>& x) {
  long double squares = 0;
  for (const X& value : x) squares += std::norm(Exactly(value));
  return std::sqrt(squares);
}

/// Butterflies of two on the way of an output: those of one transform, or of the three that
/// Bluestein's convolution takes, of up to four times the length, where a prime is large.
double levels_of(Index n) {
  const double log = std::log2(static_cast<double>(n));
  for (Index prime = 2; prime <= 31; ++prime)
    while (n % prime == 0) n /= prime;
  return n == 1 ? log + 1 : 3 * (log + 2);
}

template <class R>
long double bound(Index n, long double norm) {
  return static_cast<long double>(2 * levels_of(n) + 4) * std::numeric_limits<R>::epsilon() * norm;
}

template <class T>
MatrixView<const T> view(const std::vector<T>& x) {
  return {x.data(), static_cast<Index>(x.size()), 1};
}
template <class T>
MatrixView<T> view(std::vector<T>& x) {
  return {x.data(), static_cast<Index>(x.size()), 1};
}

/// One precision's transform both ways, its round trip and Parseval's equation.
template <class R>
void expect_complex(const std::vector<std::complex<float>>& x, const std::vector<Index>& ks,
                    const std::vector<Exactly>& forward, const std::vector<Exactly>& inverse) {
  using C = std::complex<R>;
  const auto n = static_cast<Index>(x.size());
  const Fft<R> fft(n);
  const std::vector<C> in(x.begin(), x.end());
  std::vector<C> y(in.size()), z(in.size()), back(in.size());
  fft.forward(view(in), view(y));
  fft.inverse(view(in), view(z), Norm::forward);  // unnormalised
  fft.inverse(MatrixView<const C>(view(y)), view(back));
  const long double size = norm_of(x), root = std::sqrt(static_cast<long double>(n));
  const long double most = bound<R>(n, root * size);
  for (std::size_t i = 0; i < ks.size(); ++i) {
    ASSERT_LE(std::abs(Exactly(y[static_cast<std::size_t>(ks[i])]) - forward[i]), most) << ks[i];
    ASSERT_LE(std::abs(Exactly(z[static_cast<std::size_t>(ks[i])]) - inverse[i]), most) << ks[i];
  }
  for (std::size_t j = 0; j < in.size(); ++j)
    ASSERT_LE(std::abs(Exactly(back[j]) - Exactly(in[j])), 2 * bound<R>(n, size)) << j;
  EXPECT_LE(std::abs(norm_of(y) - root * size), most);
}

TEST(Fft, IsTheDefinition) {
  for (const Index n : lengths()) {
    SCOPED_TRACE(n);
    const auto x = signal(n);
    const auto ks = outputs(n);
    const auto forward = transform(x, false, ks), inverse = transform(x, true, ks);
    expect_complex<float>(x, ks, forward, inverse);
    expect_complex<double>(x, ks, forward, inverse);
    if (HasFatalFailure()) return;
  }
}

template <class R>
void expect_real(const std::vector<float>& x, const std::vector<Index>& ks,
                 const std::vector<Exactly>& forward) {
  using C = std::complex<R>;
  const auto n = static_cast<Index>(x.size());
  const RealFft<R> fft(n);
  const std::vector<R> in(x.begin(), x.end());
  std::vector<C> y(static_cast<std::size_t>(fft.spectrum_length()));
  std::vector<R> back(in.size());
  fft.forward(view(in), view(y));
  const long double size = norm_of(x);
  for (std::size_t i = 0; i < ks.size(); ++i)
    ASSERT_LE(std::abs(Exactly(y[static_cast<std::size_t>(ks[i])]) - forward[i]),
              bound<R>(n, std::sqrt(static_cast<long double>(n)) * size))
        << ks[i];
  // What the inverse must not read.
  y.front().imag(std::numeric_limits<R>::quiet_NaN());
  if (n % 2 == 0) y.back().imag(std::numeric_limits<R>::quiet_NaN());
  fft.inverse(MatrixView<const C>(view(y)), view(back));
  for (std::size_t j = 0; j < in.size(); ++j)
    ASSERT_LE(std::abs(static_cast<long double>(back[j]) - in[j]), 2 * bound<R>(n, size)) << j;
}

TEST(RealFft, IsTheDefinition) {
  for (const Index n : lengths()) {
    SCOPED_TRACE(n);
    const auto x = random_samples<float>(n, 1, 8).values;
    auto ks = outputs(n);
    std::erase_if(ks, [&](Index k) { return k > n / 2; });
    const auto forward = transform(x, false, ks);
    expect_real<float>(x, ks, forward);
    expect_real<double>(x, ks, forward);
    if (HasFatalFailure()) return;
  }
}

TEST(Fft, Norms) {
  const auto x = signal(24);
  std::vector<std::complex<float>> y(24), back(24);
  const Fft<float> fft(24);
  for (const Norm norm : {Norm::backward, Norm::ortho, Norm::forward}) {
    fft.forward(view(x), view(y), norm);
    const long double expected = fourier_scale(norm, 24) * std::sqrt(24.0L) * norm_of(x);
    EXPECT_LE(std::abs(norm_of(y) - expected), bound<float>(24, expected));
    fft.inverse(MatrixView<const std::complex<float>>(view(y)), view(back), norm);
    for (std::size_t j = 0; j < x.size(); ++j) EXPECT_LE(std::abs(back[j] - x[j]), 1e-6F);
  }
}

/// Layouts of `count` signals of n elements: columns, rows, rows and columns with gaps.
template <class T>
std::vector<MatrixView<T>> layouts(std::vector<T>& memory, Index n, Index count) {
  memory.assign(static_cast<std::size_t>(2 * (n + 3) * (count + 5)), T(77));
  T* const p = memory.data();
  return {{p, n, count},
          {p, n, count, count, 1},
          {p + 1, n, count, 1, n + 3},
          {p + 1, n, count, count + 5, 1},
          {p, n, count, 2, 2 * n + 1}};
}

/// Every signal of every layout has the bits it has alone.
template <class X, class Y, class Run>
void expect_same_bits(Index rows_x, Index rows_y, Index count, const Run& run) {
  const auto x = random_samples<X>(rows_x, count, 5);
  std::vector<Y> alone(static_cast<std::size_t>(rows_y * count));
  const MatrixView<Y> one(alone.data(), rows_y, count);
  for (Index s = 0; s < count; ++s) run(x.view().col(s), one.col(s));
  std::vector<X> from;
  std::vector<Y> to;
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = 0; b < 5; ++b) {
      const MatrixView<X> in = layouts(from, rows_x, count)[a];
      const MatrixView<Y> out = layouts(to, rows_y, count)[b];
      for (Index s = 0; s < count; ++s)
        for (Index i = 0; i < rows_x; ++i) in(i, s) = x(i, s);
      const auto untouched = to;
      run(MatrixView<const X>(in), out);
      Index touched = 0;
      for (std::size_t i = 0; i < to.size(); ++i) touched += to[i] != untouched[i];
      EXPECT_LE(touched, rows_y * count) << "wrote between the signals";
      for (Index s = 0; s < count; ++s)
        for (Index i = 0; i < rows_y; ++i)
          ASSERT_EQ(out(i, s), one(i, s)) << "layouts " << a << b << ", " << i << ", " << s;
    }
}

TEST(Fft, ASignalHasTheSameBitsInEveryBatchAndLayout) {
  for (const Index n : {1, 2, 3, 8, 15, 16, 48, 64, 100, 128, 192, 256, 1000, 1155, 37, 2560, 4096})
    for (const Index count : {1, 2, 7, 16, 19}) {
      if (small() && n > 128) continue;
      SCOPED_TRACE(n);
      const Fft<float> f32(n);
      const Fft<double> f64(n);
      const auto run = [](const auto& fft) {
        return [&](const auto& x, const auto& y) { fft.forward(x, y); };
      };
      expect_same_bits<std::complex<float>, std::complex<float>>(n, n, count, run(f32));
      expect_same_bits<std::complex<double>, std::complex<double>>(n, n, count, run(f64));
      const RealFft<float> real(n);
      const Index half = real.spectrum_length();
      expect_same_bits<float, std::complex<float>>(n, half, count, run(real));
      expect_same_bits<std::complex<float>, float>(
          half, n, count, [&](const auto& x, const auto& y) { real.inverse(x, y); });
      if (HasFatalFailure()) return;
    }
}

TEST(Fft, InPlaceIsTheSame) {
  for (const Index n : {1, 4, 16, 60, 256, 1024, 10007})
    for (const bool rows : {false, true}) {
      const auto x = random_samples<std::complex<float>>(n, 5, 3);
      auto in = x, out = x;
      const auto laid = [&](auto& samples) {
        return rows ? MatrixView<std::complex<float>>(samples.values.data(), n, 5, 5, 1)
                    : samples.view();
      };
      const Fft<float> fft(n);
      fft.forward(MatrixView<const std::complex<float>>(laid(in)), laid(out));
      fft.forward(MatrixView<const std::complex<float>>(laid(in)), laid(in));
      EXPECT_EQ(in.values, out.values) << n;
    }
}

TEST(Fft, AllocatesNothingWithAWorkspace) {
  for (const Index n : {8, 100, 1155, 4096, 10007}) {
    const Fft<float> fft(n);
    const RealFft<float> real(n);
    const auto x = random_samples<std::complex<float>>(n, 20, 3);
    auto y = x;
    const auto u = random_samples<float>(n, 20, 3);
    Samples<std::complex<float>> v(real.spectrum_length(), 20);
    Workspace workspace(std::max(fft.workspace_bytes(20), real.workspace_bytes(20)));
    const AllocationCount count;
    fft.forward(x.view(), y.view(), Norm::ortho, workspace);
    fft.inverse({x.values.data(), n, 20, 20, 1}, {y.values.data(), n, 20, 20, 1}, Norm::ortho,
                workspace);
    fft.inverse({x.values.data(), n, 20, 20, 1}, y.view(), Norm::ortho, workspace);
    real.forward(u.view(), v.view(), Norm::backward, workspace);
    real.forward({u.values.data(), n, 20, 20, 1}, v.view(), Norm::backward, workspace);
    EXPECT_EQ(count.calls(), 0U) << n;
  }
}

TEST(Fft, ScratchIsATilesWhateverTheBatch) {
  for (const Index n : {256, 4096, 10007}) {
    EXPECT_EQ(Fft<float>(n).workspace_bytes(16), Fft<float>(n).workspace_bytes(100000));
    EXPECT_EQ(RealFft<float>(n).workspace_bytes(16), RealFft<float>(n).workspace_bytes(100000));
  }
}

TEST(Fft, Refusals) {
  EXPECT_EQ(thrown<ShapeError>([] { Fft<float>(0); }), "FFT: a length of 0");
  const Fft<float> fft(8);
  std::vector<std::complex<float>> x(9);
  EXPECT_EQ(thrown<ShapeError>([&] {
              fft.forward(MatrixView<const std::complex<float>>(x.data(), 9, 1),
                          MatrixView<std::complex<float>>(x.data(), 8, 1));
            }),
            "Fft: x is 9 x 1 and y 8 x 1, should be 8 and 8 rows of as many columns");
}

TEST(Fft, PlansAreShared) {
  EXPECT_EQ(detail::FftPlan<float>::get(96), detail::FftPlan<float>::get(96));
}

}  // namespace
}  // namespace strum::test
