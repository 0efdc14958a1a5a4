// Transforms themselves, of single signals and batches, complex and real.
#include <cmath>
#include <complex>
#include <cstdio>
#include <vector>

#include "../limits.hpp"
#include "compare.hpp"
#include "fftw.hpp"
#include "pages.hpp"
#include "strum/transforms/real_fft.hpp"

namespace bench {
namespace {

using Complex = std::complex<float>;
using fftw::Layout;
using strum::Buffer, strum::MatrixView, strum::Fft, strum::RealFft;

/// `count` reals in ±½.
Buffer<float> numbers(Index count) {
  Buffer<float> values(count);
  for (Index i = 0; i < count; ++i)
    values.data()[i] = static_cast<float>(i * 7919 % 1009) / 1009 - 0.5F;
  return values;
}

template <class T>
MatrixView<T> laid(T* p, Index n, Index batch, Layout layout) {
  return layout == Layout::columns ? MatrixView<T>(p, n, batch)
                                   : MatrixView<T>(p, n, batch, batch, 1);
}

Seconds time(Index n, Index batch, Layout layout, bool real) {
  const Buffer<float> x = numbers(2 * n * batch);
  Buffer<float> y = numbers(2 * (n + 2) * batch);
  auto* const out = reinterpret_cast<Complex*>(y.data());
  const fftw::Transforms peer(n, batch, layout, real);
  const auto run_peer = [&] { peer.run(); };
  const std::function<void()> other =
      fftw::found() ? std::function<void()>(run_peer) : std::function<void()>();
  if (real) {
    const RealFft<float> fft(n);
    const auto in = laid(static_cast<const float*>(x.data()), n, batch, layout);
    return compare([&] { fft.forward(in, laid(out, n / 2 + 1, batch, layout)); }, other);
  }
  const Fft<float> fft(n);
  const auto in = laid(reinterpret_cast<const Complex*>(x.data()), n, batch, layout);
  return compare([&] { fft.forward(in, laid(out, n, batch, layout)); }, other);
}

/// A table, and the geometric mean of its ratios.
void print_table(const char* title, Layout layout, const std::vector<Index>& lengths,
                 const std::vector<Index>& batches) {
  std::printf("\n## %s\n\n", title);
  std::printf("| transform | n | signals | us | GFLOP/s | of peak | FFTW us | ratio |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|---:|\n");
  double logs = 0, least = 1e9;
  int count = 0;
  for (const bool real : {false, true})
    for (const Index batch : batches)
      for (const Index n : lengths) {
        const Seconds seconds = time(n, batch, layout, real);
        const double each = seconds.strum / static_cast<double>(batch);
        const double peer = seconds.peer / static_cast<double>(batch);
        const double flops =
            (real ? 2.5 : 5) * static_cast<double>(n) * std::log2(static_cast<double>(n));
        const double ratio = peer / each;
        std::printf("| %s | %td | %td | %.3f | %.0f | %.2f | %.3f | %.2f |\n",
                    real ? "real" : "complex", n, batch, 1e6 * each, 1e-9 * flops / each,
                    flops / each / peak<float>(), 1e6 * peer, ratio);
        std::fflush(stdout);
        logs += std::log(ratio);
        least = std::min(least, ratio);
        ++count;
      }
  if (fftw::found())
    std::printf("\nGeometric mean of the ratios %.2f, least %.2f.\n", std::exp(logs / count),
                least);
}

}  // namespace

void print_ffts() {
  const std::vector<Index> powers = {256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
  print_table("Fourier transforms, a signal contiguous", Layout::columns, powers, {1, 128});
  print_table("Fourier transforms of row-major signals, their elements side by side", Layout::rows,
              {256, 1024, 4096, 16384}, {128});
  print_table("Fourier transforms of other lengths", Layout::columns,
              {360, 480, 1000, 1155, 1536, 3125, 3840, 5040, 10007, 44100, 48000}, {1});
}

}  // namespace bench
