// Circulant products, and convolutions as long as their signals, shorter, and sparse in frequency.
#include <cstdio>
#include <functional>
#include <vector>

#include "../limits.hpp"
#include "compare.hpp"
#include "fftw.hpp"
#include "pages.hpp"
#include "strum/transforms/circulant.hpp"
#include "strum/transforms/frequency_sparse_convolution.hpp"
#include "strum/transforms/long_convolution.hpp"

namespace bench {
namespace {

using strum::Buffer, strum::MatrixView, strum::Tensor, strum::ConvolutionMode;

Tensor<float> numbers(const strum::Shape& shape) {
  Tensor<float> values(shape);
  for (Index i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i * 7919 % 1009) / 1009 - 0.5F;
  return values;
}

std::function<void()> if_found(const std::function<void()>& peer) {
  return fftw::found() ? peer : std::function<void()>();
}

constexpr Index kChannels = 64, kBatch = 8;
constexpr double kSignals = kChannels * kBatch;

/// Seconds for one signal.
template <class Op>
Seconds time(const Op& op, const std::function<void(const float*, float*)>& peer) {
  const Tensor<float> x = numbers({op.cols(), kBatch});
  Tensor<float> y({op.rows(), kBatch});
  const auto seconds = compare(
      [&] {
        op.apply(MatrixView<const float>(x.data(), op.cols(), kBatch),
                 MatrixView<float>(y.data(), op.rows(), kBatch));
      },
      peer ? if_found([&] { peer(x.data(), y.data()); }) : std::function<void()>());
  return {seconds.strum / kSignals, seconds.peer / kSignals};
}

}  // namespace

void print_circulant() {
  std::printf("\n## Circulant products\n\n");
  std::printf("| n | columns | us | FFTW us | ratio |\n|---:|---:|---:|---:|---:|\n");
  for (const Index n : {1024, 4096, 16384})
    for (const Index batch : {1, 128}) {
      const Tensor<float> column = numbers({n}), x = numbers({n, batch});
      Tensor<float> y({n, batch});
      const strum::Circulant<float> op(column);
      const fftw::Convolutions peer(n, 1, n, column.data());
      const Seconds seconds = compare(
          [&] {
            op.apply(MatrixView<const float>(x.data(), n, batch),
                     MatrixView<float>(y.data(), n, batch));
          },
          if_found([&] {
            for (Index j = 0; j < batch; ++j) peer.run(0, n, x.data() + j * n, y.data() + j * n);
          }));
      const auto each = static_cast<double>(batch);
      std::printf("| %td | %td | %.2f | %.2f | %.2f |\n", n, batch, 1e6 * seconds.strum / each,
                  1e6 * seconds.peer / each, seconds.peer / seconds.strum);
      std::fflush(stdout);
    }
}

void print_convolutions() {
  std::printf(
      "\n## Causal convolutions, %td channels, batch %td, filters as long as the signals\n\n",
      kChannels, kBatch);
  std::printf("| length | us | FFTW us | ratio |\n|---:|---:|---:|---:|\n");
  for (Index n = 256; n <= 65536; n *= 2) {
    const Tensor<float> k = numbers({kChannels, n});
    const strum::LongConvolution<float> op(ConvolutionMode::causal, n, k);
    const fftw::Convolutions peer(2 * n, kChannels, n, k.data());
    const Seconds seconds = time(op, [&](const float* x, float* y) {
      for (Index b = 0; b < kBatch; ++b)
        for (Index h = 0; h < kChannels; ++h) {
          const Index at = (b * kChannels + h) * n;
          peer.run(h, n, x + at, y + at);
        }
    });
    std::printf("| %td | %.2f | %.2f | %.2f |\n", n, 1e6 * seconds.strum, 1e6 * seconds.peer,
                seconds.peer / seconds.strum);
    std::fflush(stdout);
  }
}

void print_sparse_convolutions() {
  std::printf("\n## Less of the same: shorter filters, fewer frequencies\n\n");
  std::printf(
      "Work is counted operations, flops(), beside those of the whole convolution; `saved` is the "
      "part of the skipped work by which the time is shorter.\n\n");
  std::printf("| convolution | length | kept | us | time | work | saved |\n");
  std::printf("|---|---:|---:|---:|---:|---:|---:|\n");
  const auto print = [](const char* what, Index n, Index part, double us, double time,
                        double work) {
    std::printf("| %s | %td | 1/%td | %.2f | %.2f | %.2f | %.0f %% |\n", what, n, part, us, time,
                work, 100 * (1 - time) / (1 - work));
    std::fflush(stdout);
  };
  for (const Index n : {4096, 16384}) {
    const strum::LongConvolution<float> whole(ConvolutionMode::causal, n, numbers({kChannels, n}));
    const double seconds = time(whole, {}).strum;
    for (const Index part : {2, 4, 8, 16, 64}) {
      const strum::LongConvolution<float> op(ConvolutionMode::causal, n,
                                             numbers({kChannels, n / part}));
      const double its = time(op, {}).strum;
      print("partial", n, part, 1e6 * its, its / seconds,
            static_cast<double>(op.flops()) / static_cast<double>(whole.flops()));
    }
    const Tensor<float> k = numbers({kChannels, n});
    const strum::FrequencySparseConvolution<float> all(n, 2 * n, n + 1, k);
    const double all_seconds = time(all, {}).strum;
    for (const Index part : {8, 64, 256}) {
      const strum::FrequencySparseConvolution<float> op(n, 2 * n, n / part, k);
      const double its = time(op, {}).strum;
      print("frequency-sparse", n, part, 1e6 * its, its / all_seconds,
            static_cast<double>(op.flops()) / static_cast<double>(all.flops()));
    }
  }
}

}  // namespace bench
