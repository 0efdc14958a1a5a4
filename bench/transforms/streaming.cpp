// Streams: what a sample costs that comes in pushes of some size.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "../timing.hpp"
#include "pages.hpp"
#include "strum/transforms/streaming_convolution.hpp"

namespace bench {

void print_streaming() {
  using strum::Index, strum::MatrixView, strum::Tensor;
  std::printf("\n## Streaming, one channel, no latency\n\n");
  std::printf("| taps | samples a push | us a push | worst push us | samples per us |\n");
  std::printf("|---:|---:|---:|---:|---:|\n");
  for (const Index taps : {5000, 96000})
    for (const Index push : {1, 64, 512}) {
      Tensor<float> k({1, taps});
      for (Index i = 0; i < taps; ++i) k[i] = static_cast<float>(i * 7919 % 1009) / 1009 - 0.5F;
      strum::StreamingConvolution<float> stream(k);
      std::vector<float> x(static_cast<std::size_t>(push), 0.25F), y = x;
      const Index pushes = std::max(Index{1}, 4 * taps / push);
      double total = 0, worst = 0;
      for (int round = 0; round < 3; ++round) {
        double sum = 0, most = 0;
        for (Index i = 0; i < pushes; ++i) {
          const double begin = wall_seconds();
          stream.push(MatrixView<const float>(x.data(), 1, push),
                      MatrixView<float>(y.data(), 1, push));
          const double seconds = wall_seconds() - begin;
          sum += seconds;
          most = std::max(most, seconds);
        }
        // What the machine adds to a push differs from round to round, the work does not.
        total = round == 0 ? sum : std::min(total, sum);
        worst = round == 0 ? most : std::min(worst, most);
      }
      const double each = total / static_cast<double>(pushes);
      std::printf("| %td | %td | %.2f | %.1f | %.1f |\n", taps, push, 1e6 * each, 1e6 * worst,
                  1e-6 * static_cast<double>(push) / each);
      std::fflush(stdout);
    }
}

}  // namespace bench
